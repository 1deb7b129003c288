"""What an installation may set: one folder, a ``tminus.toml`` in it, and variables that override it."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SETTINGS = (
    "database_url",
    "allowed_hosts",
    "base_url",
    "https_certificate",
    "https_key",
    "behind_proxy",
    "smtp_url",
    "mail_from",
    "mqtt_url",
    "executor",
    "demo",
)


@dataclass(frozen=True, slots=True)
class Config:
    """One installation. Every field but ``home`` is a ``tminus.toml`` key and a variable ``TMINUS_<KEY>``."""

    home: Path
    database_url: str = ""
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    base_url: str = "http://127.0.0.1:8000"
    https_certificate: str = ""
    https_key: str = ""
    behind_proxy: bool = False
    smtp_url: str = ""
    mail_from: str = "tminus@localhost"
    mqtt_url: str = ""
    executor: str = "pool"
    demo: bool = False

    @property
    def https(self) -> bool:
        return bool(self.https_certificate) or self.behind_proxy

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def record_heads(self) -> Path:
        return self.home / "record-heads.log"

    def secret_key(self) -> str:
        """The installation's own key, made once with owner-only permission."""
        path = self.home / "secret.key"
        try:
            if not path.exists():
                self.home.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w") as target:
                    target.write(secrets.token_urlsafe(64))
            key = path.read_text(encoding="ascii").strip()
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"{path}: is not the key of an installation") from error
        except OSError as error:
            raise ImproperlyConfigured(f"{path}: cannot be read ({error.strerror})") from error
        if not key:
            raise ImproperlyConfigured(f"{path}: is empty; put the key back from a backup")
        return key


def load_config(environ: dict[str, str] | None = None) -> Config:
    """Read the installation's settings.

    :raises ImproperlyConfigured: an unknown key, or a value of the wrong type, named with what is allowed.
    """
    environ = dict(os.environ) if environ is None else environ
    home = Path(environ.get("TMINUS_HOME", "event")).resolve()
    values = _from_file(home / "tminus.toml")
    for key in SETTINGS:
        if (value := environ.get(f"TMINUS_{key.upper()}")) is not None:
            values[key] = value
    return Config(home=home, **{key: _typed(key, value) for key, value in values.items()})


def _from_file(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            return {}
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ImproperlyConfigured(f"{path}: cannot be read ({error.strerror})") from error
    for key in values:
        if key not in SETTINGS:
            raise ImproperlyConfigured(f"{path}: unknown setting {key!r}; allowed: {', '.join(SETTINGS)}")
    return values


YES, NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


def _typed(key: str, value: Any) -> Any:
    """:raises ImproperlyConfigured: not of the setting's kind, with what is allowed."""
    if key in {"behind_proxy", "demo"}:
        return _yes_or_no(key, value)
    if key == "allowed_hosts":
        hosts = value if isinstance(value, list) else str(value).split(",")
        return tuple(host for one in hosts if (host := str(one).strip()))
    if not isinstance(value, str):
        raise ImproperlyConfigured(f"{key}: {value!r}; allowed: text")
    if key == "base_url":
        _address(value)
    return value


def _yes_or_no(key: str, value: object) -> bool:
    said = str(value).strip().lower()
    if said not in YES | NO:
        raise ImproperlyConfigured(f"{key}: {value!r}; allowed: true, false")
    return said in YES


def _address(text: str) -> None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ImproperlyConfigured(f"base_url: {text!r}; allowed: https://readiness.example.org")


def database(config: Config, *, pool: bool = True) -> dict[str, Any]:
    """Django's description of the database: SQLite in the event folder, or PostgreSQL by its address."""
    if config.database_url:
        return _postgresql(config.database_url, pool=pool)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(config.home / "tminus.sqlite3"),
        "OPTIONS": {
            # Deferred transactions lose most concurrent read-then-write work to "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA cache_size=-32768;PRAGMA temp_store=MEMORY;",
        },
    }


POOL_TIMEOUT_S = 10
"""How long a page waits for a connection before it says that the database does not answer."""
POSTGRESQL = "postgresql://user:password@host:5432/database"


def _postgresql(url: str, *, pool: bool) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # it may hold the password, so it is not said again
        raise ImproperlyConfigured(f"database_url: {error}; allowed: {POSTGRESQL}") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"database_url: {parts.scheme!r} is not known; allowed: {POSTGRESQL}")
    if not parts.path.lstrip("/"):
        raise ImproperlyConfigured(f"database_url: names no database; allowed: {POSTGRESQL}")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(port or ""),
        "OPTIONS": {"pool": {"timeout": POOL_TIMEOUT_S}} if pool else {},
    }


def mail(url: str) -> dict[str, Any]:
    """Django's ``EMAIL_*`` settings of ``smtp://user:password@host:port?tls=1`` or ``smtps://…``.

    :raises ImproperlyConfigured: another scheme, no host, or a port that is no number.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"smtp_url: {url.split('@')[-1]!r}; allowed: smtp://user:password@host:587?tls=1")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"smtp_url: {error}") from error
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and "tls=1" in parts.query.split("&"),
        "EMAIL_TIMEOUT": 20,
    }
