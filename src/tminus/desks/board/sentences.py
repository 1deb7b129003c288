"""What the record's lines of the board say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "board.snapshot": _("The day's readiness was kept"),
    "board.weight": _("%(who)s changed a weight of readiness"),
}
