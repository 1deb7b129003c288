"""``Idempotency-Key``: an act asked for again under the same key is not carried out again, its answer is given again.

The row of the key is made in the act's own transaction, so two requests at once wait for each other: the second finds
the first one's answer, or, where the first failed and left nothing, acts itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tminus.platform.models import KeptAnswer, Person

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200


class KeyTaken(Exception):
    """The key stands for another request."""


def once(person: Person, key: str, asked: bytes, call: Callable[[], str]) -> tuple[str, bool]:
    """The answer to ``asked``, and whether it is given again; ``call`` runs only the first time within a day.

    :param key: chosen by the program, told apart from other persons' keys.
    :param asked: all that makes the request what it is: address and body.
    :raises KeyTaken: the same key came with something else; nothing was done.
    """
    asked_hash = hashlib.sha256(asked).hexdigest()
    with transaction.atomic():
        row, new = _row(person, key, asked_hash)
        if not new:
            if row.asked_hash != asked_hash:
                raise KeyTaken
            return _seal(key).decrypt(bytes(row.answer)).decode(), True
        answer = call()
        row.answer = _seal(key).encrypt(answer.encode())
        row.save(update_fields=["answer"])
    return answer, False


def forget_old() -> int:
    """Delete what is no longer answered again; how many."""
    return KeptAnswer.objects.filter(at__lte=timezone.now() - KEPT_FOR).delete()[0]


def _row(person: Person, key: str, asked_hash: str) -> tuple[KeptAnswer, bool]:
    now, key_hash = timezone.now(), hashlib.sha256(key.encode()).hexdigest()
    KeptAnswer.objects.filter(person=person, key_hash=key_hash, at__lte=now - KEPT_FOR).delete()
    return KeptAnswer.objects.get_or_create(
        person=person, key_hash=key_hash, defaults={"asked_hash": asked_hash, "at": now}
    )


def _seal(key: str) -> Fernet:
    """Opened only with the program's key and the installation's own, neither of which is in the database."""
    secret = hashlib.sha256(f"{settings.SECRET_KEY}\0kept answer\0{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
