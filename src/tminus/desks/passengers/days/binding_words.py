"""What holds a part of a recommendation back, in the reader's language and with the names of places.

Plans tell it in one English sentence, for the command line and as walks keep it; each kind of sentence is known here
by its form. A sentence of no known form is told as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from tminus.desks.passengers.element_names import ElementNames

Said = Callable[[re.Match[str], ElementNames], str]


def binding_words(sentence: str, names: ElementNames) -> str:
    """``binds`` of a plan part; several parted by commas are told one by one."""
    whole = _told(sentence, names)
    if whole is not None:
        return whole
    return _(", ").join(_told(one, names) or one for one in sentence.split(", "))


def _told(sentence: str, names: ElementNames) -> str | None:
    for form, said in FORMS.items():
        if found := re.fullmatch(form, sentence):
            return said(found, names)
    return None


def _lanes(found: re.Match[str], names: ElementNames) -> str:
    return _("lanes of %(gate)s (%(n)s)") % {"gate": names.node(found["gate"]), "n": found["n"]}


def _spared(found: re.Match[str], names: ElementNames) -> str:
    return _("nobody sent to %(gate)s") % {"gate": names.node(found["gate"])}


def _crowded_way(found: re.Match[str], names: ElementNames) -> str:
    return _("%(n)s person-minutes in the crush on %(way)s before") % {
        "n": _thousands(found["n"]), "way": names.way(found["way"])
    }  # fmt: skip


def _crowded(found: re.Match[str], names: ElementNames) -> str:
    return _("%(n)s person-minutes in the crush before") % {"n": _thousands(found["n"])}


def _buses(found: re.Match[str], names: ElementNames) -> str:
    return _("%(n)s buses of %(fleet)s, a bus every %(s)s s at a stand") % found.groupdict()


def _told_to(found: re.Match[str], names: ElementNames) -> str:
    return _("%(share)s %% told instead of %(usual)s %%") % found.groupdict()


def _released(found: re.Match[str], names: ElementNames) -> str:
    return _("%(n)s %% of those who would leave in the busiest quarter of an hour") % found.groupdict()


def _thousands(figure: str) -> str:
    return f"{float(figure):,.0f}"


FORMS: dict[str, Said] = {
    r"nothing": lambda found, names: _("nothing"),
    r"staff": lambda found, names: _("staff"),
    r"lanes of gate '(?P<gate>[^']+)' \((?P<n>\d+)\)": _lanes,
    r"nobody sent to '(?P<gate>[^']+)'": _spared,
    r"(?P<n>[\d.]+) on '(?P<way>[^']+)' before": _crowded_way,
    r"(?P<n>[\d.]+) before": _crowded,
    r"trains there are: a quarter more than run at the densest": (
        lambda found, names: _("trains there are: a quarter more than run at the densest")
    ),
    r"(?P<n>\d+) buses of (?P<fleet>\d+), a bus every (?P<s>[\d.]+) s at a stand": _buses,
    r"(?P<share>[\d.]+) per cent instead of (?P<usual>[\d.]+)": _told_to,
    r"what trains take": lambda found, names: _("what trains take"),
    r"(?P<n>\d+) per cent of those who would leave in the busiest quarter of an hour": _released,
}
"""Form of the sentence → what is said of it."""
