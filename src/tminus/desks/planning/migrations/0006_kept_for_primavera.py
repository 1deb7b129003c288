"""What a file of Primavera's says and the plan had no place for: roles of activities, suspensions, scheduling options."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tminus.platform.local_datetime


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0005_likelihood_and_resources")]

    operations: ClassVar = [
        migrations.AddField("task", "role", models.CharField(default="plain", max_length=20)),
        migrations.AddField(
            "task", "suspended_at", tminus.platform.local_datetime.LocalDateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "task", "resumed_at", tminus.platform.local_datetime.LocalDateTimeField(blank=True, null=True)
        ),
        migrations.CreateModel(
            name="SchedulingOptions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lag_calendar", models.CharField(default="successor", max_length=12)),
                ("logic", models.JSONField(null=True)),
                ("start", tminus.platform.local_datetime.LocalDateTimeField(null=True)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scheduling_options",
                        to="platform.event",
                    ),
                ),
            ],
            options={"verbose_name": "scheduling options"},
        ),
    ]
