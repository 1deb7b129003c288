"""One-time links: an address that lets its bearer choose a password, once, until it expires."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tminus.platform.models import OneTimeLink, Person
from tminus.platform.models.account import hashed, new_secret

VALID = {OneTimeLink.Purpose.INVITATION: timedelta(days=14), OneTimeLink.Purpose.RESET: timedelta(days=1)}


def make_link(person: Person, purpose: OneTimeLink.Purpose, made_by: Person | None) -> str:
    """A new address for ``person``; addresses made for them before stop working."""
    now = timezone.now()
    OneTimeLink.objects.filter(person=person, used_at=None).delete()
    secret = new_secret()
    OneTimeLink.objects.create(
        person=person,
        purpose=purpose,
        token_hash=hashed(secret),
        made_by=made_by,
        made_at=now,
        expires_at=now + VALID[purpose],
    )
    return address(secret)


def address(secret: str) -> str:
    try:
        path = reverse("link", args=[secret])
    except NoReverseMatch:  # pragma: no cover - only while addresses are being written
        path = f"/link/{secret}/"
    return f"{settings.CONFIG.base_url.rstrip('/')}{path}"


def open_link(secret: str) -> OneTimeLink | None:
    """The link of ``secret`` while it can still be used."""
    link = OneTimeLink.objects.select_related("person").filter(token_hash=hashed(secret)).first()
    return link if link and link.open_at(timezone.now()) and link.person.erased_at is None else None


def use_link(secret: str) -> Person | None:
    """Spend the link; of two that try at once one gets the person, the other nothing."""
    link = open_link(secret)
    spent = OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()) if link else 0
    return link.person if link and spent else None
