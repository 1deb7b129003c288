"""Take the README's pictures from the demonstration event: ``python docs/screenshots/make.py`` from the repository.

Needs Chromium (``CHROMIUM`` names it, default /usr/bin/chromium) and the development packages.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.chromium import FLAGS  # noqa: E402
from tests.cli.server import Server, python, tminus  # noqa: E402

PAGES = {
    "board": "board/", "timetable": "timetable/?view=ten", "map": "map/", "checkpoint": "checkpoints/T-80/",
    "likelihood": "likelihood/",
}  # fmt: skip
SHOTS = [("en", 1440, 900, ""), ("zh-hans", 1440, 900, "-zh"), ("en", 390, 844, "-phone")]
SESSION = """
from django.test import Client
from tminus.platform.models import Appointment
planner = Appointment.objects.filter(post__reach="event").order_by("pk").first().person
client = Client()
client.force_login(planner, backend="django.contrib.auth.backends.ModelBackend")
print(client.cookies["sessionid"].value)
"""


def simulated(browser: Browser, base: str, session: str) -> None:
    """Wait until the worker has simulated the plan, which it is asked to after the first start."""
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = context.new_page()
    for _second in range(300):
        page.goto(f"{base}/e/lanwan-2026/likelihood/", wait_until="domcontentloaded")
        told = page.inner_text("main")
        if "in danger" in told and "under way" not in told:
            break
        page.wait_for_timeout(1000)
    context.close()


def shoot(browser: Browser, base: str, session: str) -> None:
    for language, width, height, suffix in SHOTS:
        context = browser.new_context(viewport={"width": width, "height": height})
        for name, value in (("sessionid", session), ("django_language", language)):
            context.add_cookies([{"name": name, "value": value, "url": base}])
        page = context.new_page()
        for name, address in PAGES.items():
            page.goto(f"{base}/e/lanwan-2026/{address}", wait_until="domcontentloaded")
            if name == "map":
                page.wait_for_selector("[data-map][data-ready]")
                page.wait_for_timeout(3000)  # without a graphics card it takes its time to draw
            page.wait_for_timeout(400)
            page.screenshot(path=HERE / f"{name}{suffix}.png")
        context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        loaded = tminus(home, "demo", "--home", str(home), "--load-only")
        if loaded.returncode:
            raise SystemExit(loaded.stderr)
        session = python(home, SESSION).strip()
        with Server(home, TMINUS_DEMO="1") as server, sync_playwright() as started:
            chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
            simulated(browser, f"http://127.0.0.1:{server.port}", session)
            shoot(browser, f"http://127.0.0.1:{server.port}", session)
            browser.close()


if __name__ == "__main__":
    main()
