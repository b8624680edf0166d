"""Which entries an issue proposes: what comes, in date order, and what was written since the list's last issue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from newsletter import audience, clock, entries, languages, settings
from newsletter.database import db
from newsletter.entries import Entry, Kind
from newsletter.issues.rules import Order, Rule, Window
from newsletter.issues.tables import Issue, Mention

MOST_EVENTS = 12
MOST_ARTICLES = 20
MOST_ARTICLES_AT_FIRST = 10
"""A list's first issue has no last one before it: it takes the newest, but not the whole archive."""
_SOON = timedelta(days=28)
_LATE = timedelta(weeks=8)
"""How old a thing may be that comes here late: a feed taken in for the first time must not bring years."""
_MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Proposal:
    """What an issue could tell: events in date order, articles newest first; `since` is the last issue, if any."""

    events: tuple[Entry, ...]
    articles: tuple[Entry, ...]
    since: Issue | None

    @property
    def headline(self) -> Entry | None:
        """The event a reader can do most about: one to register for soon, else one not closed, else the next."""
        now = clock.now()
        still_open = [event for event in self.events if event.register_by is None or event.register_by > now]
        closing = [event for event in still_open if must_register_soon(event)]
        return next(iter(closing or still_open or self.events), None)


def new_entries(mailing_list: audience.MailingList) -> list[Entry]:
    """Return what the next issue of a list would tell that none of its issues has told."""
    told, proposal = _told(mailing_list.id), propose(mailing_list)
    return [entry for entry in (*proposal.events, *proposal.articles) if entry.id not in told]


def must_register_soon(event: Entry) -> bool:
    """Tell whether registration is open and closes within weeks."""
    return event.register_by is not None and clock.now() < event.register_by < clock.now() + _SOON


def propose(mailing_list: audience.MailingList) -> Proposal:
    """Choose what the next issue of a list would tell."""
    last = last_issue(mailing_list.id)
    events = entries.upcoming(limit=MOST_EVENTS, cancelled=False)
    return Proposal(tuple(events), tuple(_articles(last, mailing_list.id)), last)


def last_issue(list_id: int) -> Issue | None:
    """Return the issue of a list that was frozen last; a correction is not one in the sequence."""
    sent = select(Issue).where(Issue.list_id == list_id, Issue.sent_at.is_not(None), Issue.corrects.is_(None))
    return db.session.scalar(sent.order_by(Issue.sent_at.desc(), Issue.id.desc()).limit(1))


def _articles(last: Issue | None, list_id: int) -> list[Entry]:
    if last is None:
        return entries.latest(limit=MOST_ARTICLES_AT_FIRST)
    return _not_told(list_id, last, None, MOST_ARTICLES)


def _not_told(list_id: int, last: Issue, kind: str | None, limit: int) -> list[Entry]:
    """Return what came since the last issue was begun, even if it is dated some weeks before, and was never told."""
    told = _told(list_id)
    found = entries.latest(kind, last.created_at, late=_LATE, limit=limit + len(told))
    return [entry for entry in found if entry.id not in told][:limit]


def by_rule(rule: Rule, list_id: int, used: Collection[int], at: datetime) -> list[Entry]:
    """Return all that fits a rule at a moment, in its order, without what the issue tells elsewhere."""
    found = [entry for kind in rule.kinds for entry in _of_kind(kind, rule, list_id, at)]
    out = {*used, *_told(list_id)} if rule.unsent else used
    fitting = [entry for entry in found if entry.id not in out and _has_topic(entry, rule.topics)]
    return _ordered(fitting, rule.order)


def _of_kind(kind: str, rule: Rule, list_id: int, at: datetime) -> list[Entry]:
    span = rule.window.span
    if kind == Kind.EVENT:
        found = entries.upcoming(limit=_MOST_LOOKED_AT, cancelled=False)
        return [event for event in found if _fits(event, at, span)]
    last = last_issue(list_id) if rule.window is Window.ISSUE else None
    if last:
        return _not_told(list_id, last, kind, _MOST_LOOKED_AT)
    return entries.latest(kind, at - span if span else None, limit=_MOST_LOOKED_AT)


def _fits(event: Entry, at: datetime, span: timedelta | None) -> bool:
    """Tell whether an event is still to come at a moment, and within the window."""
    to_come = event.over_at is not None and event.over_at > at
    return to_come and (span is None or event.starts_at is None or event.starts_at <= at + span)


def _ordered(found: list[Entry], order: Order) -> list[Entry]:
    if order is Order.TITLE:
        first = settings.publication().languages[0]
        return sorted(found, key=lambda entry: languages.folded(entry.title(first)))
    if order is not Order.USUAL:
        return sorted(found, key=_moment, reverse=order is Order.NEWEST)
    events = sorted((entry for entry in found if entry.is_event), key=_moment)
    return events + sorted((entry for entry in found if not entry.is_event), key=_moment, reverse=True)


def _moment(entry: Entry) -> datetime:
    return entry.starts_at or entry.published_at or entry.created_at


def _has_topic(entry: Entry, topics: tuple[str, ...]) -> bool:
    return not topics or any(topic.slug in topics for topic in entry.topics)


def _told(list_id: int) -> set[int]:
    told = select(Mention.entry_id).join(Issue, Issue.id == Mention.issue_id)
    return set(db.session.scalars(told.where(Issue.list_id == list_id)))
