"""How far the links of an issue reached: counted from its visits, and from the sums that remain of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import delete, select

from newsletter import clock, issues
from newsletter.database import db
from newsletter.insights.following import COUNTED_FOR
from newsletter.insights.machines import Seen, by_people
from newsletter.insights.tables import Visit, VisitSum
from newsletter.issues import Issue

_GRACE = timedelta(days=1)  # a visit that was noted in the last moment is there when they are summed up
_ALL = 0


@dataclass(frozen=True)
class Reach:
    """How many people followed a link, how often they did, and how often programs that check mail did."""

    people: int = 0
    visits: int = 0
    machines: int = 0


@dataclass(frozen=True)
class FollowedLink:
    """One counted link of one edition: its words, where it leads, and how often it was followed."""

    language: str
    words: str
    url: str
    reach: Reach


@dataclass(frozen=True)
class Followed:
    """The counted links of an issue, none where they were not counted; `total` is of all links together."""

    links: tuple[FollowedLink, ...]
    total: Reach
    until: datetime
    """When their visits become sums, and no further ones are noted."""


def followed(issue_id: int) -> Followed:
    """Return how often the links of a sent issue were followed."""
    reached = _sums(issue_id) or _count(issue_id)
    links = tuple(
        FollowedLink(link.language, link.words, link.url, reached.get(link.n, Reach()))
        for link in issues.links(issue_id)
    )
    sent_at = issues.issue(issue_id).sent_at or clock.now()
    return Followed(links, reached.get(_ALL, Reach()), sent_at + COUNTED_FOR)


def tidy() -> None:
    """Turn the visits of issues that left long ago into sums, and drop them one and all."""
    long_ago = clock.now() - COUNTED_FOR - _GRACE
    old = select(Visit.issue_id).join(Issue, Issue.id == Visit.issue_id).where(Issue.sent_at < long_ago)
    for issue_id in db.session.scalars(old.distinct()).all():
        if not _sums(issue_id):
            db.session.add_all(_summed_up(issue_id))
        db.session.execute(delete(Visit).where(Visit.issue_id == issue_id))


def _summed_up(issue_id: int) -> list[VisitSum]:
    return [
        VisitSum(issue_id=issue_id, n=n, people=reach.people, visits=reach.visits, machines=reach.machines)
        for n, reach in _count(issue_id).items()
    ]


def _sums(issue_id: int) -> dict[int, Reach]:
    rows = db.session.scalars(select(VisitSum).where(VisitSum.issue_id == issue_id))
    return {row.n: Reach(row.people, row.visits, row.machines) for row in rows}


def _count(issue_id: int) -> dict[int, Reach]:
    """Count the visits of an issue: for each link, and for all."""
    rows = select(Visit.who, Visit.n, Visit.at, Visit.machine).where(Visit.issue_id == issue_id)
    all_of_them: Counter[int] = Counter()
    theirs: defaultdict[int, list[str]] = defaultdict(list)
    found = db.session.execute(rows.order_by(Visit.who, Visit.at, Visit.id))
    for who, visits in groupby(found, attrgetter("who")):
        seen = [Seen(visit.n, visit.at, visit.machine) for visit in visits]
        all_of_them.update(_places(seen))
        for n in _places(by_people(seen)):
            theirs[n].append(who)
    return {
        n: Reach(len(set(theirs[n])), len(theirs[n]), total - len(theirs[n]))
        for n, total in all_of_them.items()
    }


def _places(visits: Iterable[Seen]) -> Iterator[int]:
    """Where a visit counts: at its link, and at all of them together."""
    for visit in visits:
        yield visit.n
        yield _ALL
