"""What the console's pages of likelihood, causes, scenarios, proposals and resources stand on when they are measured:
a dozen causes, a simulation with its repairs, twelve scenarios computed, forty proposals, crews of every unit, a
levelled timetable. All by the acts people use; what they leave to a job is done here at once."""

from __future__ import annotations

from typing import Any

SAMPLES, ITERATIONS = 1000, 1


def foretell(event: Any, person: Any, count: int) -> None:
    """``count``: tasks of the plan, T0 … ."""
    from tminus.platform.registry import perform

    def by_hand(act: str, **args: Any) -> None:
        perform(act, args, event=event, person=person)

    for n in range(12):
        spread = {"optimistic": "1", "likely": "1.1", "pessimistic": "1.4", "units": [f"u{n:02}"]}
        cause = {"kind": "driver", "probability": "0.3", **spread}
        by_hand("planning.cause.set", code=f"cause{n}", name_en=f"Cause {n}", definition=[cause])
    _simulated(event, person)
    for n in range(12):
        longer = [{"what": "duration", "task": f"T{count // 13 * n + 1 + k}", "minutes": 4800} for k in range(5)]
        by_hand("planning.scenario.set", code=f"s{n}", name_en=f"Scenario {n}", edits=longer)
    _compared(event, person)
    for n in range(40):
        shorter = [{"what": "duration", "task": f"T{count // 41 * n // 20 * 20 + 3}", "minutes": 240}]
        by_hand("planning.proposal.make", edits=shorter, owner=person.username)
    _levelled(event, person, count)


def _simulated(event: Any, person: Any) -> None:
    from tminus.desks.planning.simulation import simulated

    _kept("planning.simulate.keep", simulated(event, SAMPLES, 0, _untold), event, person)


def _compared(event: Any, person: Any) -> None:
    from tminus.desks.planning.edits import edits_of
    from tminus.desks.planning.models import Scenario
    from tminus.desks.planning.simulation import compared

    rows = list(Scenario.objects.filter(event=event))
    found = compared(event, [edits_of(rows[0].edits)], _untold)
    results = {row.code: found.scenarios[0] for row in rows}  # as large as each one's own would be
    args = {"version": found.version, "base": found.base, "results": results}
    _kept("planning.scenario.keep", args, event, person)


def _levelled(event: Any, person: Any, count: int) -> None:
    """Every fourth task needs its unit's crew; the crews are enough for most of the time."""
    import base64
    import json

    from tminus.desks.planning.levelling import levelled
    from tminus.platform.registry import perform

    crews = [{"resource": f"Crew {n}", "capacity": 8} for n in range(40)]
    needs = [
        {"task": f"T{n}", "resource": f"Crew {n // 20 % 40}", "units": 1 + n % 3}
        for n in range(count)
        if n % 20 and n % 4 == 1
    ]
    content = base64.b64encode(json.dumps({"resources": crews, "needs": needs}).encode()).decode()
    file = {"name": "resources.json", "content": content}
    perform("planning.resources.import", {"file": file}, event=event, person=person)
    _kept("planning.levelling.keep", levelled(event, ITERATIONS, 0, _untold), event, person)


def _kept(code: str, found: Any, event: Any, person: Any) -> None:
    from tminus.platform.registry import perform

    perform(code, found, event=event, person=person, channel="job")


def _untold(done: int, total: int, doing: str = "") -> None:
    """Nobody watches the progress of a benchmark."""
