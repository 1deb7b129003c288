"""Sites of tests: small ones made by hand and random ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tminus.engines.forecast.arrivals import Audience, Booked, Gate, Hall, Opened, Site, Terminal


def harbour_fair(lanes: float = 20, service_s: float = 4.0, booked: tuple[Booked, ...] = ()) -> Site:
    """Two gates, a metro station and a car park, two halls, three origins."""
    return Site(
        opening_minute=540,
        closing_minute=1080,
        audiences=(
            Audience("buyer", 0.6, {"metro": 0.7, "car": 0.3}, halls={"h1": 1, "h2": 3}),
            Audience("visitor", 0.4, {"metro": 0.9, "car": 0.1}, stay_min=240, stay_sd_min=90),
        ),
        gates=(
            Gate("west", (Opened(540, 1080, lanes, service_s),)),
            Gate("east", (Opened(540, 1080, lanes / 2, service_s),)),
        ),
        terminals=(Terminal("station", "metro"), Terminal("park", "car")),
        walk_min=np.array([[3.0, 9.0], [10.0, 4.0]]),
        halls=(Hall("h1", 1000), Hall("h2", 2000)),
        hall_walk_min=np.array([[2.0, 5.0], [5.0, 2.0]]),
        origins=("a", "b", "c"),
        origin_weight=np.array([1.0, 2.0, 1.0]),
        travel_min=np.array([[12.0, np.inf], [30.0, np.inf], [47.0, np.inf]]),
        booked=booked,
    )


@st.composite
def any_sites(draw: st.DrawFn) -> Site:
    count = lambda most: draw(st.integers(1, most))  # noqa: E731
    gates, terminals, halls = count(3), count(3), draw(st.integers(0, 3))
    opening = draw(st.sampled_from([480, 540, 555, 613]))
    closing = opening + draw(st.sampled_from([180, 540, 900]))
    number = st.floats(0.1, 40)
    minutes = lambda *shape: np.array(  # noqa: E731
        draw(st.lists(number, min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))), dtype=float
    ).reshape(shape)
    modes = [draw(st.sampled_from(["metro", "car"])) for _ in range(terminals)]
    origins = draw(st.integers(0, 3)) if "metro" in modes else 0
    audiences = tuple(
        Audience(f"k{n}", draw(st.floats(0.1, 1)), {mode: draw(st.floats(0.1, 1)) for mode in sorted(set(modes))})
        for n in range(count(3))
    )
    opened = [
        draw(st.sampled_from([(), (Opened(opening - 30, closing, draw(st.floats(0, 6)), 5.0),)])) for _ in range(gates)
    ]
    return Site(
        opening, closing, audiences,
        tuple(Gate(f"g{n}", opened[n]) for n in range(gates)),
        tuple(Terminal(f"t{n}", mode) for n, mode in enumerate(modes)),
        minutes(terminals, gates),
        tuple(Hall(f"h{n}") for n in range(halls)),
        minutes(gates, halls) if halls else None,
        tuple(f"o{n}" for n in range(origins)),
        minutes(origins) if origins else None,
        "metro",
        np.where(np.array(modes) == "metro", minutes(origins, terminals), np.inf) if origins else None,
        last_entry_minute=draw(st.sampled_from([None, closing])),
    )  # fmt: skip
