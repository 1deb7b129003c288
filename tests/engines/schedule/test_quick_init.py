"""Data that is quickly made is the same data."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from tminus.engines.schedule import Duration, Link, Task
from tminus.engines.schedule.quick_init import quick_init


@dataclass(frozen=True, slots=True)
class Usual:
    name: str
    size: int = 3
    kept: dict[str, str] = field(default_factory=dict)


@quick_init
@dataclass(frozen=True, slots=True)
class Quick:
    name: str
    size: int = 3
    kept: dict[str, str] = field(default_factory=dict)


def test_it_takes_the_same_and_is_the_same() -> None:
    assert repr(Quick("a")) == repr(Usual("a")).replace("Usual", "Quick")
    assert Quick("a", kept={"b": "c"}) == Quick(name="a", size=3, kept={"b": "c"}) != Quick("a")
    assert list(inspect.signature(Quick).parameters) == list(inspect.signature(Usual).parameters)
    assert Quick("a").kept is not Quick("a").kept
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Quick("a", colour="red")  # type: ignore[call-arg]


def test_it_is_frozen_once_made() -> None:
    made = Quick("a")
    assert type(made) is Quick
    with pytest.raises(FrozenInstanceError):
        made.name = "b"  # type: ignore[misc]


def test_tasks_are_replaced_hashed_copied_and_pickled() -> None:
    link, task = Link("A", "B", lag=Duration(60)), Task("A", "a", extra={"colour": "red"})
    assert hash(link) == hash(Link("A", "B", lag=Duration(60)))
    assert replace(task, name="b").extra == {"colour": "red"}
    assert copy.deepcopy(task) == pickle.loads(pickle.dumps(task)) == task


def test_other_classes_are_refused() -> None:
    with pytest.raises(TypeError, match="Plain; allowed: a dataclass with slots"):

        @quick_init
        @dataclass(frozen=True, slots=True)
        class Plain:
            name: str

            def __post_init__(self) -> None:
                """Would not be called."""
