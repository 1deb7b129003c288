"""Write many rows of one model at once: one prepared UPDATE, each row its own values.

``QuerySet.bulk_update`` builds one CASE expression a column, which for 20,000 tasks and eleven columns takes half a
minute; the same rows through ``executemany`` take well under a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router


def mass_update(rows: Iterable[models.Model], fields: Sequence[str]) -> int:
    """Write ``fields`` of each row by its primary key; how many were written. Joins the transaction under way."""
    listed = list(rows)
    if not listed:
        return 0
    meta = type(listed[0])._meta
    connection = connections[router.db_for_write(type(listed[0]))]
    columns: list[Any] = [meta.get_field(name) for name in fields]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    key = str(meta.pk.column) if meta.pk else "id"
    statement = f"UPDATE {quote(meta.db_table)} SET {assignments} WHERE {quote(key)} = %s"  # noqa: S608 - names only
    values = [
        [*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk]
        for row in listed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
    return len(listed)
