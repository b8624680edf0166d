"""How recipients fared, by domain and by what the other side said: counted over a part of the ledger.

What comes out are counts under short texts, so that the counts of many parts can be added, subtracted and kept.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from newsletter import clock, mail
from newsletter.delivery.states import State
from newsletter.delivery.tables import Batch, Recipient

Counts = Counter[str]

TROUBLED = (State.DEFERRED, State.REFUSED, State.UNKNOWN)
_FATES = {
    State.SENT: "sent",
    State.DEFERRED: "deferred",
    State.REFUSED: "refused",
    State.UNKNOWN: "unknown",
    State.WITHDRAWN: "not_mailed",
    State.SUPPRESSED: "not_mailed",
}
_RECENT = timedelta(seconds=60)
_SHORT, _LONG = 60, 900
_GAP = "\x1f"


class Share(NamedTuple):
    """So many at a domain have come to this; the domain is empty for all that are not among the largest."""

    domain: str
    fate: str


class Why(NamedTuple):
    """So many are in a state for this reason, because a server said that, and are tried again at a time."""

    state: State
    reason: str
    said: str
    domain: str
    due_at: datetime | None


def largest(connection: Connection, mailing_id: int, most: int) -> tuple[dict[str, int], int]:
    """Return the recipients at the largest domains of a mailing, and how many it has that are not forgotten. Reads all its recipients."""
    total, of = func.count().label("total"), func.count().over().label("domains")
    found = select(Recipient.domain, total, of).where(
        Recipient.mailing_id == mailing_id, Recipient.domain != ""
    )
    ranked = found.group_by(Recipient.domain).order_by(total.desc(), Recipient.domain).limit(most)
    rows = connection.execute(ranked).all()
    return {row.domain: row.total for row in rows}, rows[0].domains if rows else 0


def count_all(connection: Connection, mailing_id: int, domains: Collection[str]) -> Counts:
    """Count a whole mailing; for a small one."""
    rows = _rows(domains, literal(0)).where(Recipient.mailing_id == mailing_id)
    return _counted(connection, rows, coarse=False).get(0, Counter())


def count_batches(
    connection: Connection, mailing_id: int, firsts: Collection[int], domains: Collection[str]
) -> dict[int, Counts]:
    """Count some batches of a mailing, each by itself.

    Times to try again are rounded up: what waits untried to the minute, what a server has put off to the quarter of an hour.
    """
    mine = and_(
        Batch.mailing_id == Recipient.mailing_id, Recipient.seq.between(Batch.first_seq, Batch.last_seq)
    )
    rows = _rows(domains, Batch.first_seq).join(Batch, mine)
    here = rows.where(Batch.mailing_id == mailing_id, Batch.first_seq.in_(firsts))
    return _counted(connection, here, coarse=True)


def read(counts: Mapping[str, int]) -> tuple[dict[Share, int], dict[Why, int], Counter[str]]:
    """Take counts apart: by domain, by reason, and how many went to each domain within the last minute."""
    shares: dict[Share, int] = {}
    whys: dict[Why, int] = {}
    recent: Counter[str] = Counter()
    for key, count in counts.items():
        kind, *parts = key.split(_GAP)
        if kind == "share":
            shares[Share(*parts)] = count
        elif kind == "recent":
            recent[parts[0]] = count
        elif count:
            state, reason, said, domain, due = parts
            due_at = datetime.fromtimestamp(int(due), UTC) if due else None
            whys[Why(State(state), reason, said, domain, due_at)] = count
    return shares, whys, recent


def share_of(domain: str, fate: str) -> str:
    """Return the key under which it is counted how many at a domain came to this."""
    return _GAP.join(("share", domain, fate))


def said_in(key: str) -> str:
    """Return what a server said, of the key of a reason."""
    kind, *parts = key.split(_GAP)
    return parts[2] if kind == "why" else ""


def without_words(key: str) -> str:
    """Return the key of the same reason without what the server said, for when there are too many."""
    kind, *parts = key.split(_GAP)
    return _GAP.join((kind, parts[0], parts[1], "", *parts[3:])) if kind == "why" else key


def _rows(domains: Collection[str], batch: ColumnElement[int] | Any) -> Any:
    """Select what is counted of each recipient; the words of a reply only where something went wrong."""
    troubled = Recipient.state.in_(TROUBLED)
    explained = or_(troubled, and_(Recipient.state == State.QUEUED, Recipient.due_at.is_not(None)))
    return select(
        batch.label("batch"),
        case((Recipient.domain.in_(list(domains)), Recipient.domain), else_="").label("at_domain"),
        Recipient.state.label("in_state"),
        case((explained, func.coalesce(Recipient.reason, ""))).label("why"),
        case((troubled, Recipient.reply)).label("said"),
        case((explained, Recipient.due_at)).label("due"),
        case((Recipient.sent_at > clock.now() - _RECENT, 1), else_=0).label("recent"),
    )


def _counted(connection: Connection, rows: Any, *, coarse: bool) -> dict[int, Counts]:
    sub = rows.subquery()
    grouped: Any = select(*sub.c, func.count()).group_by(*sub.c)
    found: defaultdict[int, Counts] = defaultdict(Counter)
    for row in connection.execute(grouped):
        batch, domain, state, why, said, due, recent, count = row
        counts = found[batch]
        if state in _FATES:
            counts[share_of(domain, _FATES[state])] += count
        if recent:
            counts[_GAP.join(("recent", domain))] += count
        if why is not None:
            grain = (_LONG if state in TROUBLED else _SHORT) if coarse else 1
            until = str(int(-(-due.timestamp() // grain)) * grain) if due else ""
            counts[_GAP.join(("why", state, why, mail.gist(said or ""), domain, until))] += count
    return found
