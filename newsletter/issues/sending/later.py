"""Later readers: who joined a list after its issue was frozen, and may get that issue too.

They become further recipients of the issue's one mailing, so its report, its links and what comes back need nothing new.
"""

from sqlalchemy import Select, update

from newsletter import delivery
from newsletter.audience import Subscriber
from newsletter.database import db
from newsletter.errors import Conflict
from newsletter.issues.drafting import issue
from newsletter.issues.plans import readers_of
from newsletter.issues.reading import editions
from newsletter.issues.sending.waves import local_time
from newsletter.issues.tables import Issue, State
from newsletter.issues.variants import by_language, counted, with_variants


def later_readers(issue_id: int) -> dict[str, int]:
    """Count who reads the list now and has no row in the issue's mailing, by the edition they would get. Raises `Conflict`."""
    found = _sent(issue_id)
    counts = by_language(counted(_joined_since(found)))
    return {one.language: counts.get(one.language, 0) for one in editions(issue_id)}


def send_to_later_readers(issue_id: int) -> int:
    """Send an issue also to those who joined its list since, as it was frozen; return how many they are.

    Nobody gets it twice: whoever has a row in its mailing, whatever became of it, is left out. Raises `Conflict`.
    """
    found = _sent(issue_id)
    added = delivery.extend(found.mailing_id or 0, _joined_since(found))
    if added:
        # written also where it was read as such: a sweep may have settled it while this waited for its mailing
        db.session.execute(update(Issue).where(Issue.id == issue_id).values(state=State.SENDING))
    return added


def _sent(issue_id: int) -> Issue:
    found = issue(issue_id)
    if found.state not in (State.SENDING, State.SENT) or found.mailing_id is None:
        raise Conflict("Only an issue that was sent, and not cancelled, can be sent to later readers.")
    if local_time(issue_id):
        raise Conflict("Some readers still wait for their time. Whoever has joined since gets it with them.")
    return found


def _joined_since(found: Issue) -> Select:  # type: ignore[type-arg]
    languages = [one.language for one in editions(found.id)]
    has_it = delivery.has_row(found.mailing_id or 0, Subscriber.id)
    readers = readers_of(found, languages).where(~has_it)
    return with_variants(readers, found, found.pieces, languages)
