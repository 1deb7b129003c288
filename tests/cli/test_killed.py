"""Kill everything at any moment, as a power cut does: nothing is half-written and the record verifies."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.server import Server, environment, python, tminus

pytestmark = pytest.mark.slow  # ten servers started and killed

ROUNDS = 5
EDITS = """
import sys, uuid
from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty, step
from tminus.platform.models import Event, Person, Post, Unit
event = Event.objects.get()
harbour = Harbour(event, {unit.code: unit for unit in event.units.all()},
                  {post.code: post for post in event.posts.all()},
                  {person.username: person for person in Person.objects.all()})
while True:
    code = uuid.uuid4().hex
    unit = Unit.objects.create(event=event, code=code, name_en="x", path=f"/hq/{code}/")
    duty = new_duty(harbour, about=unit)
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "submit", "paver", note="done", files=[{"name": "a.txt", "content": "eA=="}])
    step(harbour, duty, "accept", "roads_head")
    sys.stdout.write("x\\n")
    sys.stdout.flush()
"""
WHOLE = """
from pathlib import Path
from django.conf import settings
from django.db.models import Count
from tminus.platform.backup.chain import check_chains
from tminus.platform.models import Duty, Evidence, RecordLine
lines = check_chains({})
steps = {"duty.issued": 0, "duty.acknowledge": 1, "duty.submit": 2, "duty.accept": 3}
states = ["assigned", "acknowledged", "submitted", "accepted"]
for duty in Duty.objects.all():
    taken = list(RecordLine.objects.filter(object_type="platform.duty", object_id=str(duty.pk))
                 .order_by("seq").values_list("code", flat=True))
    taken = [code for code in taken if code in steps]
    assert [steps[code] for code in taken] == list(range(len(taken))), taken
    assert duty.state == states[len(taken) - 1], (duty.state, taken)
    assert duty.evidence.count() == (len(taken) > 2)
for row in Evidence.objects.all():
    assert (Path(settings.MEDIA_ROOT) / row.file.name).read_bytes() == b"x"
noted = [line.split() for line in (settings.CONFIG.home / "record-heads.log").read_text().splitlines()]
by_seq = {(line.chain, line.seq): line.hash for line in RecordLine.objects.all()}
assert all(by_seq.get((chain, int(seq))) == value for chain, seq, value in noted), "a noted head is not in the record"
print(lines)
"""


def test_killed_again_and_again_nothing_is_half_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, "from tests.harbour import build_harbour\nbuild_harbour()")
    moments, last = random.Random(7), 0
    for _ in range(ROUNDS):
        with Server(home) as server:
            command = [sys.executable, "-c", f"import django; django.setup()\n{EDITS}"]
            writers = [subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE) for _ in "ab"]
            for writer in writers:
                assert writer.stdout is not None
                assert writer.stdout.readline() == b"x\n", "the writer is at work"
            time.sleep(moments.random())
            for writer in writers:
                writer.kill()
            server.kill()
            for writer in writers:
                writer.communicate()
        lines = int(python(home, WHOLE))
        assert lines > last, "each round must have written something, or it shows nothing"
        last = lines
