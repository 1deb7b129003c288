"""A time on the wall of the event: naive, in the event's zone, as plans and their files have it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _


class LocalDateTimeField(models.Field[Any, Any]):
    """A naive :class:`datetime`; PostgreSQL ``timestamp``, SQLite ISO text (which sorts and compares as time)."""

    description = _("event-local date and time")

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "timestamp without time zone" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: object, connection: object) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> datetime | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise ValidationError(_("%(value)s is not a date and time"), params={"value": value}) from None
        if not isinstance(value, datetime):
            return datetime.combine(value, time.min) if isinstance(value, date) else None
        if value.tzinfo is not None:
            raise ValidationError(_("%(value)s names a zone; event-local time has none"), params={"value": value})
        return value

    def get_prep_value(self, value: Any) -> datetime | None:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        if value is None or connection.vendor == "postgresql":
            return value
        return value.isoformat(" ", "seconds")

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else value.isoformat(" ", "seconds")


def ends(at: datetime | None) -> date | datetime | None:
    """An instant by which something must end, as people say it: midnight belongs to the day before it."""
    if at is None or at.time() != time.min:
        return at
    return at.date() - timedelta(days=1)
