"""Leading readers on to where a link of their mail leads, and noting that somebody came by.

A visit keeps no address, neither of mail nor of the network, and not the name of the program that came.
"""

import hmac
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, select

from newsletter import clock, settings
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.errors import Damaged
from newsletter.insights.machines import is_machine
from newsletter.insights.tables import Visit
from newsletter.issues import Issue, Link
from newsletter.tokens import Purpose

COUNTED_FOR = timedelta(days=60)
"""How long after its sending an issue's visits are noted, and kept one by one."""
_MOST = 200
_CUT = "This link is not complete. Open it again from the mail, or copy all of it."


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
    if agent is not None and found.counts_links and clock.now() - found.sent_at <= COUNTED_FOR:
        _note(found.issue_id, n, _hash(mailing_id, reader), machine=is_machine(agent))
    return str(found.url)


def _note(issue_id: int, n: int, who: str, *, machine: bool) -> None:
    """Keep a visit, unless there are so many of one reader that somebody must be filling the table."""
    theirs = select(func.count()).select_from(Visit).where(Visit.issue_id == issue_id, Visit.who == who)
    if (db.session.scalar(theirs) or 0) < _MOST:
        db.session.add(Visit(issue_id=issue_id, n=n, at=clock.now(), who=who, machine=machine))


def _read(token: str) -> tuple[int, int]:
    numbers = settings.tokens().read(Purpose.CLICK, token)
    if len(numbers) != 3:  # noqa: PLR2004 - reader, list, mailing
        raise Damaged(_CUT)
    return numbers[0], numbers[2]


def _hash(mailing_id: int, reader: int) -> str:
    key = sha256(b"newsletter.visits\0" + settings.environment().secret_keys[0].encode()).digest()
    return hmac.digest(key, f"{mailing_id}-{reader}".encode(), "sha256").hex()[:16]
