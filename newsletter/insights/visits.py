"""Leading readers on to where a link of their mail leads, and counting how many went there.

A visit keeps no address, neither of mail nor of the network, and not the name of the program that came. Some weeks after
an issue has left its visits become sums, and from then on nothing is noted any more.
"""

import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from sqlalchemy import delete, select

from newsletter import clock, issues, settings
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.errors import Damaged
from newsletter.insights.machines import Seen, by_people, is_machine
from newsletter.insights.tables import Visit, VisitSum
from newsletter.issues import Issue, Link
from newsletter.tokens import Purpose

COUNTED_FOR = timedelta(days=60)
"""How long after its sending an issue's visits are noted, and kept one by one."""
_GRACE = timedelta(days=1)  # a visit that was noted in the last moment is there when they are summed up
_ALL = 0
_CUT = "This link is not complete. Open it again from the mail, or copy all of it."


@dataclass(frozen=True)
class Tally:
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
    tally: Tally


@dataclass(frozen=True)
class Followed:
    """The counted links of an issue, none where they were not counted; `total` is of all links together."""

    links: tuple[FollowedLink, ...]
    total: Tally
    until: datetime
    """When their visits become sums, and no further ones are noted."""


def follow(token: str, n: int, agent: str | None) -> str:
    """Return where link `n` of a reader's mail leads, and note the visit where its list counts links.

    `agent` is what the program calls itself; without one nothing is noted. Raises `Damaged`.
    """
    reader, mailing_id = _read(token)
    found = db.session.execute(
        select(Link.url, Link.issue_id, Issue.sent_at, MailingList.counts_links)
        .join(Issue, Issue.id == Link.issue_id)
        .join(MailingList, MailingList.id == Issue.list_id)
        .where(Issue.mailing_id == mailing_id, Link.n == n)
    ).one_or_none()
    if found is None:
        raise Damaged(_CUT)
    now = clock.now()
    if agent is not None and found.counts_links and now - found.sent_at <= COUNTED_FOR:
        who = _hash(mailing_id, reader)
        db.session.add(Visit(issue_id=found.issue_id, n=n, at=now, who=who, machine=is_machine(agent)))
    return str(found.url)


def followed(issue_id: int) -> Followed:
    """Return how often the links of a sent issue were followed."""
    tallies = _sums(issue_id) or _count(issue_id)
    links = tuple(
        FollowedLink(link.language, link.words, link.url, tallies.get(link.n, Tally()))
        for link in issues.links(issue_id)
    )
    sent_at = issues.issue(issue_id).sent_at or clock.now()
    return Followed(links, tallies.get(_ALL, Tally()), sent_at + COUNTED_FOR)


def tidy() -> None:
    """Turn the visits of issues that left long ago into sums, and drop them one and all."""
    long_ago = clock.now() - COUNTED_FOR - _GRACE
    old = select(Visit.issue_id).join(Issue, Issue.id == Visit.issue_id).where(Issue.sent_at < long_ago)
    for issue_id in db.session.scalars(old.distinct()).all():
        for n, tally in _count(issue_id).items():
            db.session.add(
                VisitSum(
                    issue_id=issue_id, n=n, people=tally.people, visits=tally.visits, machines=tally.machines
                )
            )
        db.session.execute(delete(Visit).where(Visit.issue_id == issue_id))


def _read(token: str) -> tuple[int, int]:
    numbers = settings.tokens().read(Purpose.CLICK, token)
    if len(numbers) != 3:  # noqa: PLR2004 - reader, list, mailing
        raise Damaged(_CUT)
    return numbers[0], numbers[2]


def _hash(mailing_id: int, reader: int) -> str:
    key = sha256(b"newsletter.visits\0" + settings.environment().secret_keys[0].encode()).digest()
    return hmac.digest(key, f"{mailing_id}-{reader}".encode(), "sha256").hex()[:16]


def _sums(issue_id: int) -> dict[int, Tally]:
    rows = db.session.scalars(select(VisitSum).where(VisitSum.issue_id == issue_id))
    return {row.n: Tally(row.people, row.visits, row.machines) for row in rows}


def _count(issue_id: int) -> dict[int, Tally]:
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
        n: Tally(len(set(theirs[n])), len(theirs[n]), total - len(theirs[n]))
        for n, total in all_of_them.items()
    }


def _places(visits: Iterable[Seen]) -> Iterable[int]:
    """Where a visit counts: at its link, and at all of them together."""
    for visit in visits:
        yield visit.n
        yield _ALL
