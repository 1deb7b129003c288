"""Open the installation a command works on: its home, its settings, its database."""

from __future__ import annotations

import os
from pathlib import Path

from tminus.cli.failing import fail


def open_home(home: Path | None = None, *, must_exist: bool = True) -> Path:
    """Point Django at the installation at ``home`` (default: ``TMINUS_HOME``, else ``./event``) and set it up."""
    place = (home or Path(os.environ.get("TMINUS_HOME", "event"))).resolve()
    try:
        there = (place / "secret.key").exists()
    except OSError as error:
        fail(f"{place}: cannot be read ({error.strerror}); allowed: the folder of an installation, its owner's")
    if must_exist and not there:
        fail(f"{place}: no installation here; make one with: tminus init {place}")
    os.environ["TMINUS_HOME"] = str(place)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        fail(str(error))
    _reached()
    return place


def _reached() -> None:
    """Ask PostgreSQL once, now: its pool would go on trying, and say so many times."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "postgresql" not in database["ENGINE"]:
        return
    import psycopg

    given = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    try:
        psycopg.connect(
            connect_timeout=5, **{name: database[key] for name, key in given.items() if database[key]}
        ).close()
    except psycopg.Error as error:
        fail(f"database_url: {error}; allowed: the address of a PostgreSQL database that answers")


def migrate() -> None:
    """Bring the database to this version's form."""
    from django.core.management import call_command
    from django.db import DatabaseError, connections

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        fail(f"database: {error}")
    connections.close_all()
