"""Files have a number of their taking, and counters whether their keeper vouched for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def number(apps: Any, schema_editor: Any) -> None:
    """Those taken already, in the order that counted until now."""
    rows = apps.get_model("passengers", "ForecastFile").objects
    last: dict[int, int] = {}
    for row in rows.filter(taken_at__isnull=False).order_by("taken_at", "id"):
        last[row.event_id] = row.taken_number = last.get(row.event_id, 0) + 1
        row.save(update_fields=["taken_number"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passengers", "0005_published_measures")]

    operations: ClassVar = [
        migrations.AddField("counter", "believed", models.BooleanField(default=False)),
        migrations.AddField("forecastfile", "taken_number", models.PositiveIntegerField(default=0)),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
