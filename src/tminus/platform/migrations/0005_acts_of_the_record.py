"""Which act a line of the record is of, told by the number of the act's first line."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("platform", "0004_files_of_remarks")]

    operations: ClassVar = [migrations.AddField("recordline", "act_seq", models.PositiveBigIntegerField(null=True))]
