"""What the record's lines of the board say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "board.snapshot": _("The day's readiness was kept"),
    "board.wall.make": _("%(who)s made a wall screen: %(name)s"),
    "board.wall.revoke": _("%(who)s switched a wall screen off: %(name)s"),
    "board.weight": _("%(who)s changed a weight of readiness"),
}
