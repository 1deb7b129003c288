"""A small event for tests of the platform and the desks: a tree of units, posts of every reach, people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tminus.platform.models import Appointment, Event, Person, Post, Rank, Reach, Unit


@dataclass(frozen=True, slots=True)
class Harbour:
    """``hq`` reaches everything, ``roads_head`` the roads subtree, ``paver`` one team, ``leader`` reads, …"""

    event: Event
    units: dict[str, Unit]
    posts: dict[str, Post]
    people: dict[str, Person]

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


UNITS = [
    ("hq", None, "Headquarters", "指挥部", "headquarters"),
    ("roads", "hq", "City Works", "市政工程局", "department"),
    ("paving", "roads", "Paving team", "铺装班组", "team"),
    ("health", "hq", "Health Commission", "卫生健康委", "department"),
]
POSTS = [
    ("hq-planner", "hq", Rank.HEAD, Reach.EVENT, "hq"),
    ("leader", "hq", Rank.MEMBER, Reach.LEADERSHIP, "leader"),
    ("roads-head", "roads", Rank.HEAD, Reach.SUBTREE, "roads_head"),
    ("paving-head", "paving", Rank.HEAD, Reach.OWN, "paver"),
    ("paving-member", "paving", Rank.MEMBER, Reach.OWN, "hand"),
    ("health-head", "health", Rank.HEAD, Reach.SUBTREE, "health_head"),
    ("press", "hq", Rank.MEMBER, Reach.OBSERVER, "observer"),
]


def build_harbour(slug: str = "harbour") -> Harbour:
    event = Event.objects.create(
        slug=slug,
        name_en="Harbour Expo",
        name_zh="港湾博览会",
        timezone="Asia/Shanghai",
        opening=date(2026, 11, 5),
        closing=date(2026, 11, 10),
    )
    units: dict[str, Unit] = {}
    for code, parent, name_en, name_zh, kind in UNITS:
        above = units.get(parent or "")
        path = f"{above.path if above else '/'}{code}/"
        units[code] = Unit.objects.create(
            event=event, code=code, name_en=name_en, name_zh=name_zh, kind=kind, parent=above, path=path
        )
    posts, people = {}, {}
    for code, unit, rank, reach, who in POSTS:
        posts[code] = Post.objects.create(
            event=event, code=code, unit=units[unit], title_en=code.replace("-", " "), rank=rank, reach=reach
        )
        people[who] = _person(who, slug)
        Appointment.objects.create(post=posts[code], person=people[who])
    people["stranger"] = _person("stranger", slug)
    people["admin"] = _person("admin", slug)
    people["admin"].is_administrator = True
    people["admin"].save()
    return Harbour(event, units, posts, people)


def _person(who: str, slug: str) -> Person:
    username = who if slug == "harbour" else f"{who}-{slug}"
    person = Person(username=username, name_en=who.replace("_", " ").title(), email=f"{username}@example.org")
    person.set_password("correct horse battery")
    person.save()
    return person


@pytest.fixture
def harbour(db: None) -> Harbour:
    return build_harbour()
