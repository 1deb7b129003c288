"""What a plan file says and a task had no place for: further constraints, placed by hand, inactive, WBS, pauses …"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0003_frozen_checkpoints")]

    operations: ClassVar = [
        migrations.AddField("task", "further_constraints", models.JSONField(blank=True, default=list)),
        migrations.AddField("task", "manual", models.BooleanField(default=False)),
        migrations.AddField("task", "active", models.BooleanField(default=True)),
        migrations.AddField(
            "task", "wbs", models.CharField(blank=True, default="", max_length=255), preserve_default=False
        ),
        migrations.AddField("task", "pause_min", models.PositiveIntegerField(default=0)),
        migrations.AddField("task", "levelled_min", models.IntegerField(default=0)),
        migrations.AddField("task", "levelled_elapsed", models.BooleanField(default=False)),
        migrations.AddField("tasklink", "lag_percent", models.FloatField(blank=True, null=True)),
    ]
