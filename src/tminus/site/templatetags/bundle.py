"""``{% bundle "map" %}``: the script and style of a page island, where the browser half has been built."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles.finders import find
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

PARTS = {
    "css": '<link rel="stylesheet" href="{}">',
    "js": '<script type="module" src="{}"></script>',
}


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Nothing where it has not been built: the page works without it."""
    parts = ((tag, f"dist/{name}.{kind}") for kind, tag in PARTS.items())
    return format_html_join("", "{}", ((format_html(tag, static(path)),) for tag, path in parts if find(path)))
