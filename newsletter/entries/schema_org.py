"""Finds the schema.org data of a page, in each of its three syntaxes: JSON-LD, microdata, RDFa.

All come out alike: a `Thing` with its types and, by property, the values that are text or things.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import html

from newsletter.entries.prose import WHAT_LIBRARIES_RAISE

_DEEPEST = 25
_DEEPEST_REFERENCE = 3
"""How deep what stands elsewhere is taken in: it may refer back, and branches at each step."""
_SCHEMA = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
_LINKS = {"a": "href", "area": "href", "link": "href"} | dict.fromkeys(
    ("audio", "embed", "iframe", "img", "source", "track", "video"), "src"
)
_LINKS |= {"object": "data", "data": "value", "meter": "value", "time": "datetime"}

Value = "str | Thing"


@dataclass
class Thing:
    """One thing that a page describes."""

    types: tuple[str, ...] = ()
    identity: str = ""
    values: dict[str, list[Any]] = field(default_factory=dict)

    def texts(self, *names: str) -> list[str]:
        """Return the values of these properties that are text, or the names of those that are things."""
        found: list[str] = []
        for value in self.all(*names):
            text = value if isinstance(value, str) else value.called
            if text.strip():
                found.append(text.strip())
        return found

    @cached_property
    def called(self) -> str:
        """The name of this thing, else its identity; a thing that is named by itself has none."""
        self.__dict__["called"] = self.identity  # for whoever asks while it is found out
        return self.text("name", "@value") or self.identity

    def text(self, *names: str) -> str:
        """Return the first of them, or nothing."""
        return next(iter(self.texts(*names)), "")

    def things(self, *names: str) -> "list[Thing]":
        """Return the values of these properties that are things."""
        return [value for value in self.all(*names) if isinstance(value, Thing)]

    def all(self, *names: str) -> list[Any]:
        """Return all values of these properties, text or things."""
        return [value for name in names for value in self.values.get(name, [])]


def find_things(page: html.HtmlElement) -> list[Thing]:
    """Return what a page describes, the things within things included where they stand there."""
    return [*from_json(_scripts(page)), *_marked(page, _MICRODATA), *_marked(page, _RDFA)]


def from_json(documents: list[Any]) -> list[Thing]:
    """Return the things of JSON-LD documents; a reference to a thing elsewhere on the page is followed."""
    known: dict[str, Thing] = {}
    things = [
        thing for document in documents for thing in _of_json(document, known, 0) if isinstance(thing, Thing)
    ]
    for thing in list(known.values()):
        for values in thing.values.values():
            values[:] = [_followed(value, known) for value in values]
    return things


def read_script(text: str) -> Any:
    """Return the JSON of a script, forgiving what browsers and writers leave in it; None if that does not help."""
    bare = (
        re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", text.strip())
        .strip()
        .rstrip(";")
    )
    for candidate in (bare, re.sub(r",(\s*[}\]])", r"\1", bare)):
        try:
            return json.loads(candidate, strict=False)
        except WHAT_LIBRARIES_RAISE:
            continue
    return None


def _scripts(page: html.HtmlElement) -> list[Any]:
    scripts = page.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
    documents = (read_script(script.text_content()) for script in scripts)
    return [document for document in documents if document is not None]


def _of_json(value: Any, known: dict[str, Thing], depth: int) -> Iterator[Any]:
    if depth > _DEEPEST or value is None:
        return
    if isinstance(value, list):
        for one in value:
            yield from _of_json(one, known, depth + 1)
    elif isinstance(value, dict):
        yield from _of_object(value, known, depth)
    else:
        yield str(value) if not isinstance(value, bool) else str(value).lower()


def _of_object(value: dict[str, Any], known: dict[str, Thing], depth: int) -> Iterator[Any]:
    if "@value" in value:
        yield from _of_json(value["@value"], known, depth + 1)
        return
    named = value.get("@type") or value.get("type") or []
    types = tuple(_bare(str(one)) for one in (named if isinstance(named, list) else [named]))
    thing = Thing(types, str(value.get("@id") or ""))
    for name, inner in value.items():
        if name not in ("@context", "@type", "@id"):
            thing.values[_bare(str(name))] = list(_of_json(inner, known, depth + 1))
    if thing.identity and thing.types:
        known[thing.identity] = thing
    elif not thing.identity:
        known[f"\n{len(known)}"] = thing
    yield thing


def _followed(value: Any, known: dict[str, Thing]) -> Any:
    if isinstance(value, Thing) and value.identity and not value.types and not value.values:
        return known.get(value.identity, value)
    return value


@dataclass(frozen=True)
class _Syntax:
    """How one way of marking up HTML names its things and properties."""

    scope: str
    type_attribute: str
    property_attribute: str
    identity_attribute: str
    links: Callable[[html.HtmlElement], str | None]


def _microdata_link(element: html.HtmlElement) -> str | None:
    attribute = _LINKS.get(str(element.tag))
    return element.get("content") or (element.get(attribute) if attribute else None)


def _rdfa_link(element: html.HtmlElement) -> str | None:
    for attribute in ("content", "datetime", "href", "src", "resource"):
        if element.get(attribute) is not None:
            return str(element.get(attribute))
    return None


_MICRODATA = _Syntax("itemscope", "itemtype", "itemprop", "itemid", _microdata_link)
_RDFA = _Syntax("typeof", "typeof", "property", "resource", _rdfa_link)


def _marked(page: html.HtmlElement, syntax: _Syntax) -> list[Thing]:
    tops = page.xpath(f"//*[@{syntax.scope} and not(@{syntax.property_attribute})]")
    return [_thing(top, syntax, page, 0) for top in tops]


def _thing(element: html.HtmlElement, syntax: _Syntax, page: html.HtmlElement, depth: int) -> Thing:
    types = tuple(_bare(word) for word in (element.get(syntax.type_attribute) or "").split())
    thing = Thing(types, element.get(syntax.identity_attribute) or "")
    referred = (
        page.xpath("//*[@id=$name]", name=name)[:1]
        for name in (element.get("itemref") or "").split()[:20]
        if depth < _DEEPEST_REFERENCE
    )
    for root in (element, *(found[0] for found in referred if found)):
        for inner in _properties(root, syntax, own=root is element):
            value = _value(inner, syntax, page, depth + 1)
            for name in (inner.get(syntax.property_attribute) or "").split():
                thing.values.setdefault(_bare(name), []).append(value)
    return thing


def _properties(root: html.HtmlElement, syntax: _Syntax, *, own: bool) -> Iterator[html.HtmlElement]:
    """Yield the elements that are properties of this very thing, not of one within it."""
    waiting = list(reversed(root)) if own else [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        is_thing = element.get(syntax.scope) is not None
        if element.get(syntax.property_attribute):
            yield element
        if not is_thing:
            waiting.extend(reversed(element))


def _value(element: html.HtmlElement, syntax: _Syntax, page: html.HtmlElement, depth: int) -> Any:
    if element.get(syntax.scope) is not None and depth < _DEEPEST:
        return _thing(element, syntax, page, depth)
    linked = syntax.links(element)
    return linked.strip() if linked is not None else " ".join(element.text_content().split())


def _bare(name: str) -> str:
    return _SCHEMA.sub("", name).strip("/")
