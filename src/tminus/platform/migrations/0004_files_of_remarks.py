"""A remark may come with a file."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("platform", "0003_post_place")]

    operations: ClassVar = [
        migrations.AddField(
            "comment", "file", models.FileField(blank=True, default="", upload_to="evidence/%Y/%m/"), False
        ),
        migrations.AddField("comment", "file_name", models.CharField(blank=True, default="", max_length=255), False),
        migrations.AddField("comment", "sha256", models.CharField(blank=True, default="", max_length=64), False),
    ]
