"""Makes foreign HTML safe: what people type, paste or import, before it is kept and again before it is mailed."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.later import later
from newsletter.rendering.blocks import Content

if TYPE_CHECKING:
    import markdown_it
    import nh3
else:
    markdown_it, nh3 = later("markdown_it"), later("nh3")

TAGS = frozenset(
    "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h2 h3 h4 hr i img ins li ol p pre q "  # noqa: SIM905  (words read better as one list)
    "rp rt ruby s small span strong sub sup table tbody td th thead tr u ul".split()
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
EMPTIED = frozenset({"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"})

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>?", re.IGNORECASE)
_QUOTED = r"=\s*\"[^\"]*\"|=\s*'[^']*'"
_WHOLE_TAG = re.compile(rf"<[a-z](?:{_QUOTED}|[^>])*+", re.IGNORECASE)
_NEVER_AROUND_OTHERS = frozenset(
    "area base br col dd dt embed hr img input li link meta option p tbody td tfoot th thead tr wbr".split()  # noqa: SIM905
)
_DEEPEST, _MOST_AROUND_OTHERS, _MOST_PARTS = 500, 5_000, 20_000
"""How deep tags may stand within each other, how many may do so at all, and how many attributes one may have.

A parser looks through all that are open at each tag, and through all attributes at each attribute.
"""
_BLOCK = re.compile(r"<(?:p|div|ul|ol|dl|h[2-4]|blockquote|pre|table|figure|hr)\b", re.IGNORECASE)


_SHORT = 5_000
"""Signs of a text that is worth remembering; the letter around it is set again and again while somebody writes at one place."""


def sanitise(html: str) -> str:
    """Keep the text and its plain structure; drop scripts, styles, unknown tags and unsafe addresses."""
    return _sanitised(html) if len(html) < _SHORT else _clean(html, {})


@lru_cache(1_000)
def _sanitised(html: str) -> str:
    return _clean(html, {})


def dress(html: str, styles: Mapping[str, str]) -> str:
    """Sanitise, then give each tag of a kind the same class and inline style, as "class|style".

    Mail clients that drop style sheets keep inline ones.
    """
    html = html if _BLOCK.search(html) else f"<p>{html}</p>"
    worn = {
        tag: dict(zip(("class", "style"), both.split("|", 1), strict=True)) for tag, both in styles.items()
    }
    return _clean(html, worn)


def markdown(text: str) -> str:
    """Markdown as safe HTML; HTML in the source is shown as text, and the highest heading is that within a letter."""
    return _short_markdown(text) if len(text) < _SHORT else _markdown(text)


def _markdown(text: str) -> str:
    html = _HEADING_OF_A_PAGE.sub(r"\1h2>", str(_commonmark().render(text)))
    return sanitise(html).strip()


_short_markdown = lru_cache(1_000)(_markdown)
_HEADING_OF_A_PAGE = re.compile(r"(</?)h1>")


@cache
def _commonmark() -> "markdown_it.MarkdownIt":
    return markdown_it.MarkdownIt("commonmark", {"html": False, "breaks": True})


def safe_address(url: str) -> str:
    """The address, or "#" where its scheme could do more than lead somewhere. Marks and relative addresses pass."""
    bare = _UNSEEN.sub("", url)
    scheme = _SCHEME.match(bare)
    return bare if scheme is None or scheme[1].lower() in SCHEMES else "#"


def safe_addresses(content: Content) -> Content:
    """The same content with every address made safe, so that no theme can forget to."""
    result: Content = _walk(content)
    return result


def _walk(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return tuple(_walk(one) for one in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changes: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, str):
            changes[field.name] = safe_address(value) if field.name in ("url", "link") else value
        else:
            changes[field.name] = _walk(value)
    return replace(thing, **changes)


def _clean(html: str, worn: dict[str, dict[str, str]]) -> str:
    return nh3.clean(
        _TAG.sub(" ", html) if _is_a_trap(html) else html,
        tags=set(TAGS),
        clean_content_tags=set(EMPTIED),
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel=None,
        set_tag_attribute_values=worn,
    )


def _is_a_trap(html: str) -> bool:
    """Tell whether parsing would take minutes: nobody writes such HTML for readers, and its words alone are kept."""
    depth = around = 0
    for end, name in _TAG.findall(html):
        if name.lower() not in _NEVER_AROUND_OTHERS:
            depth = max(0, depth - 1) if end else depth + 1
            around += not end
        if depth > _DEEPEST or around > _MOST_AROUND_OTHERS:
            return True
    return has_endless_tag(html)


def has_endless_tag(html: str) -> bool:
    """Tell whether a tag has so many attributes that a parser, which compares each to all before it, takes minutes."""
    return any(
        len(tag) > _MOST_PARTS and len(re.findall(r"[\s/=]", re.sub(_QUOTED, "=", tag))) > _MOST_PARTS
        for tag in _WHOLE_TAG.findall(html)
    )
