"""Which events an issue speaks of in free words: by their title, or by a link to their page or registration.

A title counts where it stands as a whole, however its dashes, quotes and capitals are written, and not inside the longer
title of another event. Where several events bear one title, the one that readers can do most about is meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter import entries, settings
from newsletter.entries import Entry
from newsletter.issues.alike import page_of
from newsletter.issues.materials import Materials
from newsletter.issues.passages import Passage, passages, words_of

_REMEMBERED = timedelta(days=400)
"""How long after its end an event may still be meant by its title."""
_SHORTEST = 8
"""Letters of a title of one word: a shorter one, such as “Seminar”, is a word like others."""
_SHORTEST_JAPANESE = 4
_LATIN = re.compile(r"[0-9a-zà-ÿ]")


@dataclass(frozen=True)
class Named:
    """An event that a passage speaks of, or an entry it links to; `address` is the link, empty where the title stands."""

    entry: Entry
    passage: Passage
    address: str = ""


def named(materials: Materials) -> tuple[Named, ...]:
    """Find what the free words of an issue speak of, in the order of the editor."""
    texts = list(passages(materials))
    titles = _titles(materials.at, texts)
    pages = registrations(materials.at)
    ids = {number for numbers in titles.values() for number in numbers}
    ids |= {number for one in texts for url in one.addresses for number in pages.get(page_of(url), ())}
    known = {entry.id: entry for entry in entries.by_ids(ids)}
    own = settings.url("/entries/")
    found: list[Named] = []
    for passage in texts:
        for title in _standing_in(passage.words, titles):
            meant = _meant((known[number] for number in titles[title]), materials.at)
            found.append(Named(meant, passage))
        for address in passage.addresses:
            behind = [known[number] for number in pages.get(page_of(address), ())]
            behind = behind or (entries.behind(address) if address.startswith(own) else [])
            found += [Named(_meant(behind, materials.at), passage, address)] if behind else []
    return tuple(found)


def registrations(at: datetime) -> dict[str, list[int]]:
    """Return which events one registers for on which page, as `page_of` knows it."""
    pages: dict[str, list[int]] = {}
    for number, address in entries.registrations(at - 5 * _REMEMBERED):
        pages.setdefault(page_of(address), []).append(number)
    return {page: sorted(set(numbers)) for page, numbers in pages.items()}


def _titles(at: datetime, texts: list[Passage]) -> dict[str, list[int]]:
    """Return the titles that stand in some passage, with the events that bear each."""
    everything = "\n".join(passage.words for passage in texts)
    titles: dict[str, list[int]] = {}
    for number, title in entries.event_titles(at - _REMEMBERED):
        words = words_of(title)
        if words in everything and _is_telling(words):
            titles.setdefault(words, []).append(number)
    return titles


def _is_telling(title: str) -> bool:
    if title.isascii():
        return " " in title or len(title) >= _SHORTEST
    return len(title) >= _SHORTEST_JAPANESE


def _standing_in(words: str, titles: Iterable[str]) -> list[str]:
    """Return the titles that stand in a text, those left out that are only part of a longer one there."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, str]] = []
    for title in sorted(titles, key=len, reverse=True):
        for place in re.finditer(_whole(title), words):
            start, end = place.span()
            if not any(first <= start and end <= last for first, last in taken):
                taken.append((start, end))
                found.append((start, title))
    return list(dict.fromkeys(title for _, title in sorted(found)))


def _whole(title: str) -> str:
    """Return the pattern of a title as words of their own; Japanese ones need no space around them."""
    before = r"(?<![0-9a-zà-ÿ])" if _LATIN.match(title[0]) else ""
    after = r"(?![0-9a-zà-ÿ])" if _LATIN.match(title[-1]) else ""
    return f"{before}{re.escape(title)}{after}"


def _meant(candidates: Iterable[Entry], at: datetime) -> Entry:
    """Return the one that is most alive; of those that are equally so, the soonest to come or the last that was."""

    def rank(entry: Entry) -> tuple[bool, bool, bool, bool, float]:
        over = entry.over_at is not None and entry.over_at <= at
        closed = entry.register_by is not None and entry.register_by <= at
        distance = abs((entry.over_at - at).total_seconds()) if entry.over_at else 0.0
        return not entry.is_published, over, entry.is_cancelled, closed, distance

    return min(candidates, key=rank)
