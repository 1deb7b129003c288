"""What a desk does, in the same transaction, when a duty about one of its objects enters a state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from tminus.platform.models import Duty
from tminus.platform.registry import Context

Hook = Callable[[Context, Duty], None]

_HOOKS: dict[tuple[str, str], list[Hook]] = defaultdict(list)


def on(state: str, about_type: str) -> Callable[[Hook], Hook]:
    """Call the decorated function whenever a duty about ``about_type`` (``planning.task``) enters ``state``.

    An exception in it undoes the whole act.
    """

    def keep(hook: Hook) -> Hook:
        _HOOKS[str(state), about_type].append(hook)
        return hook

    return keep


def entered(ctx: Context, duty: Duty) -> None:
    """Tell the desk concerned that ``duty`` has entered its present state."""
    for hook in _HOOKS.get((str(duty.state), duty.about_type), []):
        hook(ctx, duty)
