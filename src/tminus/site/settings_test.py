"""Settings of the test suite: a throwaway home; SQLite, or the cluster named by TMINUS_DATABASE_URL."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("TMINUS_HOME", tempfile.mkdtemp(prefix="tminus-test-"))
from tminus.site.config import database
from tminus.site.settings import *  # noqa: F403
from tminus.site.settings import CONFIG

DATABASES = {"default": database(CONFIG, pool=False)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; argon2 has a test of its own
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
