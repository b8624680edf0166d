"""Telling people from the programs that look into mail before people do.

Two signs are taken, both simple: what a program calls itself, and haste. Filters of mail fetch link after link within
a second or two of delivery, many of them dressed as browsers; nobody reads three pages in five seconds.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

_HASTE = timedelta(seconds=5)
_MANY = 3
# Cubot is a maker of telephones.
_NAMES = re.compile(
    r"(?<!cu)bot\b|crawl|spider|scan|preview|prefetch|fetch|monitor|headless|phantom|selenium|urlcheck|linkcheck|safelinks|"
    r"barracuda|mimecast|proofpoint|ironport|messagelabs|symantec|forcepoint|trendmicro|fireeye|trellix|sophos|"
    r"facebookexternalhit|whatsapp|"
    r"^(?:curl|wget|python|java|go-http|okhttp|libwww|ruby|php|perl|node|axios|aiohttp|apache-httpclient)\b",
    re.IGNORECASE,
)


class Seen(NamedTuple):
    """One visit as it is told apart: which link, when, and whether the program named itself."""

    n: int
    at: datetime
    machine: bool


def is_machine(agent: str) -> bool:
    """Tell whether a program calls itself something else than a browser, or nothing at all."""
    return not agent.strip() or _NAMES.search(agent) is not None


def by_people(visits: Sequence[Seen]) -> list[Seen]:
    """Return those of one reader's visits, in order of time, that look like a person's."""
    hasty: set[int] = set()
    first = 0
    for last, visit in enumerate(visits):
        while visit.at - visits[first].at > _HASTE:
            first += 1
        if len({each.n for each in visits[first : last + 1]}) >= _MANY:
            hasty.update(range(first, last + 1))
    return [visit for place, visit in enumerate(visits) if place not in hasty and not visit.machine]
