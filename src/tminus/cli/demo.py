"""``tminus demo``: the demonstration event and its console."""

from __future__ import annotations

import os
import re
import shutil
import sys
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home

if TYPE_CHECKING:
    from tminus.formats.event_folder import EventFolder
    from tminus.platform.server import Child

app = typer.Typer(add_completion=False)

DAY = re.compile(r"[Tt]?([-−+]?[0-9]{1,4})(?:\s+([01]?[0-9]|2[0-3]):([0-5][0-9]))?")
FASTEST = 1440
"""Days a real day has at most, as for a clock shifted by hand."""
FARTHEST = 400
"""Days before or after opening the demonstration may be set to."""
EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "lanwan-expo"


def default_home() -> Path:
    """Where the demonstration lives: a folder of its own in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tminus" / "demo"


@app.command()
def demo(
    at: Annotated[
        str,
        typer.Option(metavar="T-30", help="The day it is, and its hour: T+2 10:30; default T-80."),
    ] = "",
    home: Annotated[Path | None, typer.Option(help="Where it lives; default ~/.cache/tminus/demo.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, forgetting what was done in it.")] = False,
    event: Annotated[Path, typer.Option(help="Another event folder.")] = EXAMPLE,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    speed: Annotated[
        float,
        typer.Option(min=1, max=FASTEST, help="How fast its clock runs; 60: an hour a minute until the day ends."),
    ] = 1,
    load_only: Annotated[bool, typer.Option("--load-only", help="Load it and stop.")] = False,
) -> None:
    """Start the demonstration console; the event is fictional."""
    from tminus.formats.event_folder import read_folder

    place = (home or default_home()).resolve()
    day, folder = _day(at), read_folder(event)  # what cannot be taken is refused before anything is forgotten
    if (fresh or at) and place.exists():
        _forget(place)
    place.mkdir(parents=True, exist_ok=True)
    os.environ["TMINUS_DEMO"] = "1"
    open_home(place, must_exist=False)
    migrate()
    name = _load(folder, day)
    if load_only:
        typer.echo(f"loaded {name} into {place}", err=True)
        return
    from tminus.cli.serve import run_server
    from tminus.demo.load import PASSWORD

    message = f"{name} (fictional) is at http://{host}:{port} · sign in with one click, or any account and: {PASSWORD}"
    raise SystemExit(run_server(place, host, port, message=message, then=_replay(place, folder, event, speed)))


def _replay(place: Path, folder: EventFolder, path: Path, speed: float) -> list[Child]:
    """The process that runs the clock faster and feeds the counters, where there is anything for it to do."""
    from tminus.demo.live_day import FILE
    from tminus.platform.server import Child

    if speed == 1 and FILE not in folder.further:
        return []
    environment = {"TMINUS_HOME": str(place), "DJANGO_SETTINGS_MODULE": "tminus.site.settings"}
    command = [sys.executable, "-m", "tminus.demo.replay", str(folder.event["id"]), str(path.resolve()), f"{speed:g}"]
    return [Child("replay", command, environment, once=True)]


def _day(text: str) -> tuple[int, time | None] | None:
    """Days from opening, and the hour where it is said."""
    if not text.strip():
        return None
    found = DAY.fullmatch(text.strip())
    day = int(found[1].replace("−", "-")) if found else 0
    if not found or abs(day) > FARTHEST:
        fail(f"--at: {text!r}; allowed: a day of the event like T-30, T-0 or T+3 10:30, at most {FARTHEST} days away")
    return day, time(int(found[2]), int(found[3])) if found[2] else None


def _forget(place: Path) -> None:
    """Only ever a demonstration's home that nobody is looking at: nothing else is deleted."""
    from tminus.platform.server.served_home import is_served

    if not place.is_dir() or (any(place.iterdir()) and not (place / "demo.mark").exists()):
        fail(f"{place}: is not a demonstration's home; allowed: an empty folder, or one made by tminus demo")
    if is_served(place):
        fail(f"{place}: a demonstration runs there; stop it, or choose another folder with --home")
    shutil.rmtree(place)


def _load(folder: EventFolder, day: tuple[int, time | None] | None) -> str:
    from tminus.demo.load import MORNING, load_demo
    from tminus.platform.models import Event, TDay

    slug = str(folder.event["id"])
    found = Event.objects.filter(slug=slug).first()
    if found is None:
        typer.echo("loading the demonstration event …", err=True)
        t, hour = day or (None, None)
        found = load_demo(folder, TDay(t) if t is not None else None, hour or MORNING).event
        from django.conf import settings

        (settings.CONFIG.home / "demo.mark").write_text(slug, encoding="utf-8")
    return found.name_en
