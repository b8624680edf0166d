"""The table of mail domains on the sending page: each state its own column, and every line adds up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery import Breakdown, Destination, DomainShare, Progress
from newsletter.web import frame

_ALWAYS = ("sent", "deferred", "refused")
_IF_ANY = ("unknown", "waiting", "not_mailed")


@dataclass(frozen=True)
class Line:
    """One line: a domain, its number in each column and what they add up to; how fast it goes there, or what waits for what.

    `paused` tells that the domain is left alone, for what `why` says, until `until`.
    """

    name: str
    counts: tuple[int, ...]
    all: int
    a_minute: int = 0
    why: str = ""
    until: datetime | None = None
    paused: bool = False


@dataclass(frozen=True)
class ByDomain:
    """The heads of the columns, the largest domains, all others as one line where there are any, and the sum."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    others: Line | None
    total: Line
    of: int
    moves: bool
    """Whether any domain takes mail at this moment."""


def by_domain(progress: Progress, breakdown: Breakdown, paused: Mapping[str, Destination]) -> ByDomain | None:
    """Set the table, or none while nothing was counted; a state that nobody is in has no column."""
    total = breakdown.total
    if total is None:
        return None
    states = _ALWAYS + tuple(state for state in _IF_ANY if getattr(total, state))
    running = progress.finished_at is None
    lines = tuple(_line(share, states, paused.get(share.domain), running) for share in breakdown.domains)
    others = breakdown.others
    heads = _heads()
    return ByDomain(
        heads=tuple(heads[state] for state in states),
        lines=lines,
        others=Line(_others(breakdown), _counts(others, states), others.recipients) if others else None,
        total=Line("", _counts(total, states), total.recipients),
        of=breakdown.of,
        moves=any(line.a_minute for line in lines),
    )


def _line(share: DomainShare, states: tuple[str, ...], paused: Destination | None, running: bool) -> Line:
    counts = _counts(share, states)
    if not running:
        return Line(share.domain, counts, share.recipients)
    why, until = share.waits_for, share.next_at
    if paused is not None:
        why, until = paused.reason, paused.paused_until
    a_minute = round(share.rate * 60)
    return Line(share.domain, counts, share.recipients, a_minute, why, until, paused=paused is not None)


def _counts(share: DomainShare, states: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(share, state) for state in states)


def _others(breakdown: Breakdown) -> str:
    more = max(1, breakdown.of - len(breakdown.domains))  # those whose readers are forgotten have no name
    return frame.translate().plural("%(n)s other", "%(n)s others", more)


def _heads() -> dict[str, str]:
    t = frame.translate()
    return {
        "sent": t("Sent"),
        "deferred": t("Deferred"),
        "refused": t("Refused"),
        "unknown": t("Unknown"),
        "waiting": t("Waiting"),
        "not_mailed": t("Not mailed"),
    }
