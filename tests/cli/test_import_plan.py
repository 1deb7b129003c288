"""``tminus import FILE``: compared first, applied when asked to, refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.server import python, tminus

pytestmark = pytest.mark.slow  # a process each
BOOK = "ID,Task,Duration,Predecessors,Unit\nA,Survey,5d,,roads\nB,Pave,10d,A,roads\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("import") / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, "from tests.harbour import build_harbour\nbuild_harbour()")
    return home


def keys(home: Path) -> list[str]:
    code = "import json\nfrom tminus.desks.planning.models import Task\n"
    found: list[str] = json.loads(
        python(home, f"{code}print(json.dumps(list(Task.objects.values_list('key', flat=True))))")
    )
    return found


def test_first_what_would_change_then_the_change(home: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text(BOOK, encoding="utf-8")
    tried = tminus(home, "import", str(book), "--as", "hq", "--json")
    assert tried.returncode == 0, tried.stderr
    found = json.loads(tried.stdout)
    assert (found["event"], found["applied"], found["added"], found["links_added"]) == ("harbour", False, 2, 1)
    assert [one["key"] for one in found["difference"]["added"]] == ["A", "B"]
    assert keys(home) == []
    said = tminus(home, "import", str(book), "--as", "hq", "--dry-run").stdout.splitlines()
    assert said[:2] == ["+ A Survey", "+ B Pave"] and said[-1] == "nothing changed yet; --apply imports it"
    done = tminus(home, "import", str(book), "--as", "hq", "--apply")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "imported" and "scheduling" in done.stderr
    assert keys(home) == ["A", "B"]
    book.write_text(BOOK.replace("B,Pave,10d,A,roads\n", ""), encoding="utf-8")
    kept = tminus(home, "import", str(book), "--as", "hq", "--apply")
    assert "- B Pave (stays; --remove takes it out)" in kept.stdout
    assert keys(home) == ["A", "B"]  # what the file does not have stays, unless asked
    assert tminus(home, "import", str(book), "--as", "hq", "--apply", "--remove").returncode == 0
    assert keys(home) == ["A"]


def test_a_mapping_says_which_column_is_which(home: Path, tmp_path: Path) -> None:
    book, mapping = tmp_path / "book.csv", tmp_path / "mapping.json"
    book.write_text("Nr,Was,Wie lange\nM1,Plakate,3d\n", encoding="utf-8")
    mapping.write_text(json.dumps({"fields": {"id": "Nr", "name": "Was", "duration": "Wie lange"}}), encoding="utf-8")
    done = tminus(home, "import", str(book), "--as", "hq", "--mapping", str(mapping), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 1


MISTAKES = [
    (["{book}"], "--as is needed"),
    (["{book}", "--as", "paver"], "needs headquarters access"),
    (["{book}", "--as", "hq", "--event", "moon"], "allowed: harbour"),
    (["{bad}", "--as", "hq", "--apply"], "1 values cannot be taken; nothing was imported"),
    (["{book}.mpp", "--as", "hq"], "no such file"),
    (["{folder}", "--as", "hq"], "is for a plan file"),
]


def test_mistakes_are_one_line(home: Path, tmp_path: Path) -> None:
    names = {"book": tmp_path / "book.csv", "bad": tmp_path / "bad.csv", "folder": tmp_path}
    names["book"].write_text(BOOK, encoding="utf-8")
    names["bad"].write_text(BOOK.replace("10d", "soon"), encoding="utf-8")
    before = keys(home)
    for arguments, said in MISTAKES:
        done = tminus(home, "import", *(argument.format(**names) for argument in arguments))
        assert done.returncode == 2 and done.stdout == ""
        assert said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
    assert keys(home) == before
