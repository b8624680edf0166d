"""How long a mailing will take: by how fast mailings went of late, and by what relays and domains allow."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from newsletter import clock, mail
from newsletter.database import db
from newsletter.delivery.destinations import destinations
from newsletter.delivery.relays import configured
from newsletter.delivery.states import MailingState
from newsletter.delivery.tables import Mailing

_LATELY = 5
_FEWEST = 50
"""A mailing to fewer says nothing of how fast many go."""


@dataclass(frozen=True)
class Expected:
    """How long so many messages take, and what that is reckoned by; no `duration` where nothing is known yet."""

    duration: timedelta | None
    rate: float = 0.0
    """Messages a second, as mailings of late went; 0 where none was large enough to tell."""
    held_by: str = ""
    """The relay or domain whose limits make it last so long; empty where it is the rate."""


def expected(messages: int, domains: Mapping[str, int]) -> Expected:
    """Reckon how long `messages` take, of which so many go to each of the domains with limits.

    Taken for granted is that nothing else goes out meanwhile.
    """
    rate, today = _rate_of_late(), clock.now().date()
    lasts = {"": messages / rate} if rate else {}
    relays = [relay.pace for relay in configured()]
    if relays and all(relays):
        lasts[", ".join(relay.name for relay in configured())] = _together(relays, messages, today)
    paces = {one.name: one.pace for one in destinations() if one.pace}
    lasts |= {name: seconds_at(paces[name], count, today) for name, count in domains.items() if name in paces}
    if not lasts:
        return Expected(None)
    held_by = max(lasts, key=lambda name: lasts[name])
    return Expected(timedelta(seconds=math.ceil(lasts[held_by])), rate, held_by)


def seconds_at(pace: mail.Pace, messages: int, today: date) -> float:
    """Return how many seconds so many messages take within limits, the last of them at once where its turn has come."""
    waits = [max(messages - 1, 0) // amount * unit.seconds for unit, amount in _by_unit(pace, today)]
    return float(max([*waits, _warming(pace, messages, today) if pace.warm_up else 0]))


def _warming(pace: mail.Pace, messages: int, today: date) -> float:
    """Count the days that a slow start takes."""
    left, days = messages, 0
    while (most := dict(_by_unit(pace, today + timedelta(days=days))).get(mail.Unit.DAY)) and left > most:
        left, days = left - most, days + 1
    return float(days * mail.Unit.DAY.seconds)


def _by_unit(pace: mail.Pace, day: date) -> list[tuple[mail.Unit, int]]:
    return [(limit.unit, limit.amount) for limit in pace.limits(day)]


def _together(paces: list[mail.Pace], messages: int, today: date) -> float:
    """Find how long relays take that share the mail, each within its own limits."""
    enough = 1.0
    while sum(_within(pace, enough, today) for pace in paces) < messages:
        enough *= 2
    least = enough / 2
    while enough - least > max(1.0, enough / 1000):
        middle = (least + enough) / 2
        enough, least = (
            (middle, least)
            if sum(_within(pace, middle, today) for pace in paces) >= messages
            else (enough, middle)
        )
    return enough


def _within(pace: mail.Pace, seconds: float, today: date) -> int:
    """Return how many messages a relay takes within so many seconds."""
    days = int(seconds // mail.Unit.DAY.seconds)
    a_day = [
        dict(_by_unit(pace, today + timedelta(days=n))).get(mail.Unit.DAY) for n in range(min(days, 365) + 1)
    ]
    most = [
        (int(seconds // unit.seconds) + 1) * amount
        for unit, amount in _by_unit(pace, today)
        if unit is not mail.Unit.DAY
    ]
    if all(a_day):
        most.append(sum(amount or 0 for amount in a_day))
    return min(most) if most else 10**12


def _rate_of_late() -> float:
    """Return how many messages a second went in the last mailings that were large enough, all in all."""
    done = (
        select(Mailing.recipients, Mailing.sent, Mailing.started_at, Mailing.finished_at)
        .where(
            Mailing.state == MailingState.FINISHED,
            ~Mailing.service,
            Mailing.sent >= _FEWEST,
            Mailing.extended_at.is_(None),
            Mailing.started_at.is_not(None),
            Mailing.finished_at.is_not(None),
        )
        .order_by(Mailing.id.desc())
        .limit(_LATELY)
    )
    rows = db.session.execute(done).all()
    seconds = sum(max((row.finished_at - row.started_at).total_seconds(), 1.0) for row in rows)
    return sum(row.sent for row in rows) / seconds if rows else 0.0
