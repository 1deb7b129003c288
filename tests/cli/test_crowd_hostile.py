"""Bad files and options to ``tminus simulate``, ``verify`` and ``routes``: each one clear line, exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tminus.cli import main

GOOD = {
    "nodes.csv": "id,kind,x,y\na,station,0,0\ng,gate,80,0\nb,exit,130,0\n",
    "links.csv": "id,from,to,length_m,width_m,kind,twoway\nl,a,g,80,4,corridor,1\nd,g,b,5,2,door,1\n",
    "od.csv": "origin,destination,from,to,persons\na,b,08:00,08:05,20\n",
    "gates.csv": "node,from_s,to_s,lanes,mean_s,cv\ng,0,7200,2,4,0.5\n",
    "scenario.json": '{"name": "x", "start": "2026-11-06T08:00"}',
}
CHANGES = "at_s,element,field,value\n"
RUNS = "run,line,node,arrive_s,depart_s,capacity_p\n"


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    told = capsys.readouterr()
    assert stopped.value.code == 2 and not told.out
    assert told.err.startswith("tminus: ") and told.err.count("\n") == 1, told.err
    return told.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nodes.csv", b"\xff\xfe\x00\x01\x80" * 40, "nodes.csv: "),
        ("nodes.csv", "id,kind,lon,lat\na,station,0,999\ng,gate,1,0\nb,exit,1,1\n", "lat"),
        ("nodes.csv", GOOD["nodes.csv"] + "a,exit,1,1\n", "'a'"),
        ("links.csv", GOOD["links.csv"].replace("80,4,", "80,nan,"), "width_m"),
        ("links.csv", GOOD["links.csv"].replace("80,4,", "80,1e400,"), "width_m"),
        ("links.csv", GOOD["links.csv"].replace("80,4,", "-80,4,"), "length"),
        ("links.csv", GOOD["links.csv"].replace("l,a,g", "l,a,a"), "another node than from"),
        ("links.csv", GOOD["links.csv"].replace("l,a,g", "l,a,zz"), "zz"),
        ("od.csv", GOOD["od.csv"].replace(",20", ",1e12"), "persons"),
        ("od.csv", GOOD["od.csv"].replace("08:05", "25:99"), "25:99"),
        ("od.csv", None, "trips.csv"),
        ("trips.csv", "depart_s,origin,destination,via\n0,a,b,g:xx\n", "trips.csv"),
        ("gates.csv", GOOD["gates.csv"].replace("7200,2", "7200,1e9"), "lanes"),
        ("gates.csv", GOOD["gates.csv"].replace("2,4,", "2,0,"), "mean_s"),
        ("controls.csv", CHANGES + "1,zz,open,0\n", "zz"),
        ("controls.csv", CHANGES + "1,l,opn,0\n", "opn"),
        ("timetable.csv", RUNS + "r,1,a,10,10,5\n", "r"),
        ("gtfs.zip", b"PKnothing", "gtfs.zip"),
        ("scenario.json", "[" * 100_000, "scenario.json"),
        ("scenario.json", '{"step_s": 0}', "step_s"),
        ("scenario.json", '{"routing": []}', "routing"),
        ("scenario.json", '{"start": "yesterday"}', "start"),
        ("network.geojson", '{"a":' * 50_000, "network.geojson"),
    ],
)
def test_a_bad_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | bytes | None, said: str
) -> None:
    files: dict[str, str | bytes | None] = {**GOOD, name: content}
    if name == "trips.csv":
        files["od.csv"] = None
    for file, text in files.items():
        if text is not None:
            (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert said in refused(capsys, "simulate", str(tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--until", "nan"], ["--until", "-1"], ["--until", "inf"], ["--seed", "-1"], ["--seed", "1e3"],
        ["--seed", "9" * 20], ["--replications", "0"], ["--engine", "x"], ["--day", "2026-99-99"], ["--sample", "3"],
        ["--measures", "none"], ["--nope"],
    ],
)  # fmt: skip
def test_a_bad_option_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    for file, text in GOOD.items():
        (tmp_path / file).write_text(text, "utf-8")
    assert arguments[0] in refused(capsys, "simulate", str(tmp_path), *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify"], "Missing argument"),
        (["verify", "x"], "'x'; allowed: crowd"),
        (["verify", "crowd", "--nope"], "--nope"),
        (["routes"], "Missing command"),
        (["routes", "x"], "No such command"),
        (["routes", "gates", "none.csv", "--arrivals", "none.csv"], "none.csv: cannot be read"),
        (["routes", "one-way", "nowhere", "--od", "none.csv"], "nowhere: is not a folder"),
        (["simulate", "nowhere"], "nowhere"),
    ],
)
def test_a_bad_call_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(capsys, *arguments)
