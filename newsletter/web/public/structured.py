"""The same entry for machines: schema.org in JSON-LD, as search engines and other institutes' pages read it."""

from datetime import datetime, time
from typing import Any

from newsletter import rendering, settings
from newsletter.entries import Entry
from newsletter.web.public.telling import Told

_LONGEST = 5_000


def describe(told: Told) -> dict[str, Any]:
    """Return the entry as a schema.org Event, NewsArticle or AnalysisNewsArticle; nothing empty stands in it."""
    described = _event(told) if told.entry.is_event else _article(told)
    return {"@context": "https://schema.org"} | {name: value for name, value in described.items() if value}


def _event(told: Told) -> dict[str, Any]:
    entry, text = told.entry, told.text
    return {
        "@type": "Event",
        "name": text.title,
        "description": _words(told),
        "startDate": _moment(entry, first=True),
        "endDate": _moment(entry, first=False),
        "eventStatus": f"https://schema.org/{'EventCancelled' if entry.is_cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_attendance(told)}",
        "location": _locations(told),
        "organizer": _publisher(told, told.fact("organiser")[0]),
        "performer": [{"@type": "Person", "name": speaker.name} for speaker in entry.speakers(told.shown)[0]],
        "inLanguage": list(entry.languages_spoken) or [told.shown],
        "offers": _offer(told),
        "image": _image(entry),
        "url": _page(told),
    }


def _article(told: Told) -> dict[str, Any]:
    entry, text = told.entry, told.text
    dated = entry.published_at or entry.created_at
    return {
        "@type": "AnalysisNewsArticle" if entry.kind == "analysis" else "NewsArticle",
        "headline": text.title,
        "description": _words(told),
        "datePublished": dated.astimezone(entry.zone).isoformat(timespec="seconds"),
        "dateModified": max(dated, entry.changed_at).astimezone(entry.zone).isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": text.authors} if text.authors else _publisher(told, ""),
        "publisher": _publisher(told, ""),
        "inLanguage": told.shown,
        "image": _image(entry),
        "mainEntityOfPage": _page(told),
    }


def _words(told: Told) -> str:
    return (told.text.summary or rendering.plain(told.text.body_html))[:_LONGEST]


def _moment(entry: Entry, *, first: bool) -> str:
    """Return a date, or a moment with its offset, as ISO 8601."""
    day = entry.days[0] if first else entry.days[-1]
    if entry.all_day or (not first and entry.ends_at is None):
        return day.date.isoformat()
    if first and day.start is None:
        return datetime.combine(day.date, time(), entry.zone).isoformat()
    moment = entry.starts_at if first else entry.ends_at
    return moment.astimezone(entry.zone).isoformat() if moment else day.date.isoformat()


def _is_online(told: Told) -> bool:
    return bool(told.entry.online_url or told.fact("online_place")[0])


def _attendance(told: Told) -> str:
    if not _is_online(told):
        return "OfflineEventAttendanceMode"
    return "MixedEventAttendanceMode" if told.fact("venue")[0] else "OnlineEventAttendanceMode"


def _locations(told: Told) -> list[dict[str, str]]:
    places = []
    venue, _ = told.fact("venue")
    if venue:
        places.append({"@type": "Place", "name": venue, "address": venue})
    if _is_online(told):
        places.append({"@type": "VirtualLocation", "url": told.entry.online_url or _page(told)})
    return places


def _offer(told: Told) -> dict[str, str] | None:
    link = told.entry.registration(told.language)
    if not link:
        return None
    available = "InStock" if told.is_open else "SoldOut"
    offer = {"@type": "Offer", "url": link, "availability": f"https://schema.org/{available}"}
    if told.entry.register_by:
        offer["validThrough"] = told.entry.register_by.astimezone(told.entry.zone).isoformat(
            timespec="seconds"
        )
    return offer


def _publisher(told: Told, name: str) -> dict[str, str]:
    if name:
        return {"@type": "Organization", "name": name}
    publication = settings.publication()
    return {"@type": "Organization", "name": publication.name(told.shown), "url": settings.url("/")}


def _image(entry: Entry) -> str:
    return settings.url(f"/images/{entry.image.digest}") if entry.image else ""


def _page(told: Told) -> str:
    return settings.url(f"/entries/{told.entry.slug}?language={told.shown}")
