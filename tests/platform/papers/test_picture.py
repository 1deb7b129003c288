"""A drawing as dots."""

from __future__ import annotations

import pytest

from tminus.platform.papers.picture import png_of
from tminus.platform.papers.typeset import PaperFault

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="{}"/></svg>'


def test_each_unit_of_the_drawing_is_two_dots() -> None:
    found = png_of(SVG.format("#A86FA6").encode())
    assert found[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(found[at : at + 4], "big") for at in (16, 20)] == [80, 60]
    assert found == png_of(SVG.format("#A86FA6").encode()) != png_of(SVG.format("#F0EAF1").encode())


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(PaperFault, match="drawing"):
        png_of(b"<svg")
