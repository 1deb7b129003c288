"""Why opening cannot be met: the exact chain from what drives it to what it breaks."""

from __future__ import annotations

from datetime import date

from tminus.engines.schedule.bounds import DONE, Bounds
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.result import Conflict, Dates, Reason
from tminus.engines.schedule.worktime import Ints, instant


def conflicts_of(
    network: Network, held: Bounds, dates: Dates, total: Ints, back_driver: Ints, opening: date
) -> tuple[Conflict, ...]:
    """One conflict for each task that breaks a bound of its own, the worst first."""
    found = []
    for place in range(network.size):
        if total[place] < 0 and held.state[place] != DONE and back_driver[place] < 0:
            places = driving_chain(network, dates.driver, place)
            found.append(_conflict(network, held, dates, float(total[place]), places, opening))
    return tuple(sorted(found, key=lambda conflict: (-conflict.short_by_days, conflict.chain)))


def driving_chain(network: Network, driver: Ints, place: int) -> list[int]:
    """Places from the first driver to ``place``: each starts when it does because of the one before it."""
    chain = [place]
    while driver[chain[-1]] >= 0:
        chain.append(int(network.forward.ends[driver[chain[-1]]]))
    return chain[::-1]


def names_of(network: Network, places: list[int]) -> list[str]:
    """Identities along a chain; the gates of a summary are named by it, once."""
    gate = {place: code for code, pair in network.gates.items() for place in pair}
    names: list[str] = []
    for place in places:
        node = int(network.node[place])
        name = network.tasks[node].id if node >= 0 else gate[place]
        if not names or names[-1] != name:
            names.append(name)
    return names


def _conflict(network: Network, held: Bounds, dates: Dates, total: float, places: list[int], opening: date) -> Conflict:
    names = names_of(network, places)
    first, last = places[0], places[-1]
    dated = first in held.dated or (last in held.dated and last not in held.after)
    must, can = instant(dates.late_finish[last]), instant(dates.early_finish[last])
    bound = "opening" if must.date() <= opening and not dated else "its latest date"
    detail = (
        f"{names[-1]} must be finished by {must:%Y-%m-%d %H:%M} ({bound}) and cannot be before {can:%Y-%m-%d %H:%M}"
    )
    if first in held.dated:
        detail += f"; {names[0]} is held by a date constraint"
    return Conflict(tuple(names), round(-total, 4), Reason.CONSTRAINT if dated else Reason.NEGATIVE_FLOAT, detail)
