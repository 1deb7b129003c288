"""Tell a person something, in the transaction of the act that caused it."""

from __future__ import annotations

from collections.abc import Mapping

from tminus.platform.models import Notice, Person
from tminus.platform.notices.sentences import SENTENCES
from tminus.platform.registry import Context


def tell(
    ctx: Context, person: Person, code: str, values: Mapping[str, str], *, url: str = "", urgent: bool = False
) -> Notice:
    """One notice; it exists exactly when the act is committed.

    :param code: one of :data:`SENTENCES`, so that it can be said in either language.
    :param values: what the sentence is filled with; ``x_en``/``x_zh`` fill ``%(x)s`` by language.
    :raises KeyError: a code without a sentence.
    """
    if code not in SENTENCES:
        raise KeyError(f"no sentence for notices of code {code!r}")
    return Notice.objects.create(
        event=ctx.the_event, person=person, at=ctx.now, code=code, values=dict(values), url=url, urgent=urgent
    )
