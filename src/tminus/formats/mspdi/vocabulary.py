"""The numbers MSPDI writes for words. Lags and slacks are tenths of minutes."""

from __future__ import annotations

import re

from tminus.engines.schedule import ConstraintKind, LinkKind

NAMESPACE = "http://schemas.microsoft.com/project"

LINKS = {0: LinkKind.FF, 1: LinkKind.FS, 2: LinkKind.SF, 3: LinkKind.SS}
CONSTRAINTS = {
    0: ConstraintKind.ASAP,
    1: ConstraintKind.ALAP,
    2: ConstraintKind.MSO,
    3: ConstraintKind.MFO,
    4: ConstraintKind.SNET,
    5: ConstraintKind.SNLT,
    6: ConstraintKind.FNET,
    7: ConstraintKind.FNLT,
}
ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})
PERCENT_FORMATS = frozenset({19, 51})
ELAPSED_PERCENT_FORMATS = frozenset({20, 52})
DAYS, ELAPSED_DAYS, PERCENT = 7, 8, 19
RESOURCE_KINDS = {0: "material", 1: "work", 2: "cost"}

_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


def duration_minutes(text: str) -> int:
    """``PT8H0M0S`` in minutes; days in it are 24 hours.

    :raises ValueError: not of that form, or with years or months, which have no fixed length.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or found[2] or found[3]:
        raise ValueError(f"{text!r}; allowed: a duration like PT8H0M0S")
    weeks, days, hours, minutes = (int(found[number] or 0) for number in (4, 5, 6, 7))
    total = weeks * 10080 + days * 1440 + hours * 60 + minutes + round(float(found[8] or 0) / 60)
    return -total if found[1] else total


def duration_text(minutes: int) -> str:
    return f"PT{minutes // 60}H{minutes % 60}M0S"
