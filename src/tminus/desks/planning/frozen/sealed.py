"""What keeps a frozen checkpoint as it was: a fingerprint of its very bytes, signed, and noted in the record."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer

from tminus.desks.planning.models import FrozenCheckpoint
from tminus.platform.models import RecordLine
from tminus.platform.record import line_hash

SALT = "tminus.planning.frozen"


def canonical(document: dict[str, Any]) -> str:
    """One spelling for equal documents: sorted keys, no blanks, characters as they are."""
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in hex: what ``sha256sum`` says of the downloaded file."""
    return hashlib.sha256(text.encode()).hexdigest()


def signature_of(digest: str) -> str:
    """The installation's own signature (HMAC-SHA-256 with its secret key) of a fingerprint."""
    return _signer().signature(digest)


def _signer() -> Signer:
    return Signer(salt=SALT)


def line_of(frozen: FrozenCheckpoint) -> RecordLine | None:
    """The line of the record that says it was frozen."""
    label = FrozenCheckpoint._meta.label_lower
    return (
        RecordLine.objects.filter(event=frozen.event_id, object_type=label, object_id=str(frozen.pk))
        .order_by("seq")
        .first()
    )


def fault_of(frozen: FrozenCheckpoint) -> str:
    """Empty when the document is as it was frozen; else what is wrong.

    ``document``: its bytes have another fingerprint; ``signature``: it was not signed by this installation's key;
    ``record``: the record does not know it, or knows another fingerprint.
    """
    if fingerprint(frozen.text) != frozen.sha256:
        return "document"
    try:
        _signer().unsign(f"{frozen.sha256}{_signer().sep}{frozen.signature}")
    except BadSignature:
        return "signature"
    line = line_of(frozen)
    if line is None or line_hash(line) != line.hash or (line.after or {}).get("sha256") != frozen.sha256:
        return "record"
    return ""
