"""Which entries an issue proposes: what comes, in date order, and what was written since the list's last issue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from newsletter import audience, clock, entries
from newsletter.database import db
from newsletter.entries import Entry, Kind
from newsletter.issues.blocks import Rule
from newsletter.issues.tables import Issue, Mention

MOST_EVENTS = 12
MOST_ARTICLES = 20
MOST_ARTICLES_AT_FIRST = 10
"""A list's first issue has no last one before it: it takes the newest, but not the whole archive."""
_SOON = timedelta(days=28)


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


def must_register_soon(event: Entry) -> bool:
    """Tell whether registration is open and closes within weeks."""
    return event.register_by is not None and clock.now() < event.register_by < clock.now() + _SOON


def propose(mailing_list: audience.MailingList) -> Proposal:
    """Choose what the next issue of a list would tell."""
    last = last_issue(mailing_list.id)
    events = entries.upcoming(limit=MOST_EVENTS, cancelled=False)
    return Proposal(tuple(events), tuple(_articles(last, mailing_list.id)), last)


def last_issue(list_id: int) -> Issue | None:
    """Return the issue of a list that was frozen last."""
    sent = select(Issue).where(Issue.list_id == list_id, Issue.sent_at.is_not(None))
    return db.session.scalar(sent.order_by(Issue.sent_at.desc(), Issue.id.desc()).limit(1))


def _articles(last: Issue | None, list_id: int) -> list[Entry]:
    if last is None:
        return entries.latest(limit=MOST_ARTICLES_AT_FIRST)
    told = _told(list_id)
    found = entries.latest(since=last.sent_at, limit=MOST_ARTICLES + len(told))
    return [entry for entry in found if entry.id not in told][:MOST_ARTICLES]


def by_rule(rule: Rule, issue: Issue, used: Collection[int]) -> tuple[Entry, ...]:
    """Choose what an entry list tells, without what the issue tells elsewhere."""
    last = last_issue(issue.list_id) if issue.sent_at is None else None
    since = last.sent_at if last else None
    found: list[Entry] = []
    for kind in rule.kinds:
        if kind == Kind.EVENT:
            found += entries.upcoming(limit=rule.limit + len(used), cancelled=False)
        else:
            found += entries.latest(kind, since, limit=rule.limit + len(used))
    fitting = [entry for entry in found if entry.id not in used and _has_topic(entry, rule.topics)]
    if Kind.EVENT not in rule.kinds:
        fitting.sort(key=lambda entry: entry.published_at or clock.now(), reverse=True)
    return tuple(fitting[: rule.limit])


def _has_topic(entry: Entry, topics: tuple[str, ...]) -> bool:
    return not topics or any(topic.slug in topics for topic in entry.topics)


def _told(list_id: int) -> set[int]:
    told = select(Mention.entry_id).join(Issue, Issue.id == Mention.issue_id)
    return set(db.session.scalars(told.where(Issue.list_id == list_id)))
