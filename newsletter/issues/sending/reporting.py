"""What became of issues that were handed over: where each stands, in numbers that add up, and the moment it is sent."""

from dataclasses import dataclass, fields

from sqlalchemy import select, update

from newsletter import delivery
from newsletter.database import db
from newsletter.issues.drafting import issue
from newsletter.issues.sending.waves import local_time, waiting_issues
from newsletter.issues.tables import Issue, State


@dataclass(frozen=True)
class Report:
    """What became of an issue, in numbers that add up to `recipients`."""

    state: State
    recipients: int = 0
    queued: int = 0
    sending: int = 0
    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    withdrawn: int = 0
    suppressed: int = 0


_COUNTS = tuple(count.name for count in fields(Report) if count.name != "state")

_ENDED = {delivery.MailingState.FINISHED: State.SENT, delivery.MailingState.WITHDRAWN: State.CANCELLED}


def settle() -> list[int]:
    """Mark issues whose mailing has come to its end as sent, and return their ids.

    A mailing that somebody extends at this moment stays what it is, and so does an issue that somebody turned meanwhile.
    """
    going = select(Issue.mailing_id).where(Issue.state == State.SENDING, Issue.mailing_id.is_not(None))
    ended = delivery.ended(list(filter(None, db.session.scalars(going))), to_change=True)
    settled: list[int] = []
    for mailing_id, how in ended.items():
        this = update(Issue).where(
            Issue.mailing_id == mailing_id, Issue.state == State.SENDING, Issue.id.not_in(waiting_issues())
        )
        settled += db.session.scalars(this.values(state=_ENDED[how]).returning(Issue.id))
    return settled


def state_of(found: Issue) -> State:
    """Where an issue stands at this moment: one that was handed over is sent as soon as its mailing has ended."""
    if found.state is not State.SENDING or found.mailing_id is None:
        return found.state
    how = None if local_time(found.id) else delivery.ended([found.mailing_id]).get(found.mailing_id)
    return _ENDED[how] if how else State.SENDING


def report(issue_id: int) -> Report:
    """Return what became of an issue; zeros that add up while it is not sent."""
    found = issue(issue_id)
    if found.mailing_id is None:
        return Report(found.state)
    progress = delivery.progress(found.mailing_id)
    return Report(state_of(found), **{name: getattr(progress, name) for name in _COUNTS})
