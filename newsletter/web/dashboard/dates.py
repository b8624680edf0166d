"""Dates as the dashboard writes them, short because the page says the rest; and the languages and topics to choose from."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import Flask

from newsletter import clock, languages, settings
from newsletter.web import frame

_WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "ja": tuple("月火水木金土日")}


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        month=month,
        short_moment=short_moment,
        by_the_clock=by_the_clock,
        soon=time_or_moment,
        clock=clock_or_day,
        language_name=language_name,
        places=places,
    )
    app.jinja_env.globals.update(language_choices=language_choices, topic_choices=topic_choices)


def language_choices(more: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the publication's languages to choose from, each by its own name; and `more` that are chosen already."""
    codes = dict.fromkeys((*settings.publication().languages, *more))
    return [(code, languages.NAMES.get(code, code)) for code in codes]


def topic_choices() -> list[tuple[str, str]]:
    """Return the publication's topics to choose from, in the language of the page."""
    return [(topic.slug, topic.title(frame.language())) for topic in settings.topics()]


def language_name(code: str) -> str:
    """Write the name of a language in the language of the page: “Japanese”, “日本語”."""
    return languages.language_name(code, frame.language())


def places(zones: Sequence[str]) -> str:
    """Write the cities by which time zones are known; the empty one is the publication's."""
    known = (zone or settings.publication().timezone for zone in zones)
    named = dict.fromkeys(languages.place_of(zone, frame.language()) for zone in known)
    return languages.write_list(list(named), frame.language())


def month(day: date) -> str:
    """Write a month for the edge of a chart: “Nov 2025”, “2025年11月”."""
    return f"{day.year}年{day.month}月" if frame.language() == "ja" else f"{day:%b} {day.year}"


def short_moment(moment: datetime) -> str:
    """Write a moment of the near future: “Tue 13 Oct, 9:00”, “10月13日(火) 9:00”."""
    local = _local(moment)
    weekday = _WEEKDAYS["ja" if frame.language() == "ja" else "en"][local.weekday()]
    time = f"{local.hour}:{local:%M}"
    if frame.language() == "ja":
        return f"{local.month}月{local.day}日({weekday}) {time}"
    return f"{weekday} {local.day} {local:%b}, {time}"


def time_or_moment(moment: datetime) -> str:
    """Write when something is to be: the time of today, or on another day the day with it."""
    local = _local(moment)
    today = local.date() == _local(clock.now()).date()
    return f"{local.hour}:{local:%M}" if today else short_moment(moment)


def by_the_clock(moment: datetime) -> str:
    """Write a moment that is soon, with the place whose clock it is: “9:36 (Tokyo)”; on another day with that day."""
    time = time_or_moment(moment)
    place = languages.place_of(settings.publication().timezone, frame.language())
    return f"{time}({place})" if frame.language() == "ja" else f"{time} ({place})"


def clock_or_day(moment: datetime) -> str:
    """Write when something was so: “now”, the time of today, or the day."""
    local, now = _local(moment), _local(clock.now())
    if abs((now - local).total_seconds()) < 120:  # noqa: PLR2004 - two minutes
        return frame.translate()("now")
    if local.date() == now.date():
        return f"{local.hour}:{local:%M}"
    return languages.write_date(local.date(), frame.language(), weekday=False, year=False)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(settings.publication().zone)
