"""``{% bundle "map" %}``: the script and styles of a page island, where the browser half has been built."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles.finders import find
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Nothing where it has not been built: the page works without it."""
    manifest = find("dist/manifest.json")
    if not isinstance(manifest, str):
        return SafeString("")
    styles, script = parts_of(Path(manifest), name)
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(f"dist/{one}"),) for one in styles))
    tag = '<script type="module" src="{}"></script>'
    return links + format_html(tag, static(f"dist/{script}")) if script else links


def parts_of(manifest: Path, name: str) -> tuple[list[str], str]:
    """Style sheets, those of shared parts first, and the script of an island; an island not built has none."""
    return _parts(manifest, manifest.stat().st_mtime_ns, name)


@lru_cache(maxsize=64)
def _parts(manifest: Path, _changed: int, name: str) -> tuple[list[str], str]:
    built: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    entry = next((one for one in built.values() if one.get("isEntry") and one.get("name") == name), None)
    if entry is None:
        return [], ""
    styles: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        one = waiting.pop()
        waiting += [built[other] for other in one.get("imports", [])]
        styles = dict.fromkeys([*one.get("css", []), *styles])
    return list(styles), str(entry["file"])
