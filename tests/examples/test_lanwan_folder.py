"""The folder as a whole: generated anew it is the same bytes; both languages are complete; sizes are as asked."""

import filecmp
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.examples.lanwan_folder import FOLDER, document, leaves, table

GENERATED = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".json", ".jsonl", ".geojson"))
ARRAYS = "history.npz"
"""Compressed: the same bytes only with the same zlib."""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_generator_writes_the_committed_bytes(tmp_path: Path, hash_seed: str) -> None:
    script = FOLDER.parent / "make_lanwan.py"
    subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        check=True,
        cwd=tmp_path,
        env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*GENERATED, ARRAYS])
    with np.load(tmp_path / ARRAYS) as made, np.load(FOLDER / ARRAYS) as committed:
        assert set(made.files) == set(committed.files)
        for name in made.files:
            np.testing.assert_array_equal(made[name], committed[name])
    same, different, errors = filecmp.cmpfiles(tmp_path, FOLDER, GENERATED, shallow=False)
    assert (different, errors) == ([], [])
    assert same == GENERATED


def test_files_are_small_utf8_with_line_feeds() -> None:
    content = {name: (FOLDER / name).read_bytes() for name in GENERATED}
    assert sum(map(len, content.values())) < 3_000_000
    for name, data in content.items():
        assert b"\r" not in data, name
        assert data.endswith(b"\n"), name
        data.decode("utf-8")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("units", 55, 65), ("people", 220, 240), ("posts", 190, 230), ("areas", 15, 15)],
)
def test_sizes(name: str, low: int, high: int) -> None:
    assert low <= len(table(name)) <= high


def test_size_of_the_plan() -> None:
    rows = leaves()
    assert 500 <= len(rows) <= 800
    assert len({row["Task"] for row in rows}) == len(rows)
    in_general = {"".join(ch for ch in row["Task"].split(",")[0] if not ch.isdigit()) for row in rows}
    assert len(in_general) >= 250


@pytest.mark.parametrize("name", ["units", "people", "areas", "nodes"])
def test_both_languages(name: str) -> None:
    for row in table(name):
        assert row["name_en"].isascii() or all(ord(ch) < 0x2E80 for ch in row["name_en"]), row
        assert any(ord(ch) > 0x2E80 for ch in row["name_zh"]), row


def test_plan_and_posts_in_both_languages() -> None:
    for row in table("plan"):
        assert not any(ord(ch) > 0x2E80 for ch in row["Task"]), row
        assert any(ord(ch) > 0x2E80 for ch in row["Task (zh)"]), row
        assert "{" not in row["Task"] + row["Task (zh)"]
    for row in table("posts"):
        assert row["title_en"]
        assert any(ord(ch) > 0x2E80 for ch in row["title_zh"]), row


def test_event_says_it_is_fictional_and_when_it_is() -> None:
    event = document("event.json")
    assert event["fictional"] is True
    assert (event["opening"], event["closing"], event["as_of"]) == ("2026-11-05", "2026-11-10", "T-80")
    ends = [(phase["from_t"], phase["to_t"]) for phase in event["phases"]]
    assert (ends[0][0], ends[-1][1]) == (-150, 20)
    assert all(after == before + 1 for (_, before), (after, _) in pairwise(ends))


def test_readme_gives_the_measured_counts() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    links = sum(len([part for part in row["Predecessors"].split(";") if part]) for row in leaves())
    summaries = len(table("plan")) - len(leaves())
    assert f"{len(leaves())} leaf tasks, {summaries} summaries, {links} links" in page
    assert f"{len(table('people'))} people, {len(table('posts'))} posts" in page
    assert f"{len(table('nodes'))} nodes, {len(table('links')):,} links" in page
    assert f"{len(table('progress'))} tasks reported" in page
    assert f"{len(table('progress_reports')):,} reports" in page
    assert f"{len(document('map.geojson')['features'])} features" in page


def test_readme_gives_the_state_at_t80() -> None:
    page = " ".join((FOLDER / "README.md").read_text("utf-8").split())
    done = {row["ID"] for row in table("progress") if row["Actual finish"]}
    due = [row for row in leaves() if row["Finish"] < "2026-08-17"]
    late = [row for row in due if row["ID"] not in done]
    nobody = sum(not row["Responsible"] for row in late)
    assert f"{len(due)} tasks are due, {len(late)} of them are not done, {nobody} of those have nobody" in page

    def share(rows: list[dict[str, str]]) -> int:
        return round(100 * sum(int(row["Weight"]) for row in rows) / sum(int(row["Weight"]) for row in leaves()))

    assert f"{share([row for row in leaves() if row['ID'] in done])} % of the weighted plan is done" in page
    assert f"where {share(due)} % was published" in page
