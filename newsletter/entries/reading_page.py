"""Reads web pages that describe events and articles by schema.org."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDTypes
from lxml import etree, html

from newsletter.entries import zones
from newsletter.entries.content import MOST_DAYS, Content, Day, Kind, Speaker, Text
from newsletter.entries.items import Found, Item, Reading, Seen, Unusable, key
from newsletter.entries.moments import read_moment, read_when
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    damaged,
    decode,
    language_of,
    line,
    mail_address,
    summary_and_body,
    text_of,
    web_address,
)
from newsletter.entries.schema_org import Thing, find_things, from_json, read_script
from newsletter.errors import Invalid

_MORE_EVENTS = ("Festival", "Hackathon", "CourseInstance", "EventSeries")
_ANALYSIS = (
    "Report",
    "ScholarlyArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "TechArticle",
)
_ARTICLES = (*_ANALYSIS, "Article", "NewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "PressRelease", "MedicalScholarlyArticle")  # fmt: skip
_DURATION: Any = vDDDTypes
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
_FREE = {"en": "Free of charge", "ja": "無料"}


@dataclass(frozen=True)
class _Page:
    """What holds for all that a page describes."""

    base: str
    canonical: str
    language: str

    def absolute(self, link: str) -> str:
        """Return a link of the page as a web address, or nothing."""
        return web_address(link, self.base)


def read(data: bytes, how: Reading) -> Found:
    """Read a page. Raises `Invalid` if it holds no such data; a feed that it names is named in the sentence."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, how.content_type or _said(data)))
    try:
        root = html.document_fromstring(text.replace("\x00", ""))
    except (etree.LxmlError, *WHAT_LIBRARIES_RAISE) as error:
        return [Unusable("", damaged(error))]
    page = _page(root, how)
    found = _items(find_things(root), page, how)
    if not found and (feed := _feed_of(root, page)):
        raise Invalid(
            f"“{how.name}” is a web page without schema.org data, but it names a feed: import {feed} instead.",
            "url",
        )
    return found


def read_json(data: bytes, how: Reading) -> Found:
    """Read JSON-LD that was handed in without a page around it."""
    document = read_script(decode(data, how.content_type))
    return _items(from_json([document]), _Page(how.url, "", ""), how)


def _page(root: html.HtmlElement, how: Reading) -> _Page:
    bases = root.xpath("//base/@href") or [""]
    base = urljoin(how.url, str(bases[0])) if how.url or bases[0] else ""
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    page = _Page(
        base, "", str(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    )
    return replace(page, canonical=page.absolute(str(found[0])) if found else "")


def _said(data: bytes) -> str:
    """Return the encoding that a page declares in its head, as a content type would."""
    found = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", data[:4096], re.IGNORECASE)
    return f"text/html; charset={found[1].decode('ascii', 'replace')}" if found else ""


def _feed_of(root: html.HtmlElement, page: _Page) -> str:
    found = root.xpath(
        "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom') or contains(@type, 'calendar')]/@href"
    )
    return next((address for link in found if (address := page.absolute(str(link)))), "")


def _items(things: list[Thing], page: _Page, how: Reading) -> Found:
    told = list(_told(things, set()))
    urls = Counter(_url(thing, page) for thing in told)
    seen, titles = Seen(), Seen()
    found: Found = []
    for thing in told:
        try:
            item = _Reader(thing, page, how).item(shared=urls[_url(thing, page)] > 1)
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
        if _is_event(thing) or _is_article(thing):
            yield thing
            continue
        yield from _told(
            [one for name in thing.values if name not in _PARTS for one in thing.things(name)], met
        )


def _is_event(thing: Thing) -> bool:
    return any(name.endswith("Event") or name in _MORE_EVENTS for name in thing.types)


def _is_article(thing: Thing) -> bool:
    return any(name in _ARTICLES for name in thing.types)


def _url(thing: Thing, page: _Page) -> str:
    links = [*thing.texts("url"), *(one.identity for one in thing.things("mainEntityOfPage")), thing.identity]
    links += [link for link in thing.texts("mainEntityOfPage") if "/" in link]
    return next((address for link in links if (address := page.absolute(link))), page.canonical)


class _Reader:
    """Reads one event or article."""

    def __init__(self, thing: Thing, page: _Page, how: Reading) -> None:
        self._thing = thing
        self._page = page
        self._how = how
        self._notes: list[str] = []

    def item(self, *, shared: bool) -> Item | Unusable:
        """Return what it says; `shared` says that others on the page stand at the same address."""
        thing = self._thing
        title = line(thing.text("name", "headline") if _is_event(thing) else thing.text("headline", "name"))
        if not title:
            return Unusable("", "It has no name.", self._kind())
        summary, body = summary_and_body(
            thing.text("description", "abstract"), thing.text("articleBody", "text")
        )
        said = self._page.language or thing.text("inLanguage")
        language, note = language_of(said, f"{title} {summary}", self._how.languages, self._how.language)
        self._notes += [note] if note else []
        text = Text(title=title, summary=summary, body_html=body)
        content = self._event(language, text) if _is_event(thing) else self._article(language, text)
        if isinstance(content, Unusable):
            return content
        cancelled = "Cancelled" in thing.text("eventStatus") if _is_event(thing) else None
        if "Postponed" in thing.text("eventStatus"):
            self._notes.append("It is marked as postponed; check its date.")
        return Item(
            self._key(title, content, shared=shared), content, language, cancelled, " ".join(self._notes)
        )

    def _kind(self) -> Kind:
        if _is_event(self._thing):
            return Kind.EVENT
        if self._how.kind:
            return self._how.kind
        return Kind.ANALYSIS if any(name in _ANALYSIS for name in self._thing.types) else Kind.NEWS

    def _key(self, title: str, content: Content, *, shared: bool) -> str:
        raw = _url(self._thing, self._page)
        if raw and not shared:
            return key("page", raw)
        return key("page-", raw, title, content.days[0].date if content.days else "")

    def _article(self, language: str, text: Text) -> Content:
        thing = self._thing
        names = [line(name) for name in thing.texts("author", "creator")]
        return Content(
            kind=self._kind(),
            texts={language: replace(text, authors=", ".join(dict.fromkeys(names))[:300])},
            topics=self._topics(),
            url=_url(thing, self._page) or self._how.url,
            dated=read_moment(thing.text("datePublished", "dateCreated", "dateModified")),
        )

    def _event(self, language: str, text: Text) -> Content | Unusable:
        thing = self._thing
        start = read_when(thing.text("startDate", "startTime"))
        if start is None:
            said = thing.text("startDate", "startTime")
            reason = (
                f"Its date “{line(said)[:60]}” cannot be read." if said else "It has no date (startDate)."
            )
            return Unusable(text.title, reason, Kind.EVENT, _url(thing, self._page))
        zone = self._zone(start)
        days = self._days(start, zone)
        if isinstance(days, str):
            return Unusable(text.title, days, Kind.EVENT, _url(thing, self._page))
        place, online = self._places()
        offers = thing.things("offers")
        text = replace(
            text,
            venue=place,
            organiser=line(", ".join(thing.texts("organizer", "organiser")))[:300],
            speakers=tuple(self._speakers()),
            price=self._price(offers, language),
        )
        return Content(
            kind=Kind.EVENT,
            texts={language: text},
            topics=self._topics(),
            url=_url(thing, self._page) or self._how.url,
            days=days,
            timezone=zone,
            map_url=self._link(
                *(link for one in thing.things("location") for link in one.texts("hasMap", "maps", "map"))
            ),
            online_url=online,
            register_url=self._link(
                *(link for offer in offers for link in offer.texts("url")), *thing.texts("offers")
            ),
            register_by=self._deadline(offers, zone),
            contact_email=self._mail(),
            languages_spoken=tuple(dict.fromkeys(word[:2].lower() for word in thing.texts("inLanguage"))),
        )

    def _zone(self, start: date) -> str:
        if not isinstance(start, datetime) or start.tzinfo is None:
            return self._how.zone
        found = zones.by_offset(start, self._how.zone)
        if found != self._how.zone:
            written = found or self._how.zone
            self._notes.append(f"Its time is {start:%z} from UTC; written in the zone {written}.")
        return found or self._how.zone

    def _days(self, start: date, zone: str) -> tuple[Day, ...] | str:
        end = read_when(self._thing.text("endDate", "endTime")) or self._by_duration(start)
        first = _local(start, zone)
        last = _local(end, zone) if end else None
        if last is not None and last[0] - first[0] >= timedelta(days=MOST_DAYS):
            return f"It lasts more than {MOST_DAYS} days."
        if last is None or last < (first[0], last[1] and (first[1] or time())):
            if last is not None:
                self._notes.append("Its end lies before its beginning, and was left out.")
            return (Day(*first),)
        return _run(first, last)

    def _by_duration(self, start: date) -> date | None:
        try:
            lasting: timedelta = _DURATION.from_ical(self._thing.text("duration"))
        except WHAT_LIBRARIES_RAISE:
            return None
        good = isinstance(start, datetime) and timedelta(0) < lasting < timedelta(days=MOST_DAYS)
        return start + lasting if good else None

    def _places(self) -> tuple[str, str]:
        """Return where the event is, and the address to take part online."""
        venues, online = [], self._link(*self._thing.texts("onlineLocation"))
        for place in self._thing.all("location"):
            if isinstance(place, Thing) and "VirtualLocation" in place.types:
                online = online or self._link(*place.texts("url"))
            elif named := _place(place):
                venues.append(named)
        return line("; ".join(venues)), online

    def _speakers(self) -> Iterator[Speaker]:
        for performer in self._thing.all("performer", "performers", "actor"):
            if isinstance(performer, str):
                yield Speaker(line(performer))
            elif name := line(performer.text("name")):
                yield Speaker(name, line(", ".join(performer.texts("jobTitle", "affiliation", "worksFor"))))

    def _price(self, offers: list[Thing], language: str) -> str:
        if self._thing.text("isAccessibleForFree").lower() == "true":
            return _FREE.get(language, _FREE["en"])
        for offer in offers:
            price, unit = offer.text("price", "lowPrice"), offer.text("priceCurrency")
            if re.fullmatch(r"0+(\.0+)?", price):
                return _FREE.get(language, _FREE["en"])
            if price:
                top = offer.text("highPrice")
                return line(f"{unit} {price}{'–' + top if top else ''}")
        return ""

    def _deadline(self, offers: list[Thing], zone: str) -> datetime | None:
        for said in (text for offer in offers for text in offer.texts("availabilityEnds", "validThrough")):
            when = read_when(said)
            if when is None:
                continue
            on, at = _local(when, zone)
            return datetime.combine(on, at or time(23, 59), ZoneInfo(zone)).astimezone(UTC)
        return None

    def _topics(self) -> tuple[str, ...]:
        words = [
            word.strip().casefold()
            for text in self._thing.texts("keywords", "about")
            for word in text.split(",")
        ]
        return tuple(dict.fromkeys(self._how.topics[word] for word in words if word in self._how.topics))

    def _mail(self) -> str:
        told = self._thing.things("organizer", "contactPoint")
        return next(filter(None, (mail_address(said) for one in told for said in one.texts("email"))), "")

    def _link(self, *links: str) -> str:
        return next((address for link in links if (address := self._page.absolute(link))), "")


def _local(when: date, zone: str) -> tuple[date, time | None]:
    if not isinstance(when, datetime):
        return when, None
    local = when if when.tzinfo is None else when.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(second=0, microsecond=0, tzinfo=None)


def _run(first: tuple[date, time | None], last: tuple[date, time | None]) -> tuple[Day, ...]:
    """Return the days from the first to the last, both counted: a date alone is inclusive in schema.org."""
    nights = (last[0] - first[0]).days
    if nights == 0:
        return (Day(first[0], first[1], last[1] if first[1] and last[1] != first[1] else None),)
    if nights == 1 and first[1] and last[1] and last[1] <= first[1]:
        return (Day(first[0], first[1], last[1]),)
    between = (Day(first[0] + timedelta(days=number)) for number in range(1, nights))
    return (Day(*first), *between, Day(last[0], None, last[1] if first[1] else None))


def _place(place: Thing | str) -> str:
    if isinstance(place, str):
        return "" if place.startswith(("http://", "https://")) else line(place)
    parts = place.texts("name")
    for address in place.all("address"):
        if isinstance(address, str):
            parts.append(address)
        else:
            names = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
            parts += address.texts(*names) or address.texts("name")
    cleaned = [line(text_of(part)).strip(" ,") for part in parts]
    return ", ".join(dict.fromkeys(part for part in cleaned if part))
