"""How a mailing fares by domain and by what the other side says. It costs the same at any size: see `adding_up`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from newsletter import clock
from newsletter.database import db
from newsletter.delivery.adding_up import DOMAINS, the_sum
from newsletter.delivery.destinations import destinations
from newsletter.delivery.faces import Breakdown, DomainShare, Reason, Said, Wait
from newsletter.delivery.fates import TROUBLED, Share, Why, count_all, largest, read
from newsletter.delivery.states import State
from newsletter.delivery.tables import LARGE, Mailing, Recipient
from newsletter.errors import NotFound

_FATES = ("sent", "deferred", "refused", "unknown", "waiting", "not_mailed")
_MINUTE = 60.0
_GOOD_PART = 0.05
"""Of a domain's readers so many have to wait for one reason before it is said of the domain."""


def breakdown(mailing_id: int) -> Breakdown:
    """Return how a mailing fares by domain, by reply, and what of it waits; of a large one as of a second or two ago.

    Raises `NotFound`.
    """
    mailing = db.session.get(Mailing, mailing_id)
    if mailing is None:
        raise NotFound(f"There is no mailing {mailing_id}.")
    connection = db.session.connection()
    if mailing.recipients <= LARGE:
        domains, of = largest(connection, mailing_id, DOMAINS)
        counts = count_all(connection, mailing_id, domains)
        shares, whys, recent = read(counts)
        rates = {name: count / _MINUTE for name, count in recent.items()}
    else:
        whole = the_sum(connection, mailing_id)
        if whole is None:
            return Breakdown(counted=False)
        # JSON keeps no order on PostgreSQL
        domains = dict(sorted(whole["domains"].items(), key=lambda one: (-one[1], one[0])))
        of = whole["of"]
        shares, whys, _ = read(whole["counts"])
        rates = _rates(whole["samples"])
    lines = _lines(domains, mailing.recipients, shares)
    return Breakdown(
        domains=tuple(_explained(lines[name], whys, rates) for name in domains),
        others=lines[""] if lines[""].recipients else None,
        total=_total(lines.values()),
        of=of,
        reasons=_reasons(whys),
        waits=_waits(whys),
    )


def main_wait(mailing_id: int, recipients: int) -> str:
    """Return what the most of what is left of a mailing waits for, in plain words, or nothing."""
    if recipients > LARGE:
        return next((wait.words for wait in breakdown(mailing_id).waits), "")
    waits = (Recipient.state == State.QUEUED) & (Recipient.due_at > clock.now())
    reasons = select(Recipient.reason).where(Recipient.mailing_id == mailing_id, waits)
    most_first = reasons.group_by(Recipient.reason).order_by(func.count().desc(), Recipient.reason)
    return db.session.scalar(most_first.limit(1)) or ""


def _lines(
    domains: Mapping[str, int], recipients: int, shares: Mapping[Share, int]
) -> dict[str, DomainShare]:
    """Return the line of each domain and that of all others, whose name is empty; what was not met yet is waiting."""
    totals = {**domains, "": recipients - sum(domains.values())}
    return {name: _line(name, total, shares) for name, total in totals.items()}


def _line(name: str, total: int, shares: Mapping[Share, int]) -> DomainShare:
    counts = [shares.get(Share(name, fate), 0) for fate in _FATES]
    counts[_FATES.index("waiting")] = total - sum(counts)
    return DomainShare(name, total, *counts)


def _total(lines: Iterable[DomainShare]) -> DomainShare:
    columns = zip(
        *([line.recipients, *(getattr(line, fate) for fate in _FATES)] for line in lines), strict=True
    )
    return DomainShare("", *map(sum, columns))


def _explained(line: DomainShare, whys: Mapping[Why, int], rates: Mapping[str, float]) -> DomainShare:
    """Say of a domain how fast it takes mail, and what a good part of its mail waits for."""
    now = clock.now()
    here = {
        why: count
        for why, count in whys.items()
        if why.domain == line.domain and why.due_at and why.due_at > now
    }
    counts: Counter[str] = Counter()
    for why, count in here.items():
        counts[why.reason] += count
    reason, count = next(iter(counts.most_common(1)), ("", 0))
    if not count or count < line.recipients * _GOOD_PART:
        return line.explained(rates.get(line.domain, 0.0), "", None)
    times = [why.due_at for why in here if why.reason == reason and why.due_at]
    return line.explained(rates.get(line.domain, 0.0), reason, min(times))


def _rates(samples: list[Any]) -> dict[str, float]:
    """Return messages a second to each domain, between the first and the last time that they were counted."""
    if len(samples) < 2:  # noqa: PLR2004 - a first and a last
        return {}
    (begun, before), (ended, after) = samples[0], samples[-1]
    return {name: (sent - before.get(name, 0)) / max(1.0, ended - begun) for name, sent in after.items()}


def _reasons(whys: Mapping[Why, int]) -> tuple[Reason, ...]:
    """Return why messages did not go through, the most frequent first."""
    found: defaultdict[tuple[State, str], list[tuple[Why, int]]] = defaultdict(list)
    for why, count in whys.items():
        if why.state in TROUBLED:
            found[why.state, why.reason].append((why, count))
    reasons = [_reason(state, words, those) for (state, words), those in found.items()]
    return tuple(sorted(reasons, key=lambda reason: (-reason.count, reason.words)))


def _reason(state: State, words: str, those: list[tuple[Why, int]]) -> Reason:
    said: Counter[str] = Counter()
    for why, count in those:
        said[why.said] += count
    times = sorted(_later(why for why, _ in those))
    return Reason(
        count=said.total(),
        outcome=state,
        words=words,
        replies=tuple(Said(count, reply) for reply, count in said.most_common() if reply),
        next_at=times[0] if times else None,
        last_at=times[-1] if times else None,
    )


def _waits(whys: Mapping[Why, int]) -> tuple[Wait, ...]:
    """Return what waits through no fault of the readers: for limits, for domains, for relays; most first."""
    found: defaultdict[str, list[tuple[Why, int]]] = defaultdict(list)
    now = clock.now()
    for why, count in whys.items():
        if why.state == State.QUEUED and why.due_at and why.due_at > now:
            found[why.reason].append((why, count))
    paused = {one.left_alone: one.name for one in destinations() if one.paused_until} if found else {}
    waits = [_wait(words, those, paused.get(words, "")) for words, those in found.items()]
    return tuple(sorted(waits, key=lambda wait: -wait.count))


def _wait(words: str, those: list[tuple[Why, int]], paused: str) -> Wait:
    domains = {why.domain for why, _ in those}
    times = sorted(_later(why for why, _ in those))
    return Wait(
        count=sum(count for _, count in those),
        words=words,
        next_at=times[0],
        last_at=times[-1],
        domain=domains.pop() if len(domains) == 1 else "",
        paused=paused,
    )


def _later(whys: Iterable[Why]) -> list[datetime]:
    now = clock.now()
    return [why.due_at for why in whys if why.due_at and why.due_at > now]
