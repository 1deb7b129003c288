"""A drawing as a picture of dots, for slides and messages that take no SVG."""

from __future__ import annotations

from typing import Any

import typst

from tminus.platform.papers.typeset import PaperFault, fonts

PPI = 192.0
"""Two dots to each unit of the drawing."""


def png_of(svg: bytes) -> bytes:
    """The PNG of an SVG, in the typeface of printed papers.

    :raises PaperFault: no drawing.
    """
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")'
    files: Any = {"main.typ": page, "drawing.svg": svg}
    try:
        found: Any = typst.compile(files, format="png", ppi=PPI, font_paths=fonts())
    except typst.TypstError as error:
        raise PaperFault(f"drawing: {error}") from error
    return bytes(found[0] if isinstance(found, list) else found)
