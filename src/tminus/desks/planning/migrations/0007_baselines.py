"""Baselines that plan files bring, with the dates of each task."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tminus.platform.local_datetime


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("planning", "0006_kept_for_primavera"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Baseline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(blank=True, max_length=255)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="baselines", to="platform.event"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "baseline",
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("event", "number"), name="baseline_number_once")],
            },
        ),
        migrations.CreateModel(
            name="BaselineTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("start", tminus.platform.local_datetime.LocalDateTimeField(null=True)),
                ("finish", tminus.platform.local_datetime.LocalDateTimeField(null=True)),
                (
                    "baseline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="planning.baseline"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("baseline", "key"), name="baseline_key_once")],
            },
        ),
    ]
