"""Whatever the board counts leads to exactly the rows it counted."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.desks.board.test_wall import signed_in
from tests.harbour import Harbour
from tminus.desks.board.queries import COLUMNS_SHOWN
from tminus.desks.planning.models import Area, Task
from tminus.platform.models import ClockShift, RecordLine, Unit
from tminus.platform.registry import ask, perform
from tminus.platform.ticker import tick

CELL = re.compile(r'<a href="(/e/harbour/book/\?[^"]+)" title="(\d+) of (\d+) tasks done">')


@pytest.fixture
def wide(planned: Harbour) -> Harbour:
    """More units than columns, teams below departments, work without area, without unit, and after opening."""
    event = planned.event
    water = Area.objects.create(event=event, code="WA", name_en="Water", name_zh="水务", dimension="safe")
    units = [*planned.units.values()]
    for n in range(COLUMNS_SHOWN + 3):
        path = f"{planned.units['hq'].path}d{n}/"
        lead = Unit.objects.create(
            event=event, code=f"d{n}", name_en=f"Dept {n}", parent=planned.units["hq"], path=path
        )
        team = {"code": f"d{n}t", "name_en": f"Team {n}", "parent": lead, "path": f"{path}d{n}t/", "kind": "team"}
        units += [lead, Unit.objects.create(event=event, **team)]
    model = Task.objects.get(event=event, key="R2")
    Task.objects.bulk_create(
        Task(
            event=event, key=f"X{n}", position=100 + n, name_en=f"Extra {n}",
            unit=units[n % len(units)] if n % 9 else None, area=(water, model.area, None)[n % 3],
            planned_start=model.planned_start, planned_finish=model.planned_finish,
            responsible=planned.paver if n % 4 else None, duration_min=480,
            constraint="MSO" if n % 10 == 7 else "", constraint_at=datetime(2026, 11, 20, 9) if n % 10 == 7 else None,
            **({"actual_start": model.planned_start, "actual_finish": model.planned_start} if n % 5 == 0 else {}),
        )
        for n in range(80)
    )  # fmt: skip
    ClockShift.objects.filter(event=event).update(event_from=datetime(2026, 10, 20, 9, tzinfo=event.zone))
    perform("planning.reschedule", {"policy": "alap_total"}, event=event, person=planned.hq)
    ClockShift.objects.filter(event=event).update(event_from=datetime(2026, 11, 1, 9, tzinfo=event.zone))
    perform("planning.new_day", {"day": "2026-11-01"}, event=event, system=True)
    return planned


def rows_at(client: Client, address: str) -> int:
    page = client.get(html.unescape(address))
    assert page.status_code == 200 and not page.context["error"], address
    return int(page.context["total"])


def test_each_cell_leads_to_exactly_its_tasks(wide: Harbour) -> None:
    client = signed_in(wide, "hq")
    cells = CELL.findall(client.get("/e/harbour/board/").content.decode())
    assert len(cells) >= 15
    whole = 0
    for address, done, tasks in cells:
        assert rows_at(client, address) == int(tasks), address
        assert rows_at(client, address + "&amp;status=done") == int(done), address
        whole += int(tasks) if "lead" not in address else 0
    assert whole == ask("planning.readiness", event=wide.event, person=wide.hq)["whole"]["tasks"]
    assert any("area=-" in address for address, _, _ in cells) and any("%2C" in address for address, _, _ in cells)


def test_figures_and_legend_lead_to_exactly_what_they_count(wide: Harbour) -> None:
    client = signed_in(wide, "hq")
    found = ask("board.show", event=wide.event, person=wide.hq)
    whole = found["readiness"]["whole"]
    assert found["late"] > 0 and whole["tasks"] < Task.objects.filter(event=wide.event).exclude(kind="summary").count()
    assert rows_at(client, "/e/harbour/book/?status=late&ready=1") == found["late"]
    assert rows_at(client, "/e/harbour/book/?ready=1") == whole["tasks"]
    assert rows_at(client, "/e/harbour/book/?holes=1") == found["holes"]
    for status, count in whole["counts"].items():
        assert rows_at(client, f"/e/harbour/book/?status={status}&ready=1") == count
    page = client.get("/e/harbour/board/").content.decode()
    for address in ("?status=late&amp;ready=1", "?ready=1", "?holes=1"):
        assert f'href="/e/harbour/book/{address}"' in page


def test_figures_of_a_checkpoint_lead_to_exactly_its_tasks(wide: Harbour) -> None:
    client = signed_in(wide, "hq")
    for label in ("T-10", "T-0"):
        page = client.get(f"/e/harbour/checkpoints/{label}/")
        one = page.context["one"]
        links = dict(re.findall(r'data-count="(\w+)" href="([^"]+)"', page.content.decode()))
        assert set(links) == {"due", "done", "at_risk", "failed"}
        for name, address in links.items():
            assert rows_at(client, address) == one[name], (label, name)
    assert one["due"] > one["done"] > 0


def test_late_holders_are_counted_once(wide: Harbour) -> None:
    rows: Any = ask("planning.tasks", {"status": "late", "ready": True}, event=wide.event, person=wide.hq)["rows"]
    holders = {row["responsible"] for row in rows if row["responsible"]}
    assert ask("board.show", event=wide.event, person=wide.hq)["late_holders"] == len(holders) > 0


def test_a_new_day_finds_what_became_late_overnight(planned: Harbour) -> None:
    first = Task.objects.filter(event=planned.event, parent__isnull=False).order_by("planned_finish").first()
    assert first is not None and first.status != "late"
    at = datetime(2026, 11, 3, 0, 2, tzinfo=planned.event.zone)
    ClockShift.objects.filter(event=planned.event).update(event_from=at)
    for _ in range(2):
        tick(planned.event, at)
    first.refresh_from_db()
    assert first.status == "late"
    assert RecordLine.objects.filter(code="planning.new_day").count() == 1
