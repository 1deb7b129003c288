"""People: who may sign in, and the key under which their personal values stand in the record."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """A named person. Without a usable password they cannot sign in yet."""

    username = models.CharField(_("account"), max_length=150, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=150, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(_("administers the installation"), default=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh) or self.username

    def get_full_name(self) -> str:
        return self.name


class PersonKey(models.Model):
    """Deleting the key erases the person from the record and leaves the chain valid."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="key")
    secret = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.person_id}"
