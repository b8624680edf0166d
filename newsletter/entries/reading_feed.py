"""Reads RSS 0.9 to 2.0, Atom and JSON Feed. Items become news, or analysis where that was chosen."""

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser

from newsletter.entries.content import Content, Kind, Text
from newsletter.entries.items import Found, Item, Reading, Seen, Unusable, key
from newsletter.entries.moments import from_struct, read_moment
from newsletter.entries.patience import TooLong, within
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    cut,
    damaged,
    decode,
    language_of,
    line,
    summary_and_body,
    text_of,
    web_address,
)
from newsletter.errors import Invalid

_MOST_AUTHORS = 5
_TITLE_FROM_TEXT = 90
_SECONDS = 30.0


def read(data: bytes, how: Reading) -> Found:
    """Read an RSS or Atom feed. It is parsed from these bytes; nothing is fetched."""
    headers = {"content-location": how.url} if how.url else {}
    if "charset=" in how.content_type.lower():
        headers["content-type"] = how.content_type
    try:
        with within(_SECONDS):
            parsed = feedparser.parse(BytesIO(data), response_headers=headers)
    except TooLong as error:
        raise Invalid(f"“{how.name}” takes too long to read; hand in a part of it.", "file") from error
    except WHAT_LIBRARIES_RAISE as error:
        return [Unusable("", damaged(error), how.kind or Kind.NEWS)]
    if not parsed.version and not parsed.entries:
        raise Invalid(f"“{how.name}” is XML, but no feed. Hand in a feed, a calendar or a web page.", "file")
    feed = _Feed(parsed.feed.get("link") or parsed.feed.get("id") or line(parsed.feed.get("title")), how)
    return [feed.read_entry(entry, parsed.feed.get("language")) for entry in parsed.entries]


def read_json(data: bytes, how: Reading) -> Found:
    """Read a JSON Feed; of JSON that is something else, nothing."""
    try:
        document = json.loads(decode(data, how.content_type))
    except WHAT_LIBRARIES_RAISE as error:
        return [Unusable("", damaged(error), how.kind or Kind.NEWS)]
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return []
    home = document.get("home_page_url") or document.get("feed_url") or document.get("title")
    feed = _Feed(str(home or ""), how)
    items = [item for item in document["items"] if isinstance(item, dict)]
    return [feed.read_object(item, document) for item in items]


class _Feed:
    """Reads the items of one feed."""

    def __init__(self, home: str, how: Reading) -> None:
        self._home = home
        self._how = how
        self._kind = how.kind or Kind.NEWS
        self._seen = Seen()

    def read_entry(self, entry: Any, language: object) -> Item | Unusable:
        """Read one item as feedparser gives it."""
        try:
            body = max((part.get("value", "") for part in entry.get("content", [])), key=len, default="")
            detail = (entry.get("content") or [{}])[0]
            said = detail.get("language") or entry.get("title_detail", {}).get("language") or language
            return self._item(
                identity=entry.get("id") or "",
                link=_link(entry),
                title=_title(entry),
                summary=str(entry.get("summary") or ""),
                body=str(body),
                dated=from_struct(_either(entry, "published_parsed", "updated_parsed")),
                authors=_authors(entry.get("authors") or [], entry.get("author")),
                words=[str(tag.get("term") or "") for tag in entry.get("tags", [])],
                language=said,
            )
        except WHAT_LIBRARIES_RAISE as error:
            return Unusable("", damaged(error), self._kind)

    def read_object(self, item: Mapping[str, Any], feed: Mapping[str, Any]) -> Item | Unusable:
        """Read one item of a JSON Feed."""
        try:
            return self._object(item, feed)
        except WHAT_LIBRARIES_RAISE as error:
            return Unusable(line(item.get("title")), damaged(error), self._kind)

    def _object(self, item: Mapping[str, Any], feed: Mapping[str, Any]) -> Item | Unusable:
        authors = item.get("authors") or (
            [item["author"]] if item.get("author") else feed.get("authors") or []
        )
        tags = item.get("tags")
        return self._item(
            identity=str(item.get("id") or ""),
            link=web_address(item.get("url") or item.get("external_url"), self._how.url or self._home),
            title=line(item.get("title")),
            summary=str(item.get("summary") or ""),
            body=str(item.get("content_html") or item.get("content_text") or ""),
            dated=read_moment(item.get("date_published") or item.get("date_modified")),
            authors=_authors(authors if isinstance(authors, list) else [], None),
            words=[str(tag) for tag in tags] if isinstance(tags, list) else [],
            language=item.get("language") or feed.get("language"),
        )

    def _item(
        self,
        *,
        identity: str,
        link: str,
        title: str,
        summary: str,
        body: str,
        dated: Any,
        authors: str,
        words: Iterable[str],
        language: object,
    ) -> Item | Unusable:
        short, long = summary_and_body(summary, "" if body == summary else body)
        title = title or line(cut(text_of(summary or body).strip().split("\n")[0], _TITLE_FROM_TEXT))
        if not title:
            return Unusable(link[:80], "It has neither a title nor a text.", self._kind, link)
        own = (
            key("feed", identity)
            if _is_global(identity)
            else key("feed", self._home, identity or link or title)
        )
        if not self._seen.is_new(own):
            return Unusable(title, "The same item stands in the feed before.", self._kind, link)
        spoken, note = language_of(language, f"{title} {short}", self._how.languages, self._how.language)
        topics = dict.fromkeys(
            self._how.topics[w.casefold()] for w in words if w.casefold() in self._how.topics
        )
        text = Text(title=title, summary=short, body_html=long, authors=authors)
        content = Content(self._kind, {spoken: text}, topics=tuple(topics), url=link, dated=dated)
        return Item(own, content, spoken, note=note)


def _is_global(identity: str) -> bool:
    """Tell whether an identity means the same everywhere: an address, a tag or a URN, not `17`."""
    return (
        urlsplit(identity).scheme.lower() in ("http", "https", "tag", "urn", "uuid")
        if ":" in identity
        else False
    )


def _title(entry: Any) -> str:
    detail = entry.get("title_detail", {})
    words = str(entry.get("title") or "")
    return (
        line(words)
        if detail.get("type") != "text/plain" or "&" in words
        else line(words.replace("<", "\u2039"))
    )


def _either(entry: Any, *names: str) -> Any:
    """Return the first that is there; asked by `in`, as feedparser warns of what it makes up itself."""
    return next((entry[name] for name in names if name in entry.keys() and entry[name]), None)  # noqa: SIM118


def _link(entry: Any) -> str:
    links = [entry.get("link"), *(link.get("href") for link in entry.get("enclosures", []))]
    return next((good for link in links if (good := web_address(link, ""))), "")


def _authors(authors: Iterable[Any], single: object) -> str:
    names = [line(author.get("name")) for author in authors if isinstance(author, Mapping)]
    named = [name for name in dict.fromkeys(names) if name] or [line(single)]
    return ", ".join(name for name in named[:_MOST_AUTHORS] if "@" not in name or " " in name)[:300]
