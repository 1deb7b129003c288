"""Every address, act and query × every role, against ``access_matrix.txt``.

A new endpoint that stands in no line of it fails by its name. After deciding who may reach it, add its line by hand
(or let ``TMINUS_WRITE_ACCESS_MATRIX=1`` write what is, and read the difference before committing it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.harbour import Harbour
from tminus.platform.access import scope_of
from tminus.platform.registry import ACTS, QUERIES, Entry, granted

MATRIX = Path(__file__).with_name("access_matrix.txt")
ROLES = ("admin", "hq", "leader", "roads_head", "paver", "hand", "health_head", "observer", "stranger", "anonymous")
GIVEN = {
    "event": "harbour", "code": "roads", "number": "1", "token": "nothing", "pk": "1", "duty": "1", "job": "1",
    "key": "none", "sha256": "0" * 64, "id": "1", "notice": "1", "evidence": "1", "task": "none",
}  # fmt: skip
LEFT_OUT = ("live/", "healthz", "static/")  # streams, and what has no person in it


def patterns(found: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        here = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, here)
        else:
            yield here, one


def addresses() -> list[tuple[str, str]]:
    """The pattern of each page, and an address it matches; API operations are compared as acts and queries."""
    rows = []
    for route, one in patterns(get_resolver().url_patterns):
        if any(part in route for part in LEFT_OUT) or "/act/" in route or "/show/" in route:
            continue
        address = "/" + route
        for name, converter in one.pattern.converters.items():
            for written in (f"<{type(converter).__name__.removesuffix('Converter').lower()}:{name}>", f"<{name}>"):
                address = address.replace(written, GIVEN.get(name, "1"))
        if route.startswith("e/<slug:event>") and "<" in address:
            address = address.replace("<slug:event>", GIVEN["event"])
        rows.append((route or "(start)", address.replace("/<slug:event>/", "/harbour/")))
    return sorted(rows)


def expected() -> dict[str, list[str]]:
    lines = MATRIX.read_text(encoding="utf-8").splitlines() if MATRIX.exists() else []
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1:] for row in rows}


def calls(entry: Entry, harbour: Harbour) -> list[str]:
    """Who may call an entry at all; what its body then checks object by object has tests of its own."""
    day = harbour.event.opening
    event = harbour.event if entry.event_wide else None
    people = [harbour.people.get(role) for role in ROLES]
    return ["yes" if granted(entry, scope_of(person, event, day)) else "no" for person in people]


def statuses(address: str, harbour: Harbour, clients: dict[str, Client]) -> list[str]:
    address = address.replace("/people/1/", f"/people/{harbour.hq.pk}/")  # numbers differ from database to database
    return [str(clients[role].get(address).status_code) for role in ROLES]


@pytest.fixture
def clients(harbour: Harbour) -> dict[str, Client]:
    found = {}
    for role in ROLES:
        found[role] = Client(raise_request_exception=False)
        if role in harbour.people:
            found[role].force_login(harbour.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return found


def test_access_is_as_written(harbour: Harbour, clients: dict[str, Client]) -> None:
    found = {f"act:{code}": calls(entry, harbour) for code, entry in sorted(ACTS.items())}
    found |= {f"show:{code}": calls(entry, harbour) for code, entry in sorted(QUERIES.items())}
    for route, address in addresses():
        found[route] = statuses(address, harbour, clients)
    if os.environ.get("TMINUS_WRITE_ACCESS_MATRIX"):
        head = f"# {'endpoint'} {' '.join(ROLES)}"
        MATRIX.write_text("\n".join([head, *(f"{name} {' '.join(row)}" for name, row in found.items())]) + "\n")
    wanted = expected()
    missing = [name for name in found if name not in wanted]
    assert not missing, f"decide who may reach {missing} and add them to {MATRIX.name}"
    gone = [name for name in wanted if name not in found]
    assert not gone, f"no longer there, take out of {MATRIX.name}: {gone}"
    wrong = {name: (row, wanted[name]) for name, row in found.items() if row != wanted[name]}
    assert not wrong, f"endpoint: (is, should be) for {ROLES}: {wrong}"
    assert not [name for name, row in found.items() if "500" in row]


def test_nobody_reads_an_event_without_signing_in(harbour: Harbour) -> None:
    for route, row in expected().items():
        if route.startswith("e/"):
            anonymous, stranger = row[ROLES.index("anonymous")], row[ROLES.index("stranger")]
            assert anonymous in {"302", "401", "403", "404", "405"}, route
            assert stranger in {"403", "404", "405"}, route
