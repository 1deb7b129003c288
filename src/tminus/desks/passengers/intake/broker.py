"""Where counters publish: the setting ``mqtt_url`` understood."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

ALLOWED = "mqtt://user:password@host:1883/tminus (mqtts:// with TLS)"
PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """Topics are ``<prefix>/<event>/counts/<counter>``."""

    host: str
    port: int
    user: str
    password: str
    prefix: str
    tls: bool

    @property
    def topic(self) -> str:
        """What is subscribed to."""
        return f"{self.prefix}/+/counts/+"

    def event_and_counter(self, topic: str) -> tuple[str, str] | None:
        """The event's short name and the counter's code of a topic; None where it is another."""
        parts = topic.removeprefix(f"{self.prefix}/").split("/")
        return (parts[0], parts[2]) if len(parts) == 3 and parts[1] == "counts" else None


def broker_of(url: str) -> Broker:
    """:raises ValueError: not such an address; it may hold a password, so it is not said again."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"mqtt_url: {error}; allowed: {ALLOWED}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"mqtt_url: {parts.scheme or 'no scheme'!r}; allowed: {ALLOWED}")
    prefix = unquote(parts.path).strip("/") or "tminus"
    if set(prefix) & set("+#\0"):
        raise ValueError(f"mqtt_url: topic {prefix!r}; allowed: {ALLOWED}")
    return Broker(
        parts.hostname, port or PORTS[parts.scheme], unquote(parts.username or ""), unquote(parts.password or ""),
        prefix, parts.scheme == "mqtts",
    )  # fmt: skip
