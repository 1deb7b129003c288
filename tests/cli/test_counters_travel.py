"""``tminus import`` and ``export``: counters and readings of an event folder come out as they went in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.server import tminus
from tests.formats.event_folder.documented import EVENT
from tminus.formats.event_folder.readings import FILE, Readings, write_readings

pytestmark = pytest.mark.slow  # a process each
COUNTERS = (
    "code,node,channels,kind,every_s,most_per_min,edge,note,believed,halved,retired\n"
    "g1,gate-w,both,interval,300,1000,1,east side,1,2026-11-05T01:00:00+00:00/..,\n"
    "old,gate-w,in,cumulative,60,200,0,,0,,2026-11-06T12:00:00+00:00\n"
)
NODES = "id,kind,lon,lat,name_en,name_zh,level\ngate-w,gate,121.3,31.2,Gate West,,\n"


def test_they_come_out_as_they_went_in(tmp_path: Path) -> None:
    folder, home, out = tmp_path / "event", tmp_path / "home", tmp_path / "out"
    folder.mkdir()
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    (folder / "counters.csv").write_text(COUNTERS, encoding="utf-8")
    at = 1_793_840_400 + 300 * np.arange(40)
    zero, no = np.zeros(40, dtype=np.int64), np.zeros(40, dtype=np.bool_)
    write_readings(folder / FILE, [Readings("g1", at, zero - 1, zero + 7, zero, no),
                                   Readings("old", at, zero + 3, 5 * np.arange(40), zero, no)])  # fmt: skip
    assert tminus(home, "init", str(home)).returncode == 0
    done = tminus(home, "import", str(folder), "--home", str(home), "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)["counts"]
    assert (counts["counters"], counts["readings"]) == (2, 80)
    written = tminus(home, "export", "harbour", str(out), "--home", str(home))
    assert written.returncode == 0, written.stderr
    assert (out / "counters.csv").read_text(encoding="utf-8") == COUNTERS
    assert (out / FILE).read_bytes() == (folder / FILE).read_bytes()
