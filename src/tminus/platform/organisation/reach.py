"""Who may shape the organisation: headquarters all of it, the head of a subtree what lies below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tminus.platform.access import NotAllowed
from tminus.platform.models import Reach, Unit
from tminus.platform.registry import Context

WIDE = frozenset({Reach.EVENT, Reach.LEADERSHIP})


def require_organiser(ctx: Context, unit: Unit | None, *, below: bool = False, reach: str = "") -> None:
    """Whether the person may change posts in ``unit`` (``below``: the unit itself, which one's superior shapes).

    Nobody gives a reach wider than a subtree but headquarters: a head cannot make themselves headquarters.

    :raises NotAllowed: their posts do not reach this far.
    """
    ctx.checked = True
    if ctx.scope.acts_everywhere:
        return
    reached = unit is not None and any(
        unit.path.startswith(path) and not (below and unit.path == path) for path in ctx.scope.subtree_paths
    )
    if not reached or reach in WIDE:
        raise NotAllowed(
            _("%(code)s: only headquarters or a superior unit's head shapes this part of the organisation")
            % {"code": ctx.code}
        )
