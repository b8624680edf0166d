"""Names of languages and places, and lists of them."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names, get_timezone_location
from babel.lists import format_list

NAMES: Final = {"en": "English", "ja": "日本語"}
"""Each language in its own words, as a reader looks for it."""

_LOCALES: Final = {"en": Locale("en", "GB"), "ja": Locale("ja")}


def locale_of(language: str) -> Locale:
    """Return the Babel locale behind a language; an unknown one is written as English."""
    return _LOCALES.get(language, _LOCALES["en"])


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another one: `language_name("ja", "en")` is `Japanese`."""
    return str(locale_of(language).languages.get(code, NAMES.get(code, code)))


def weekday_name(weekday: int, language: str) -> str:
    """Return the full name of a day of the week, Monday being 0."""
    return str(get_day_names("wide", locale=locale_of(language))[weekday])


def only_in(shown: str, language: str) -> str:
    """Return the label of a text that had to be shown in a foreign language: `Japanese only`, `英語のみ`."""
    name = language_name(shown, language)
    return f"{name}のみ" if language == "ja" else f"{name} only"


def place_of(zone: str, language: str) -> str:
    """Return the city that a time zone is known by: `Asia/Tokyo` is `Tokyo` and `東京`."""
    if zone in {"UTC", "Etc/UTC", "Etc/GMT", "GMT"}:
        return "UTC"
    for name in (zone, *_former_names().get(zone, ())):
        city: str = locale_of(language).time_zones.get(name, {}).get("city", "")
        if city:
            return city
    try:
        place = get_timezone_location(zone, locale=locale_of(language), return_city=True)
    except LookupError:
        place = zone.replace("_", " ")
    return place.rpartition("/")[2]


def country_of(zone: str) -> str:
    """Return the code of the country (ISO 3166) that a time zone lies in: `Asia/Tokyo` is in `JP`; empty for one in none."""
    territory: str = get_global("zone_territories").get(zone, "")
    return "" if territory == "001" else territory


def country_name(country: str, language: str) -> str:
    """Return what a country is called: `JP` is `Japan` and `日本`."""
    return str(locale_of(language).territories.get(country, country))


@cache
def _former_names() -> dict[str, list[str]]:
    """Return by the name of a zone the ones it had before; the names of places are still kept under those."""
    former: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        former.setdefault(new, []).append(old)
    return former


def write_list(items: Sequence[str], language: str) -> str:
    """Join words as the language does: `English and Japanese`, `英語・日本語`."""
    if language == "ja":
        return "・".join(items)
    return format_list(list(items), locale=locale_of(language)) if items else ""


def time_of(zone: str, language: str) -> str:
    """Return whose time a clock shows: `Tokyo time`, 日本時間."""
    place = place_of(zone, language)
    if language == "ja":
        return {"東京": "日本時間", "UTC": "協定世界時"}.get(place, f"{place}時間")
    return place if place == "UTC" else f"{place} time"
