"""Once warmed up, no process compiles: whatever is in the plan, it meets loops that are kept on disk."""

from __future__ import annotations

import subprocess
import sys

from tminus.engines.schedule import warm_up

ANOTHER = """
import sys
from datetime import date
from numba.core.dispatcher import Dispatcher
from tests.engines.schedule.plans import CALENDARS
from tests.engines.schedule.risk.plans import multiple, plan_of, soon, task, triangle
from tminus.engines.schedule.risk import Branch, RiskDriver, Scenario, WeatherCalendar, simulate
from dataclasses import replace

tasks = [task(id, triangle(10, 12, 20), unit="U", calendar=c) for id, c in zip("ABC", CALENDARS, strict=True)]
plan = replace(plan_of(*tasks, links=(("A", "B"), ("B", "C"), ("C", "END"))), calendars=CALENDARS)
causes = [
    RiskDriver("late", multiple(1, 2, 3)),
    Branch("either", ((0.5, frozenset("B")),)),
    WeatherCalendar("rain", (0.1,) * 12),
    WeatherCalendar("storm", history=(frozenset([(9, 1)]), frozenset())),
]
risk = simulate(soon(plan), samples=300, drivers=causes, scenarios=[Scenario("faster", factors={"A": 0.5})])
assert risk.samples == 300
of = [m for name, m in sys.modules.items() if name.startswith("tminus.engines.schedule")]
loops = {loop for module in of for loop in vars(module).values() if isinstance(loop, Dispatcher)}
print(sum(len(loop.stats.cache_hits) for loop in loops))
print(sorted(loop.__name__ for loop in loops if loop.stats.cache_misses))
"""


def test_a_second_process_compiles_nothing() -> None:
    warm_up()
    done = subprocess.run([sys.executable, "-c", ANOTHER], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found, compiled = done.stdout.splitlines()
    assert int(found) > 10
    assert compiled == "[]"
