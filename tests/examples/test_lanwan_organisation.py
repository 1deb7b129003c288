"""Units, people and posts fit together."""

from tests.examples.lanwan_folder import document, table

UNITS = {row["id"]: row for row in table("units")}
PEOPLE = {row["id"]: row for row in table("people")}
POSTS = table("posts")


def test_unit_tree_has_one_root() -> None:
    assert [row["id"] for row in UNITS.values() if not row["parent"]] == ["LG"]
    for unit in UNITS.values():
        seen = set()
        while unit["parent"]:
            assert unit["id"] not in seen
            seen.add(unit["id"])
            unit = UNITS[unit["parent"]]


def test_temporary_units_have_dates_and_standing_ones_none() -> None:
    for unit in UNITS.values():
        assert (unit["temporary"] == "1") == bool(unit["from"] and unit["until"]), unit
        assert unit["from"] <= unit["until"]


def test_sixteen_guarantee_groups_and_five_districts() -> None:
    kinds = [unit["kind"] for unit in UNITS.values()]
    assert (kinds.count("group"), kinds.count("district")) == (16, 5)


def test_posts_refer_to_units_and_people() -> None:
    assert len({post["id"] for post in POSTS}) == len(POSTS)
    for post in POSTS:
        assert post["unit"] in UNITS
        assert not post["holder"] or post["holder"] in PEOPLE
        assert post["rank"] in {"head", "deputy", "member", "liaison"}
        assert post["reach"] in {"own", "subtree", "event", "leadership", "observer"}


def test_staffed_temporary_posts_keep_a_standing_home_unit() -> None:
    for post in POSTS:
        temporary = UNITS[post["unit"]]["temporary"] == "1"
        assert bool(post["home_unit"]) == bool(temporary and post["holder"]), post
        if post["home_unit"]:
            assert UNITS[post["home_unit"]]["temporary"] == "0"


def test_some_posts_are_vacant_and_nobody_holds_two() -> None:
    holders = [post["holder"] for post in POSTS if post["holder"]]
    assert 5 <= len(POSTS) - len(holders) <= 20
    assert len(set(holders)) == len(holders)


def test_people_are_distinct_and_unreachable() -> None:
    for column in ("id", "name_en", "email", "phone"):
        assert len({person[column] for person in PEOPLE.values()}) == len(PEOPLE), column
    assert all(person["email"].endswith("@example.org") for person in PEOPLE.values())
    assert all(person["email"].isascii() for person in PEOPLE.values())


def test_demo_accounts_cover_every_reach() -> None:
    event = document("event.json")
    accounts = [account["person"] for account in event["demo_accounts"]]
    assert set(accounts) <= set(PEOPLE)
    reaches = {post["reach"] for post in POSTS if post["holder"] in accounts}
    assert reaches == {"own", "subtree", "event", "leadership", "observer"}
    admins = event["installation_admins"]
    assert set(admins) <= set(accounts)
    assert not any(post["holder"] in admins for post in POSTS)
