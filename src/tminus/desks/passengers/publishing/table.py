"""Published measures as rows of a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tminus.desks.passengers.element_names import ElementNames
from tminus.desks.passengers.measure_words import measure_words
from tminus.desks.passengers.models import PublishedMeasure
from tminus.desks.passengers.publishing.plan import measures_of
from tminus.formats.book_writer import Value
from tminus.formats.event_folder.day_scenarios import clock_of


def table_heads() -> list[str]:
    return [_("No."), _("From"), _("To"), _("What"), _("Unit"), _("Answers for it"), _("State"), _("Due")]


def table_row(row: PublishedMeasure, names: ElementNames) -> list[Value]:
    """Of one measure; times as ``HH:MM`` of the service day, beyond 24 after midnight."""
    measure, duty = measures_of([row.what], row.day)[0], row.duty
    due = duty.due_at.astimezone(row.event.zone).replace(tzinfo=None) if duty and duty.due_at else None
    return [
        row.number, clock_of(measure.from_min), clock_of(measure.to_min), measure_words(measure, names, when=False),
        row.unit.name if row.unit else "", duty.holder.name if duty and duty.holder else "",
        str(duty.get_state_display()) if duty else "", due,
    ]  # fmt: skip
