"""How large a plan file may be, whichever way it is handed in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tminus.platform.registry import BadInput

LIMIT_BYTES = 50 * 1024 * 1024


def check_size(name: str, size: int) -> None:
    """:raises BadInput: more than 50 MB."""
    if size > LIMIT_BYTES:
        raise BadInput(_("This file is larger than 50 MB."), field="file", value=name)
