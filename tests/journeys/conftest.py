"""A demonstration served by a real server, seen by a real browser, which may speak to nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.cli.server import Server, python, tminus

PLANNER = """
from tminus.platform.models import Appointment
print(Appointment.objects.filter(post__reach="event").order_by("pk").first().person.username)
"""


@dataclass(slots=True)
class Console:
    """``asked``: every address a page of the browser has asked for."""

    base: str
    browser: Any
    planner: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def event(self) -> str:
        return f"{self.base}/e/lanwan-2026"

    def page(self, width: int = 1440, height: int = 900, language: str = "en") -> Any:
        """A page of a new visitor, signed in as headquarters' planner by the sign-in page."""
        from tminus.demo.load import PASSWORD

        context = self.browser.new_context(viewport={"width": width, "height": height})
        context.add_cookies([{"name": "django_language", "value": language, "url": self.base}])
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.goto(f"{self.base}/sign-in/")
        page.fill("#id_username", self.planner)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_selector(".countdown, .event-name, main")
        return page


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Console]:
    home = tmp_path_factory.mktemp("journeys") / "demo"
    loaded = tminus(home, "demo", "--home", str(home), "--load-only")
    assert loaded.returncode == 0, loaded.stderr
    planner = python(home, PLANNER).strip()
    with Server(home, TMINUS_DEMO="1") as server:
        yield Console(f"http://127.0.0.1:{server.port}", chromium, planner)


@pytest.fixture(autouse=True)
def own_pages(request: pytest.FixtureRequest) -> None:
    """What pages of other tests asked for, and what went wrong there, is theirs."""
    if "console" in request.fixturenames:
        shared: Console = request.getfixturevalue("console")
        shared.asked.clear()
        shared.errors.clear()
