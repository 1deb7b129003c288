"""A published row keeps the task's ID, names and unit itself: baselines outlive the tasks they were made of."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copy_from_tasks(apps: Any, schema_editor: Any) -> None:
    task = apps.get_model("planning", "Task").objects.filter(pk=OuterRef("task_id"))
    kept = ("key", "kind", "name_en", "name_zh", "unit_id")
    values = {name: Subquery(task.values(name)[:1]) for name in kept}
    apps.get_model("planning", "PublishedTask").objects.update(**values)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0001_initial"), ("platform", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            "publishedtask", "key", models.CharField(max_length=80, default=""), preserve_default=False
        ),
        migrations.AddField(
            "publishedtask",
            "kind",
            models.CharField(
                choices=[("task", "task"), ("milestone", "milestone"), ("summary", "summary")],
                default="task",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "publishedtask",
            "name_en",
            models.CharField(default="", max_length=300, verbose_name="name (English)"),
            preserve_default=False,
        ),
        migrations.AddField(
            "publishedtask",
            "name_zh",
            models.CharField(blank=True, default="", max_length=300, verbose_name="name (Chinese)"),
            preserve_default=False,
        ),
        migrations.AddField(
            "publishedtask",
            "unit",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="platform.unit"
            ),
        ),
        migrations.RunPython(copy_from_tasks, migrations.RunPython.noop),
        migrations.RemoveConstraint("publishedtask", "published_once"),
        migrations.RemoveField("publishedtask", "task"),
        migrations.AddConstraint(
            "publishedtask", models.UniqueConstraint(fields=("publication", "key"), name="published_key_once")
        ),
        migrations.AlterModelOptions("publishedtask", options={"ordering": ["id"]}),
    ]
