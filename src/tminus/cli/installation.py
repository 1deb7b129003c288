"""Open the installation a command works on: its home, its settings, its database."""

from __future__ import annotations

import os
from pathlib import Path

from tminus.cli.failing import fail


def open_home(home: Path | None = None, *, must_exist: bool = True) -> Path:
    """Point Django at the installation at ``home`` (default: ``TMINUS_HOME``, else ``./event``) and set it up."""
    place = (home or Path(os.environ.get("TMINUS_HOME", "event"))).resolve()
    if must_exist and not (place / "secret.key").exists():
        fail(f"{place}: no installation here; make one with: tminus init {place}")
    os.environ["TMINUS_HOME"] = str(place)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        fail(str(error))
    return place


def migrate() -> None:
    """Bring the database to this version's form."""
    from django.core.management import call_command
    from django.db import DatabaseError, connections

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        fail(f"database: {error}")
    connections.close_all()
