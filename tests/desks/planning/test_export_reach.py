"""An export holds exactly what the page shows: no summary beyond the reader's reach comes along."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.harbour import Harbour
from tminus.desks.planning.models import Task, TaskKind


@pytest.fixture
def outline(harbour: Harbour) -> Harbour:
    top = Task.objects.create(
        event=harbour.event, key="T", name_en="Headquarters' secret", kind=TaskKind.SUMMARY, unit=harbour.units["hq"]
    )
    for number, (key, unit) in enumerate((("P", "paving"), ("H", "health")), start=1):
        Task.objects.create(
            event=harbour.event, key=key, name_en=key, parent=top, depth=1, position=number, unit=harbour.units[unit]
        )
    return harbour


def exported(harbour: Harbour, who: str) -> dict[str, str | None]:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/e/{harbour.event.slug}/export/plan.json")
    assert answer.status_code == 200
    return {task["id"]: task.get("parent") for task in json.loads(answer.content)["tasks"]}


def test_a_team_exports_its_own(outline: Harbour) -> None:
    assert exported(outline, "paver") == {"P": None}


def test_headquarters_exports_the_tree(outline: Harbour) -> None:
    assert exported(outline, "hq") == {"T": None, "P": "T", "H": "T"}
