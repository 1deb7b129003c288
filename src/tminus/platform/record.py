"""The record of acts: appended in the act's own transaction, each line chained to the one before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from tminus.platform.models import Event, Person, PersonKey, RecordHead, RecordLine
from tminus.platform.models.record import INSTALLATION

Values = Mapping[str, Any] | None


def append(
    *,
    event: Event | None,
    at: datetime,
    actor: Person | None,
    channel: str,
    code: str,
    subject: models.Model,
    before: Values,
    after: Values,
    unit_path: str = "",
    act_seq: int | None = None,
) -> RecordLine:
    """Append one line; must run inside the transaction of the act it records.

    :param act_seq: the number of the act's first line; without it this is the first line of an act.
    """
    chain = chain_of(event)
    RecordHead.objects.get_or_create(chain=chain)
    head = RecordHead.objects.select_for_update().get(chain=chain)
    line = RecordLine(
        chain=chain,
        seq=head.seq + 1,
        event=event,
        at=at.astimezone(UTC),
        written_at=timezone.now(),
        actor=actor,
        channel=channel,
        code=code,
        act_seq=act_seq or head.seq + 1,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        unit_path=unit_path,
        before=plain(before),
        after=plain(after),
        previous_hash=head.hash,
    )
    line.hash = line_hash(line)
    line.save(force_insert=True)
    head.seq, head.hash = line.seq, line.hash
    head.save()
    transaction.on_commit(lambda: note_head(line))
    return line


def chain_of(event: Event | None) -> str:
    return event.slug if event else INSTALLATION


def plain(values: Values) -> dict[str, Any] | None:
    """Values as JSON would carry them, so that what is hashed is what is read back."""
    if values is None:
        return None
    copy: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return copy


def line_hash(line: RecordLine) -> str:
    """SHA-256 over every meaningful field and the previous line's hash."""
    fields = [
        line.chain,
        line.seq,
        line.at.astimezone(UTC).isoformat(),
        line.written_at.astimezone(UTC).isoformat(),
        line.actor_id,
        line.channel,
        line.code,
        line.object_type,
        line.object_id,
        line.unit_path,
        line.before,
        line.after,
        line.previous_hash,
    ]
    if line.act_seq is not None:  # lines written before it was kept stay valid as they stand
        fields.append(line.act_seq)
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def heads_file() -> Path:
    path: Path = settings.CONFIG.record_heads
    return path


def note_head(line: RecordLine) -> None:
    """Append the committed head to the file outside the database: a cut tail then shows."""
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{line.chain} {line.seq} {line.hash}\n".encode())
    finally:
        os.close(descriptor)


# Personal values stand encrypted under the person's own key; deleting the key erases them, the chain stays valid.


def personal(person: Person, value: object) -> dict[str, object]:
    """``value`` of ``person`` as the record may hold it."""
    key, _ = PersonKey.objects.get_or_create(person=person, defaults={"secret": Fernet.generate_key()})
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return {"$person": person.pk, "$sealed": Fernet(bytes(key.secret)).encrypt(text.encode()).decode()}


def unsealed(value: Any) -> Any:
    """Open personal values for reading; ``None`` where the person has been erased."""
    if isinstance(value, dict):
        if "$sealed" in value:
            return _opened(value)
        return {name: unsealed(inner) for name, inner in value.items()}
    return [unsealed(inner) for inner in value] if isinstance(value, list) else value


def _opened(value: dict[str, Any]) -> Any:
    key = PersonKey.objects.filter(person_id=value["$person"]).first()
    if key is None:
        return None
    try:
        return json.loads(Fernet(bytes(key.secret)).decrypt(value["$sealed"].encode()))
    except InvalidToken:
        return None
