"""A person's open duties as a calendar to subscribe to, under a secret address."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import override
from icalendar import Calendar, Todo
from icalendar import Event as Appointment

from tminus.platform.duties.queries import OPEN
from tminus.platform.models import CalendarToken, Duty, RecordLine


def feed(token: CalendarToken, base_url: str) -> bytes:
    """iCalendar (RFC 5545): each duty with a date as a to-do and, for calendars without to-dos, as an appointment."""
    event, person = token.event, token.person
    calendar = Calendar()
    calendar.add("prodid", "-//tminus//duties//EN")
    calendar.add("version", "2.0")
    with override(person.language):
        calendar.add("x-wr-calname", f"{event.name} · {person.name}")
        duties = Duty.objects.filter(event=event, holder=person, state__in=OPEN, due_at__isnull=False)
        for duty in duties.select_related("unit"):
            for component in _components(duty, base_url):
                calendar.add_component(component)
    return bytes(calendar.to_ical())


def _components(duty: Duty, base_url: str) -> list[Todo | Appointment]:
    due = duty.due_at
    if due is None:
        return []
    # A calendar takes a changed date only with a higher sequence: each line of the record makes it one higher.
    sequence = RecordLine.objects.filter(
        event=duty.event_id, object_type="platform.duty", object_id=str(duty.pk)
    ).count()
    todo, appointment = Todo(), Appointment()
    for kind, component in (("todo", todo), ("due", appointment)):
        component.add("uid", f"duty-{duty.pk}-{kind}@{duty.event.slug}.tminus")
        component.add("sequence", sequence)
        component.add("dtstamp", duty.assigned_at)
        component.add("summary", f"{duty.title} ({duty.event.t(due)})")
        component.add("url", f"{base_url.rstrip('/')}/e/{duty.event.slug}/duties/{duty.pk}/")
        if duty.unit:
            component.add("description", duty.unit.name)
    todo.add("due", due)
    appointment.add("dtstart", due - timedelta(minutes=30))
    appointment.add("dtend", due)
    return [todo, appointment]
