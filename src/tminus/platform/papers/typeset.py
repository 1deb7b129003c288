"""Set a template and its data as a PDF, Chinese and English properly.

A template is a typst file. It gets two neighbours: ``data.json`` with the data, and ``paper.typ`` with the paper's
look. The smallest one::

    #import "paper.typ": *
    #let data = json("data.json")
    #show: paper.with(data)
    = #data.title
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from tminus.platform.languages import reads_chinese

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


class PaperFault(Exception):
    """A template and its data do not make a paper; the message names the template."""


def typeset(
    template: Path | str,
    data: Mapping[str, Any],
    *,
    language: str | None = None,
    made_at: datetime | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of ``template`` filled with ``data``.

    :param template: path of a ``.typ`` file, or the name of one in this folder.
    :param data: JSON-able; ``title``, ``subtitle``, ``header``, ``footer`` and ``paper_size`` (default ``a4``) are
        understood by ``paper.typ``.
    :param language: ``en`` or ``zh``; the active language by default. Also in the data as ``lang``.
    :param made_at: the instant stamped into the PDF, so that equal input gives equal bytes.
    :param pictures: name → content of drawings (SVG) or pictures the template sets by that name.
    :raises PaperFault: no such template, or typst refuses it.
    """
    path = HERE / template if isinstance(template, str) else template
    if not path.is_file():
        raise PaperFault(f"no paper template {path.name}")
    filled = {"lang": _language(language), **data}
    files: Any = {  # typst's stubs do not know that a dict of files is taken
        "main.typ": path.read_bytes(),
        "paper.typ": (HERE / "paper.typ").read_bytes(),
        **(pictures or {}),
        "data.json": json.dumps(filled, cls=DjangoJSONEncoder, ensure_ascii=False).encode(),
    }
    stamp = int((made_at or timezone.now()).astimezone(UTC).timestamp())
    try:
        pdf: bytes = typst.compile(files, format="pdf", font_paths=fonts(), timestamp=stamp)
    except typst.TypstError as error:
        raise PaperFault(f"{path.name}: {error}") from error
    return pdf


def _language(language: str | None) -> str:
    return "zh" if reads_chinese(language) else "en"


@cache
def fonts() -> typst.Fonts:
    """The bundled typeface beside the system's; scanning them once saves most of a paper's time."""
    return typst.Fonts(font_paths=[str(FONTS)])
