"""The audience as the publisher sees it: searching it, and how it grows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from newsletter.audience.tables import JOINED, Action, ConsentRecord, State, Subscriber, Subscription
from newsletter.clock import now
from newsletter.database import db, is_postgres

PAGE = 50


@dataclass(frozen=True)
class Found:
    """A subscriber, with the state of each of their subscriptions by list."""

    subscriber: Subscriber
    states: dict[int, State]


@dataclass(frozen=True)
class Page:
    """One page of what was found."""

    items: tuple[Found, ...]
    number: int
    of: int
    total: int


@dataclass(frozen=True)
class Month:
    """How a month went: who joined, who left, how many there were at its end."""

    first: date
    joined: int
    left: int
    total: int


@dataclass(frozen=True)
class Movement:
    """How many joined and how many left."""

    joined: int
    left: int


def search(
    text: str = "",
    list_id: int | None = None,
    state: State | None = None,
    page: int = 1,
    language: str | None = None,
) -> Page:
    """Find subscribers by a part of their address or name, by list, state and language; the newest first."""
    query = select(Subscriber).where(Subscriber.erased_at.is_(None))
    if text.strip():
        query = query.where(_matches(text.strip()))
    if list_id is not None or state is not None:
        query = query.where(Subscriber.id.in_(_subscribed(list_id, state)))
    if language is not None:
        query = query.where(Subscriber.language == language)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    found = db.session.scalars(
        query.order_by(Subscriber.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    ).all()
    states = _states([each.id for each in found])
    return Page(tuple(Found(each, states.get(each.id, {})) for each in found), number, pages, total)


def growth(list_id: int | None = None, months: int = 12) -> list[Month]:
    """Return how a list, or all of them together, went in the last months, the present one last.

    Subscriptions are counted, not people, and read from the consent ledger.
    """
    firsts = _months(now(), months)
    joined, left = _by_month(list_id, firsts[0], joined=True), _by_month(list_id, firsts[0], joined=False)
    total = _confirmed(list_id)
    found: list[Month] = []
    for first in reversed(firsts):
        came, went = joined.get(f"{first:%Y-%m}", 0), left.get(f"{first:%Y-%m}", 0)
        found.append(Month(first, came, went, total))
        total = max(0, total - came + went)
    return found[::-1]


def movement(since: datetime, list_id: int | None = None) -> Movement:
    """Return how many joined and left a list, or all of them together, since a moment; from the consent ledger."""
    query = select(ConsentRecord.action, func.count()).where(ConsentRecord.at >= since)
    if list_id is not None:
        query = query.where(ConsentRecord.list_id == list_id)
    counted: dict[Action, int] = dict(db.session.execute(query.group_by(ConsentRecord.action)).all())
    return Movement(sum(counted.get(action, 0) for action in JOINED), counted.get(Action.WITHDRAWN, 0))


def _matches(text: str) -> ColumnElement[bool]:
    pattern = text.casefold()
    return or_(
        Subscriber.address_key.contains(pattern, autoescape=True),
        func.lower(Subscriber.name).contains(pattern, autoescape=True),
        Subscriber.name.contains(text, autoescape=True),
    )


def _subscribed(list_id: int | None, state: State | None) -> Select[int]:
    query = select(Subscription.subscriber_id)
    if list_id is not None:
        query = query.where(Subscription.list_id == list_id)
    return query.where(Subscription.state == state) if state is not None else query


def _states(ids: list[int]) -> dict[int, dict[int, State]]:
    query = select(Subscription).where(Subscription.subscriber_id.in_(ids))
    found: dict[int, dict[int, State]] = {}
    for subscription in db.session.scalars(query):
        found.setdefault(subscription.subscriber_id, {})[subscription.list_id] = subscription.state
    return found


def _months(last: datetime, count: int) -> list[date]:
    ordinal = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(ordinal - count + 1, ordinal + 1)]


def _by_month(list_id: int | None, since: date, *, joined: bool) -> dict[str, int]:
    at: Any = ConsentRecord.at
    month = func.to_char(func.timezone("UTC", at), "YYYY-MM") if is_postgres() else func.strftime("%Y-%m", at)
    actions = JOINED if joined else (Action.WITHDRAWN,)
    start = datetime(since.year, since.month, 1, tzinfo=now().tzinfo)
    query = select(month.label("month"), func.count()).where(ConsentRecord.action.in_(actions), at >= start)
    if list_id is not None:
        query = query.where(ConsentRecord.list_id == list_id)
    return {str(name): int(n) for name, n in db.session.execute(query.group_by("month"))}


def _confirmed(list_id: int | None) -> int:
    query = select(func.count()).select_from(Subscription).where(Subscription.state == State.CONFIRMED)
    return (
        db.session.scalar(query.where(Subscription.list_id == list_id) if list_id is not None else query) or 0
    )
