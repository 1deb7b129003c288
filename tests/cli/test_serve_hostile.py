"""Serving under settings that cannot be, and with a database that goes away: one line, one page, and back again."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import postgresql
from tests.cli.server import TMINUS, Server, environment, python, tminus

pytestmark = pytest.mark.slow

REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "base_url": ({"TMINUS_BASE_URL": "nonsense"}, "base_url: 'nonsense'; allowed: https://"),
    "behind_proxy": ({"TMINUS_BEHIND_PROXY": "maybe"}, "behind_proxy: 'maybe'; allowed: true, false"),
    "smtp_url": ({"TMINUS_SMTP_URL": "http://x"}, "smtp_url: 'http://x'; allowed: smtp://"),
    "tick": ({"TMINUS_TICK_S": "often"}, "TMINUS_TICK_S: 'often'; allowed: 0.05"),
    "certificate": ({"TMINUS_HTTPS_CERTIFICATE": "/none.pem"}, "https_certificate: '/none.pem' is no file"),
    "other_database": ({"TMINUS_DATABASE_URL": "mysql://x/y"}, "database_url: 'mysql' is not known; allowed: postgres"),
    "no_database": ({"TMINUS_DATABASE_URL": "postgresql://x"}, "database_url: names no database; allowed: postgresql"),
    "port": ({"TMINUS_DATABASE_URL": "postgresql://u:hunter2@h:abc/x"}, "database_url: Port could not be cast"),
    "nobody_there": (
        {"TMINUS_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"},
        "database_url: connection failed",
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile") / "home"
    assert tminus(place, "init", str(place)).returncode == 0
    return place


def refused(home: Path, said: str, *options: str, **settings: str) -> None:
    done = subprocess.run(
        [*TMINUS, "serve", "--home", str(home), *options],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr[-2000:]
    assert said in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("name", REFUSED)
def test_a_setting_that_cannot_be_is_named(home: Path, name: str) -> None:
    settings, said = REFUSED[name]
    refused(home, said, **settings)


def test_a_home_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in ("file", "nowhere"):
        refused(tmp_path / place, place)
    for kept, content, said in (
        ("secret.key", b"\xff\xfe", "is not the key"),
        ("secret.key", b"", "is empty"),
        ("tminus.toml", b"\xff", "not valid TOML"),
        ("tminus.toml", b"colour = 1", "unknown setting 'colour'; allowed: database_url"),
        ("tminus.sqlite3", b"not a database at all", "database: file is not a database"),
    ):
        place = tmp_path / f"{kept}-{len(content)}"
        place.mkdir()
        (place / "secret.key").write_text("key")
        (place / kept).write_bytes(content)
        refused(place, said)


def test_a_port_that_is_taken_is_named(home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(home, f"127.0.0.1:{port}: Address already in use; choose another", "--port", str(port))


@pytest.fixture
def cluster() -> Iterator[postgresql.Cluster]:
    bin = postgresql.programs()
    if bin is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    running = postgresql.start(bin)
    yield running
    running.stop()


def test_a_database_that_goes_away_and_comes_back(cluster: postgresql.Cluster, tmp_path: Path) -> None:
    home, url = tmp_path / "home", cluster.create("away")
    made = environment(home, TMINUS_DATABASE_URL=url)
    subprocess.run([*TMINUS, "init", str(home)], env=made, check=True, capture_output=True, timeout=60)
    with Server(home, TMINUS_DATABASE_URL=url, TMINUS_TICK_S="0.3") as server:
        assert page(server)[0] == 200
        control(cluster, "stop", "-m", "immediate")
        status, again, text = page(server)
        assert (status, again) == (503, "10")
        assert "The database does not answer just now" in text
        assert "Traceback" not in text
        assert server.process.poll() is None
        control(cluster, "start", "-l", str(cluster.folder / "log"))
        until = time.monotonic() + 30
        while page(server)[0] != 200:
            assert time.monotonic() < until, "it did not come back"
            time.sleep(0.2)
        assert server.process.poll() is None


def control(cluster: postgresql.Cluster, what: str, *more: str) -> None:
    folder = cluster.folder
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    given = ["-o", options] if what == "start" else []
    postgresql.as_nobody(str(cluster.bin / "pg_ctl"), "-D", str(folder / "data"), "-w", what, *given, *more)


def page(server: Server) -> tuple[int, str | None, str]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=40)
    try:
        connection.request("GET", "/", headers={"Cookie": "sessionid=" + "a" * 32})
        answer = connection.getresponse()
        if answer.status == 302:
            return 200, None, ""
        return answer.status, answer.headers["Retry-After"], answer.read().decode()
    finally:
        connection.close()


def test_a_disk_that_is_full_is_told_on_one_page_and_nothing_is_half_written(home: Path) -> None:
    token = (home / "setup.token").read_text()
    person = {"token": token, "username": "first", "name_en": "First", "password": "correct horse battery"}
    with Server(home) as server:
        assert post(server, "/setup/", person, full_disk=True) == 503
        assert server.process.poll() is None
        assert post(server, "/setup/", person) in {302, 303}
    stand = "from tminus.platform.models import Person\nprint(*Person.objects.values_list('username', flat=True))"
    assert python(home, stand).split() == ["first"]
    assert tminus(home, "record", "verify").returncode == 0


def post(server: Server, path: str, fields: dict[str, str], *, full_disk: bool = False) -> int:
    """With the form's own cookie; ``full_disk``: no process of the server may let a file grow beyond a kilobyte."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET", path)
        form = connection.getresponse()
        form.read()
        cookie = form.headers["Set-Cookie"].partition(";")[0]
        body = urlencode(fields | {"csrfmiddlewaretoken": cookie.partition("=")[2]})
        given = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        limit = (1024, resource.RLIM_INFINITY) if full_disk else (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        for pid in descendants(server.process.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        connection.request("POST", path, body, given)
        return connection.getresponse().status
    finally:
        connection.close()


def descendants(pid: int) -> list[int]:
    own = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*own, *(further for child in own for further in descendants(child))]
