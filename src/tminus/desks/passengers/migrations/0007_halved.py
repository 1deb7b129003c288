"""Counters have times at which their readings count half."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passengers", "0006_taken_and_believed")]

    operations: ClassVar = [migrations.AddField("counter", "halved", models.JSONField(default=list))]
