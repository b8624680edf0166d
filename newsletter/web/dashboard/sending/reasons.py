"""The reasons on the sending page: why messages did not go through, the most frequent, with what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery import Reason, Said, State
from newsletter.web import frame
from newsletter.web.dashboard.dates import time_or_moment

_REASONS, _REPLIES = 12, 8
"""So many are shown; of what is beyond, how many there are."""
_TONES = {State.DEFERRED: "is-warn", State.REFUSED: "is-bad"}


@dataclass(frozen=True)
class Line:
    """One reason: how many, why in plain words if any are known, what becomes of them, and what the servers said."""

    count: int
    tone: str
    words: str
    fate: str
    replies: tuple[Said, ...]
    more: int
    """How many kinds of reply there are beyond those."""


@dataclass(frozen=True)
class Reasons:
    """The most frequent reasons, and how many there are beyond those."""

    lines: tuple[Line, ...]
    more: int


def reasons_of(found: Sequence[Reason]) -> Reasons:
    """Set the most frequent reasons."""
    return Reasons(tuple(map(_line, found[:_REASONS])), max(0, len(found) - _REASONS))


def _line(one: Reason) -> Line:
    shown = one.replies[:_REPLIES]
    tone = _TONES.get(one.outcome, "is-unsure")
    return Line(one.count, tone, one.words, _fate(one), shown, len(one.replies) - len(shown))


def _fate(one: Reason) -> str:
    t = frame.translate()
    if one.outcome == State.REFUSED:
        return t("Refused: not tried again.")
    if one.next_at is None or one.last_at is None:
        if one.outcome == State.DEFERRED:
            return t("They are tried again by themselves.")
        return t("They may have arrived; they are held for you to decide.")
    return _tries(one.next_at, one.last_at)


def _tries(next_at: datetime, last_at: datetime) -> str:
    t, first, last = frame.translate(), time_or_moment(next_at), time_or_moment(last_at)
    if first == last:
        return t("Nobody is lost; next try %(when)s.", when=first)
    return t("Nobody is lost; next try %(first)s, the last of them %(last)s.", first=first, last=last)
