"""What the counters at the gates saw: the first two days (history.csv) and the third as it came in (live.jsonl).

Drawn person by person, not by the event's own model: everybody has an hour of arrival, a gate and a length of stay.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from .attendance import VISITS
from .days import on
from .ridership import FIRST_MIN, SLOT_MIN, SLOTS
from .venue import GATE_LANES
from .visitors import SERVICE_S

LIVE_T = 2
GATES = tuple(f"gate-{side}" for side in GATE_LANES)
GATE_SHARE = (0.41, 0.25, 0.20, 0.14)
OPEN_MIN, LAST_MIN, CLOSE_MIN = 510, 1020, 1080
METRO_SHARE = 0.66
STEP_MIN = 5  # between readings
COUNTERS = ("a", "b")
HISTORY_HEADINGS = ["time", "node", "in", "out"]


def persons(t: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of everybody: minute of arrival before the gate, of entry and of leaving, and the gate's number."""
    random = np.random.Generator(np.random.Philox([2026, t]))
    many = VISITS[t]
    early = random.random(many) < 0.68
    arrived = np.where(early, random.gamma(5.5, 19, many) + 475, random.gamma(6, 21, many) + 660)
    arrived = np.sort(arrived[arrived < LAST_MIN - 2])
    gate = random.choice(len(GATES), arrived.size, p=GATE_SHARE)
    entered = np.empty_like(arrived)
    for number, lanes in enumerate(GATE_LANES.values()):
        mine = np.flatnonzero(gate == number)
        apart = SERVICE_S / lanes / 60
        # one after the other: nobody before opening, nobody before the one ahead has passed
        order = np.arange(mine.size) * apart
        entered[mine] = np.maximum.accumulate(np.maximum(arrived[mine], OPEN_MIN) - order) + order
    inside = entered < LAST_MIN
    arrived, entered, gate = arrived[inside], entered[inside], gate[inside]
    left_until = np.clip((CLOSE_MIN - entered) / (CLOSE_MIN - OPEN_MIN), 0.03, 1)
    stay = random.lognormal(np.log(235 * left_until**0.45), 0.40)
    leaves = np.minimum(entered + stay, CLOSE_MIN - 8 + random.triangular(0, 8, 50, arrived.size))
    return arrived, entered, np.maximum(leaves, entered + 5), gate


def counted(t: int, minutes: int) -> np.ndarray:
    """[gate, interval from 05:30, in and out]."""
    _, entered, leaves, gate = persons(t)
    edges = np.arange(FIRST_MIN, FIRST_MIN + SLOTS * SLOT_MIN + 1, minutes)
    return np.stack(
        [
            np.stack([np.histogram(moments[gate == number], edges)[0] for moments in (entered, leaves)], axis=1)
            for number in range(len(GATES))
        ]
    )


def by_metro(t: int) -> tuple[np.ndarray, np.ndarray]:
    """[slot] persons leaving the expo's stations in the morning, and entering them again."""
    arrived, _, leaves, _ = persons(t)
    edges = np.arange(FIRST_MIN, FIRST_MIN + SLOTS * SLOT_MIN + 1, SLOT_MIN)
    return METRO_SHARE * np.histogram(arrived - 7, edges)[0], METRO_SHARE * np.histogram(leaves + 9, edges)[0]


def history_rows() -> Iterator[list[object]]:
    for t in range(LIVE_T):
        flows = counted(t, SLOT_MIN)
        for slot in range((CLOSE_MIN + 60 - FIRST_MIN) // SLOT_MIN):
            time = datetime.combine(on(t), datetime.min.time()) + timedelta(minutes=FIRST_MIN + slot * SLOT_MIN)
            for number, gate in enumerate(GATES):
                yield [f"{time:%Y-%m-%d %H:%M}", gate, *flows[number, slot]]


def live_lines() -> list[str]:
    """Readings of the third day in the order they came in: some late, some twice, one counter at fault, one silent."""
    random = np.random.Generator(np.random.Philox([2026, LIVE_T, 1]))
    day: date = on(LIVE_T)
    flows = counted(LIVE_T, STEP_MIN)
    sent: list[tuple[float, str]] = []
    for number, gate in enumerate(GATES):
        half = random.binomial(flows[number], 0.5)
        for counter, values in zip(COUNTERS, (half, flows[number] - half), strict=True):
            seq = 0
            for step in range((450 - FIRST_MIN) // STEP_MIN, (CLOSE_MIN + 60 - FIRST_MIN) // STEP_MIN):
                minute = FIRST_MIN + step * STEP_MIN
                seq += 1
                if (gate, counter) == ("gate-e", "b") and 775 <= minute < 850:
                    continue  # silent, never sent
                entered, left = (int(value) for value in values[step])
                if gate == "gate-n" and 525 <= minute < 600:
                    entered *= 2  # counts everybody twice
                time = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                line = json.dumps(
                    {
                        "time": f"{time:%Y-%m-%d %H:%M}",
                        "node": gate,
                        "in": entered,
                        "out": left,
                        "counter": f"{gate}-{counter}",
                        "seq": seq,
                    }
                )
                late = float(random.exponential(25)) if random.random() < 0.02 else float(random.random())
                sent.append((minute + STEP_MIN + late, line))
                if random.random() < 0.01:
                    sent.append((minute + STEP_MIN + late + 3, line))
    return [line for _, line in sorted(sent)]
