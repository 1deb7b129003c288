"""Parts of a recommendation in words: what each was planned to come to, and what it came to when it was walked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "gates": gettext_lazy("lanes at the gates"),
    "headways": gettext_lazy("more trains or buses"),
    "shuttles": gettext_lazy("shuttle buses"),
    "advice": gettext_lazy("advice to the people"),
    "release": gettext_lazy("halls let people out slower"),
    "inflow": gettext_lazy("fewer let into a station"),
    "one_way": gettext_lazy("one-way"),
}
MEASURES = {
    "mean_wait_min": gettext_lazy("mean wait at the gates"),
    "mean_lost_min": gettext_lazy("time a person loses, on the mean"),
    "persons": gettext_lazy("persons carried"),
    "left_behind": gettext_lazy("left behind by vehicles"),
    "person_minutes_e_f": gettext_lazy("person-minutes at level E or F"),
}


def parts_said(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each part for a page; ``kept``: it paid and is among the measures."""
    return [
        {
            "what": KINDS.get(one["kind"], one["kind"]), "kept": bool(one["measures"]),
            "measure": MEASURES.get(one["measure"], one["measure"]),
            "planned": _figure(one["measure"], one["planned"]), "simulated": _figure(one["measure"], one["simulated"]),
            "bound": _figure(one["measure"], one["bound"]), "binds": one["binds"], "seconds": f"{one['seconds']:.1f}",
            "gap": "—" if one["gap"] is None else f"{100 * one['gap']:.1f} %", "changed": list(one["changed"]),
        }
        for one in parts
    ]  # fmt: skip


def _figure(measure: str, value: float | None) -> str:
    if value is None:
        return "—"
    if measure.endswith("_min"):
        return _("%(n)s min") % {"n": f"{value:.1f}"}
    return f"{round(value):,}"
