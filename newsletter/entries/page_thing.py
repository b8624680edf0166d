"""Reads one event or article that a page describes by schema.org: what it says, when and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter.entries.content import Content, Kind, Speaker, Text
from newsletter.entries.items import Item, Reading, Unreadable, Unusable, key
from newsletter.entries.moments import read_moment
from newsletter.entries.page_days import days_of, deadline_of, start_of, zone_of
from newsletter.entries.prose import (
    language_of,
    line,
    mail_address,
    summary_and_body,
    text_of,
    web_address,
)
from newsletter.entries.schema_org import Thing

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
_FREE = {"en": "Free of charge", "ja": "無料"}


@dataclass(frozen=True)
class Page:
    """What holds for all that a page describes."""

    base: str
    canonical: str
    language: str

    def absolute(self, link: str) -> str:
        """Return a link of the page as a web address, or nothing."""
        return web_address(link, self.base)


def is_event(thing: Thing) -> bool:
    """Tell whether it is an event of any sort."""
    return any(name.endswith("Event") or name in _MORE_EVENTS for name in thing.types)


def is_article(thing: Thing) -> bool:
    """Tell whether it is news or analysis of any sort."""
    return any(name in _ARTICLES for name in thing.types)


def url_of(thing: Thing, page: Page) -> str:
    """Return the address of it, or of the page where it names none."""
    links = [*thing.texts("url"), *(one.identity for one in thing.things("mainEntityOfPage")), thing.identity]
    links += [link for link in thing.texts("mainEntityOfPage") if "/" in link]
    return next((address for link in links if (address := page.absolute(link))), page.canonical)


class PageThing:
    """Reads one of them."""

    def __init__(self, thing: Thing, page: Page, how: Reading) -> None:
        self._thing = thing
        self._page = page
        self._how = how
        self._notes: list[str] = []

    def item(self, *, shared: bool) -> Item | Unusable:
        """Return what it says; `shared` says that others on the page stand at the same address."""
        thing = self._thing
        title = line(thing.text("name", "headline") if is_event(thing) else thing.text("headline", "name"))
        if not title:
            return Unusable("", "It has no name.", self._kind())
        summary, body = summary_and_body(
            thing.text("description", "abstract"), thing.text("articleBody", "text")
        )
        said = self._page.language or thing.text("inLanguage")
        language, note = language_of(said, f"{title} {summary}", self._how.languages, self._how.language)
        self._notes += [note] if note else []
        text = Text(title=title, summary=summary, body_html=body)
        try:
            content = self._event(language, text) if is_event(thing) else self._article(language, text)
        except Unreadable as error:
            return Unusable(title, str(error), Kind.EVENT, url_of(thing, self._page))
        cancelled = "Cancelled" in thing.text("eventStatus") if is_event(thing) else None
        if "Postponed" in thing.text("eventStatus"):
            self._notes.append("It is marked as postponed; check its date.")
        return Item(
            self._key(title, content, shared=shared), content, language, cancelled, " ".join(self._notes)
        )

    def _kind(self) -> Kind:
        if is_event(self._thing):
            return Kind.EVENT
        if self._how.kind:
            return self._how.kind
        return Kind.ANALYSIS if any(name in _ANALYSIS for name in self._thing.types) else Kind.NEWS

    def _key(self, title: str, content: Content, *, shared: bool) -> str:
        raw = url_of(self._thing, self._page)
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
            url=url_of(thing, self._page) or self._how.url,
            dated=read_moment(thing.text("datePublished", "dateCreated", "dateModified")),
        )

    def _event(self, language: str, text: Text) -> Content:
        thing = self._thing
        start = start_of(thing)
        zone, moved = zone_of(start, self._how.zone)
        days, shortened = days_of(thing, start, zone)
        self._notes += [note for note in (moved, shortened) if note]
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
            url=url_of(thing, self._page) or self._how.url,
            days=days,
            timezone=zone,
            map_url=self._link(
                *(link for one in thing.things("location") for link in one.texts("hasMap", "maps", "map"))
            ),
            online_url=online,
            register_url=self._link(
                *(link for offer in offers for link in offer.texts("url")), *thing.texts("offers")
            ),
            register_by=deadline_of(offers, zone),
            contact_email=self._mail(),
            languages_spoken=tuple(dict.fromkeys(word[:2].lower() for word in thing.texts("inLanguage"))),
        )

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
