"""One ``Idempotency-Key`` from several processes at once, on a real SQLite file: carried out once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.server import environment, python, tminus

pytestmark = pytest.mark.slow  # an installation is made, and processes started on it

SETUP = """
from tests.harbour import build_harbour
from tminus.platform.registry import load_registry, perform
load_registry()
print(perform("token.create", {"name": "a program"}, person=build_harbour().hq)["secret"])
"""
ASK = """
import sys, time
import django; django.setup()
from django.test import Client
client, secret, at = Client(SERVER_NAME="localhost"), sys.argv[1], float(sys.argv[2])
client.get("/healthz")
time.sleep(max(at - time.time(), 0))
headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": "k1"}
answer = client.post("/api/act/token.create", {"name": "x"}, content_type="application/json", **headers)
print(answer.status_code, "Idempotency-Replayed" in answer.headers, answer.content.decode())
"""
COUNT = """
import json
from tminus.platform.models import ApiToken, KeptAnswer, RecordLine
made = RecordLine.objects.filter(code="token.create").count()
print(json.dumps([ApiToken.objects.filter(name="x").count(), KeptAnswer.objects.count(), made]))
"""


def test_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    secret, together = python(home, SETUP).strip(), str(time.time() + 8)
    command = [sys.executable, "-c", ASK, secret, together]
    asking = [subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [one.communicate(timeout=120)[0].strip().split(" ", 2) for one in asking]
    assert [answer[0] for answer in answers] == ["200"] * 4
    assert len({answer[2] for answer in answers}) == 1
    assert sorted(answer[1] for answer in answers) == ["False", "True", "True", "True"]
    assert json.loads(python(home, COUNT)) == [1, 1, 2]
