"""Tidies what somebody wrote and says all that is wrong with it.

Promises that what is kept is whole: dates in order, a zone that exists, links that are links, a title in some language.
A field within a language is named `title.en`, one of the days `days.0`.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from newsletter import mail
from newsletter.entries.content import EVENT_FIELDS, MOST_DAYS, Content, Day, Kind, Speaker, Text
from newsletter.entries.prose import mail_address
from newsletter.errors import Invalid
from newsletter.rendering import sanitise

_LINES = (
    "title", "venue", "online_place", "organiser", "authors", "price", "language_note", "contact_name", "image_alt", "image_credit",
)  # fmt: skip
_LINKS = ("url", "map_url", "online_url", "agenda_url", "register_url")
_LONGEST_LINE = 500
_LONGEST_LINK = 2_000
_LONGEST_SUMMARY = 4_000
_LONGEST_BODY = 400_000
_YEARS = range(1900, 2201)
_NO_EVENT: dict[str, Any] = {f.name: f.default for f in fields(Content) if f.name in EVENT_FIELDS}


def checked(content: Content) -> Content:
    """Return `content` tidied: trimmed, in order, its HTML safe. Raises the first `Invalid`, which names the field."""
    content = tidied(content)
    for problem in problems(content):
        raise problem
    return content


def tidied(content: Content) -> Content:
    """Return `content` trimmed, its days in order, its HTML safe, and without what its kind does not have."""
    texts = {language: _tidied_text(text) for language, text in content.texts.items()}
    plain = {
        f.name: getattr(content, f.name).strip()
        for f in fields(content)
        if isinstance(getattr(content, f.name), str) and f.name != "kind"
    }
    days = tuple(sorted(content.days, key=lambda day: (day.date, day.start or time())))
    texts = {language: text for language, text in texts.items() if not text.is_empty}
    plain["contact_email"] = mail_address(plain["contact_email"]) or plain["contact_email"]
    content = replace(content, texts=texts, days=days, **plain)
    return content if content.kind is Kind.EVENT else replace(content, **_NO_EVENT)


def problems(content: Content) -> Iterator[Invalid]:
    """Yield all that is wrong with content that was tidied, each once, with its field."""
    if not content.texts:
        yield Invalid("Give the entry a title in at least one language.", "title")
    for language, text in content.texts.items():
        yield from _of_text(text, language)
    for name in _LINKS:
        yield from _of_link(getattr(content, name), name)
    yield from _of_address(content.contact_email)
    if content.kind is Kind.EVENT:
        yield from _of_event(content)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all zones; to find them takes a walk through the file system."""
    return frozenset(available_timezones())


def _tidied_text(text: Text) -> Text:
    lines = {name: " ".join(getattr(text, name).split()) for name in _LINES}
    speakers = (Speaker(speaker.name.strip(), speaker.role.strip()) for speaker in text.speakers)
    return replace(
        text,
        **lines,
        summary=text.summary.strip(),
        body_html=sanitise(text.body_html).strip(),
        agenda_url=text.agenda_url.strip(),
        register_url=text.register_url.strip(),
        speakers=tuple(speaker for speaker in speakers if speaker.name or speaker.role),
    )


def _of_text(text: Text, language: str) -> Iterator[Invalid]:
    if not text.title:
        yield Invalid("There is text in this language, but no title.", f"title.{language}")
    for name in _LINES:
        if len(getattr(text, name)) > _LONGEST_LINE:
            yield Invalid("This is too long for one line; shorten it.", f"{name}.{language}")
    if len(text.summary) > _LONGEST_SUMMARY:
        yield Invalid("The summary is too long; move some of it to the text.", f"summary.{language}")
    if len(text.body_html) > _LONGEST_BODY:
        yield Invalid("The text is too long; shorten it.", f"body_html.{language}")
    for name in ("agenda_url", "register_url"):
        yield from _of_link(getattr(text, name), f"{name}.{language}")
    if any(not speaker.name for speaker in text.speakers):
        yield Invalid("There is a role without a name; give the name of the speaker.", f"speakers.{language}")


def _of_link(value: str, name: str) -> Iterator[Invalid]:
    if not value:
        return
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in value) or len(value) > _LONGEST_LINK:
        yield Invalid("This is no web address. Write one that begins with https://.", name)


def _of_address(value: str) -> Iterator[Invalid]:
    try:
        if value:
            mail.read_address(value)
    except Invalid as error:
        yield Invalid(str(error), "contact_email")


def _of_event(content: Content) -> Iterator[Invalid]:
    if not content.days:
        yield Invalid("Give the event at least one day.", "days")
    if len(content.days) > MOST_DAYS:
        yield Invalid("This event has too many days; make several events of it.", "days")
    if content.timezone not in zone_names():
        yield Invalid("There is no such time zone. Write one such as Asia/Tokyo.", "timezone")
    for number, day in enumerate(content.days):
        yield from _of_day(day, content.days[number - 1] if number else None, f"days.{number}")


def _of_day(day: Day, before: Day | None, name: str) -> Iterator[Invalid]:
    if day.date.year not in _YEARS:
        yield Invalid("This year cannot be right.", name)
    if before and before.date == day.date and not (before.start and day.start):
        yield Invalid("The same day stands here twice.", name)
    runs_on = before is not None and before.end is None and before.date == day.date - timedelta(days=1)
    if day.end is not None and day.start is None and not runs_on:
        yield Invalid("Give the time at which the day begins, or leave both times empty.", name)
