"""Whether the record is whole: every line as it was written, none missing, none in another place, none cut off."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from tminus.platform.models import RecordHead, RecordLine
from tminus.platform.record import heads_file, line_hash

NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind``: edited, missing, broken, forked, cut, head, heads_file; ``seq``: the line it shows at."""

    chain: str
    seq: int
    kind: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def verify(chain: str | None = None) -> list[Finding]:
    """Every finding, of one chain or all; an empty list means the record is whole.

    The file of heads is read first: lines appended meanwhile can only make the chain longer than the file.
    """
    noted = heads_noted()
    with transaction.atomic():
        known = {head.chain: head for head in RecordHead.objects.all()}
        chains = sorted({*known, *noted, *RecordLine.objects.order_by().values_list("chain", flat=True).distinct()})
        wanted = [chain] if chain else chains
        return [found for name in wanted for found in _chain(name, known.get(name), noted.get(name, {}))]


def heads_noted() -> dict[str, dict[int, str]]:
    """Chain → sequence → hash, as the file outside the database has them."""
    noted: dict[str, dict[int, str]] = {}
    path = heads_file()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        parts = line.split(" ")
        if len(parts) == 3 and parts[1].isdigit():  # a torn last line after a power cut is no finding
            noted.setdefault(parts[0], {})[int(parts[1])] = parts[2]
    return noted


def _chain(name: str, head: RecordHead | None, noted: dict[int, str]) -> list[Finding]:
    found: list[Finding] = []
    seq, previous = 0, NO_HASH
    for line in RecordLine.objects.filter(chain=name).order_by("seq").iterator(2000):
        found += _line(name, line, seq, previous, noted.get(line.seq))
        seq, previous = line.seq, line.hash
    found += _tail(name, seq, previous, head, max(noted, default=0))
    return found


def _line(name: str, line: RecordLine, seq: int, previous: str, noted: str | None) -> list[Finding]:
    found: list[Finding] = []
    if line.seq != seq + 1:
        lost = f"line {seq + 1}" if line.seq == seq + 2 else f"lines {seq + 1} to {line.seq - 1}"
        found.append(Finding(name, seq + 1, "missing", f"{lost} missing before line {line.seq}"))
    elif line.previous_hash != previous:
        found.append(Finding(name, line.seq, "broken", f"line {line.seq} does not follow the line before it"))
    if line_hash(line) != line.hash:
        found.append(Finding(name, line.seq, "edited", f"line {line.seq} ({line.code}) is not as it was written"))
    if noted is not None and noted != line.hash:
        found.append(
            Finding(name, line.seq, "rewritten", f"line {line.seq} differs from the head noted in the file of heads")
        )
    return found


def _tail(name: str, seq: int, last_hash: str, head: RecordHead | None, noted: int) -> list[Finding]:
    found: list[Finding] = []
    if head is None or head.seq != seq or (seq and head.hash != last_hash):
        stands = f"{head.seq}" if head else "none"
        found.append(Finding(name, seq, "head", f"the chain ends at line {seq}, its head row says {stands}"))
    if noted > seq:
        found.append(
            Finding(name, seq + 1, "cut", f"lines {seq + 1} to {noted} were written and are gone: the record was cut")
        )
    if noted < seq:
        found.append(
            Finding(
                name,
                noted + 1,
                "heads_file",
                f"the file of heads ends at line {noted}, the record at line {seq}:"
                " the lines between are not confirmed outside the database",
            )
        )
    return found


def only_unconfirmed(findings: list[Finding]) -> bool:
    """Whether nothing was found but a file of heads that is shorter than the record."""
    return bool(findings) and all(found.kind == "heads_file" for found in findings)
