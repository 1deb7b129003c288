"""Where a post stands."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("platform", "0002_accounts")]

    operations: ClassVar = [
        migrations.AddField(
            "post",
            "place",
            models.CharField(blank=True, default="", max_length=80, verbose_name="place"),
            preserve_default=False,
        )
    ]
