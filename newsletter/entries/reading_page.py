"""Reads web pages that describe events and articles by schema.org."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urljoin

from lxml import etree, html

from newsletter import rendering
from newsletter.entries.items import Found, Item, Reading, Seen, Unusable
from newsletter.entries.page_thing import Page, PageThing, is_article, is_event, url_of
from newsletter.entries.patience import TooLong, within
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    damaged,
    decode,
    line,
)
from newsletter.entries.schema_org import Thing, find_things, from_json, read_script
from newsletter.errors import Invalid

_SECONDS = 10.0
_PARTS = (
    "subEvent",
    "subEvents",
    "superEvent",
    "isPartOf",
    "hasPart",
    "workPerformed",
    "workFeatured",
    "about",
    "mentions",
)


def read(data: bytes, how: Reading) -> Found:
    """Read a page. Raises `Invalid` if it holds no such data; a feed that it names is named in the sentence."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, how.content_type or _said(data)))
    if rendering.has_endless_tag(text):
        raise Invalid(f"“{how.name}” takes too long to read; hand in a part of it.", "file")
    try:
        root = html.document_fromstring(text.replace("\x00", ""))
    except (etree.LxmlError, *WHAT_LIBRARIES_RAISE) as error:
        return [Unusable("", damaged(error))]
    page = _page(root, how)
    found = _in_time(lambda: _items(find_things(root), page, how), how)
    if not found and (feed := _feed_of(root, page)):
        raise Invalid(
            f"“{how.name}” is a web page without schema.org data, but it names a feed: import {feed} instead.",
            "url",
        )
    return found


def read_json(data: bytes, how: Reading) -> Found:
    """Read JSON-LD that was handed in without a page around it."""
    document = read_script(decode(data, how.content_type))
    return _in_time(lambda: _items(from_json([document]), Page(how.url, "", ""), how), how)


def _in_time(reading: Callable[[], Found], how: Reading) -> Found:
    """Read what things say of each other, as long as that is worth it: they may lead in circles, or branch without end."""
    try:
        with within(_SECONDS):
            return reading()
    except TooLong as error:
        raise Invalid(f"“{how.name}” takes too long to read; hand in a part of it.", "file") from error


def _page(root: html.HtmlElement, how: Reading) -> Page:
    bases = root.xpath("//base/@href") or [""]
    base = urljoin(how.url, str(bases[0])) if how.url or bases[0] else ""
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    page = Page(
        base, "", str(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    )
    return replace(page, canonical=page.absolute(str(found[0])) if found else "")


def _said(data: bytes) -> str:
    """Return the encoding that a page declares in its head, as a content type would."""
    found = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", data[:4096], re.IGNORECASE)
    return f"text/html; charset={found[1].decode('ascii', 'replace')}" if found else ""


def _feed_of(root: html.HtmlElement, page: Page) -> str:
    found = root.xpath(
        "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom') or contains(@type, 'calendar')]/@href"
    )
    return next((address for link in found if (address := page.absolute(str(link)))), "")


def _items(things: list[Thing], page: Page, how: Reading) -> Found:
    told = list(_told(things, set()))
    urls = Counter(url_of(thing, page) for thing in told)
    seen, titles = Seen(), Seen()
    found: Found = []
    for thing in told:
        try:
            item = PageThing(thing, page, how).item(shared=urls[url_of(thing, page)] > 1)
        except WHAT_LIBRARIES_RAISE as error:
            item = Unusable(line(thing.text("name", "headline")), damaged(error))
        if isinstance(item, Item):
            once = (
                f"{item.content.kind} {next(iter(item.content.texts.values())).title} {item.content.days[:1]}"
            )
            if not seen.is_new(item.key) or not titles.is_new(once):
                continue  # the page tells it in two syntaxes
        found.append(item)
    return found


def _told(things: list[Thing], met: set[int]) -> Iterator[Thing]:
    """Yield events and articles, wherever they stand; what is merely a part of one is left to it."""
    for thing in things:
        if id(thing) in met:
            continue
        met.add(id(thing))
        if is_event(thing) or is_article(thing):
            yield thing
            continue
        yield from _told(
            [one for name in thing.values if name not in _PARTS for one in thing.things(name)], met
        )
