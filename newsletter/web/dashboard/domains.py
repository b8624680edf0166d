"""The table of mail domains on the sending page: each state its own column, and every line adds up."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.delivery import DomainShare, Progress
from newsletter.web import frame

_ALWAYS = ("sent", "deferred", "refused")
_IF_ANY = ("unknown", "waiting", "not_mailed")


@dataclass(frozen=True)
class Line:
    """One line: the name of a domain, its number in each column, and what they add up to."""

    name: str
    counts: tuple[int, ...]
    all: int


@dataclass(frozen=True)
class ByDomain:
    """The heads of the columns, the largest domains, all others as one line where there are any, and the sum."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    others: Line | None
    total: Line


def by_domain(progress: Progress, shares: Sequence[DomainShare]) -> ByDomain:
    """Set the table; a state that nobody is in has no column."""
    states = _ALWAYS + tuple(state for state in _IF_ANY if getattr(progress, state))
    total = Line("", _counts(progress, states), progress.recipients)
    lines = tuple(Line(share.domain, _counts(share, states), share.recipients) for share in shares)
    heads = _heads()
    return ByDomain(tuple(heads[state] for state in states), lines, _others(total, lines), total)


def _counts(counted: Progress | DomainShare, states: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(counted, state) for state in states)


def _others(total: Line, lines: Sequence[Line]) -> Line | None:
    rest = total.all - sum(line.all for line in lines)
    if rest <= 0:
        return None
    shown = zip(*(line.counts for line in lines), strict=True) if lines else ((0,),) * len(total.counts)
    counts = tuple(max(0, n - sum(column)) for n, column in zip(total.counts, shown, strict=True))
    return Line(frame.translate()("all others"), counts, rest)


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
