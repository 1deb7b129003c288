"""Whether the record of a restored installation is whole: every line, every link, every head."""

from __future__ import annotations

from tminus.platform.backup.archive import BackupFault, Head
from tminus.platform.models import RecordHead, RecordLine
from tminus.platform.record import line_hash


def check_chains(told: dict[str, Head]) -> int:
    """Recompute every line; how many lines.

    :raises BackupFault: the first line that does not fit, by chain and number.
    """
    count = 0
    for head in RecordHead.objects.all():
        before, seq = "0" * 64, 0
        for line in RecordLine.objects.filter(chain=head.chain).order_by("seq").iterator():
            seq += 1
            if line.seq != seq or line.previous_hash != before or line_hash(line) != line.hash:
                raise BackupFault(f"record {head.chain}: line {line.seq} is not what was written")
            before = line.hash
        if (seq, before) != (head.seq, head.hash):
            raise BackupFault(f"record {head.chain}: ends at line {seq}, its head says {head.seq}")
        if head.chain in told and told[head.chain].seq > seq:
            raise BackupFault(f"record {head.chain}: ends at line {seq}, the backup says {told[head.chain].seq}")
        count += seq
    return count
