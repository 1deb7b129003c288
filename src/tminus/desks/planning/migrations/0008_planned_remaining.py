"""What is planned to remain of work that has begun, until a report says what is left."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0007_baselines")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PlannedRemaining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "duty",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="planned_remaining",
                        to="platform.duty",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_remaining",
                        to="planning.task",
                    ),
                ),
            ],
            options={"verbose_name": "planned remaining duration"},
        ),
    ]
