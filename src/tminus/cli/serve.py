"""``tminus serve``: run the console, its jobs and its clock."""

from __future__ import annotations

import logging
import socket
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home

if TYPE_CHECKING:
    from tminus.platform.server import Child

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    home: Annotated[Path | None, typer.Option(help="The installation; default TMINUS_HOME, else ./event.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    web_workers: Annotated[int, typer.Option(min=1, max=32, help="Web processes.")] = 1,
) -> None:
    """Serve an installation until SIGTERM or Ctrl-C."""
    raise SystemExit(run_server(open_home(home), host, port, web_workers))


def run_server(
    place: Path, host: str, port: int, web_workers: int = 1, message: str = "", then: Sequence[Child] = ()
) -> int:
    """Migrate, start web, jobs and clock, and keep them until a signal; 0 afterwards.

    :param then: further processes, started once the console answers.
    """
    from django.conf import settings

    from tminus.platform.server import Supervisor
    from tminus.platform.server.children import children
    from tminus.platform.server.served_home import served
    from tminus.platform.server.ticking import every_s

    try:
        every_s()
    except ValueError as error:
        fail(str(error))
    config = settings.CONFIG
    for name in ("https_certificate", "https_key"):
        value = getattr(config, name)
        if value and not Path(value).is_file():
            fail(f"{name}: {value!r} is no file")
    if bool(config.https_certificate) != bool(config.https_key):
        fail("https_certificate and https_key: set both or neither")
    _free(host, port)
    migrate()
    logging.getLogger("tminus").setLevel(logging.INFO)
    scheme = "https" if config.https_certificate else "http"
    url = f"{scheme}://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - only shown
    supervisor = Supervisor(
        [
            *children(
                place,
                host,
                port,
                certificate=config.https_certificate,
                key=config.https_key,
                web_workers=web_workers,
            ),
            *_counters(place, config.mqtt_url),
        ]
    )

    def ready() -> None:
        typer.echo(message or f"tminus is at {url}", err=True)
        supervisor.children.extend(then)

    with served(place):
        return supervisor.run(lambda: _answers(url), ready)


def _counters(place: Path, mqtt_url: str) -> list[Child]:
    """The process that follows the counters' broker, where there is one."""
    from tminus.desks.passengers.intake.broker import broker_of
    from tminus.platform.server import Child

    if not mqtt_url:
        return []
    try:
        broker_of(mqtt_url)
    except ValueError as error:
        fail(str(error))
    environment = {"TMINUS_HOME": str(place), "DJANGO_SETTINGS_MODULE": "tminus.site.settings"}
    return [Child("counters", [sys.executable, "-m", "tminus.desks.passengers.subscriber"], environment)]


def _free(host: str, port: int) -> None:
    """Fail now, in one line, rather than restart a web server that can never bind."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port}: {error.strerror}; choose another with --host and --port")


def _answers(url: str) -> bool:
    try:
        unchecked = ssl._create_unverified_context()  # noqa: S323 - ourselves, by number, not by certificate name
        urlopen(f"{url}/healthz", timeout=1, context=unchecked).close()  # noqa: S310 - our own http address
    except HTTPError:
        return True  # it answers, if only that this host name is not allowed
    except (URLError, OSError):
        return False
    return True
