"""How far a mailing has come: read from its counters, never by counting its recipients."""

import math
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from newsletter import clock, settings
from newsletter.database import db
from newsletter.delivery.breakdown import main_wait
from newsletter.delivery.counting import SLOT
from newsletter.delivery.faces import Progress, Rate, RelayState
from newsletter.delivery.relays import relays
from newsletter.delivery.states import MailingState
from newsletter.delivery.tables import Batch, Mailing, RateRow
from newsletter.delivery.workers import LATELY, somebody_works
from newsletter.errors import NotFound

_COUNTERS = (
    "recipients",
    "queued",
    "sending",
    "sent",
    "deferred",
    "refused",
    "unknown",
    "withdrawn",
    "suppressed",
)
_NOW, _LATELY = 2, 6
"""Over so many times ten seconds it is measured how fast a mailing goes."""
_POINTS = 60
NO_RELAY = "No mail server is set: give one in SMTP_URL and start again."


def progress(mailing_id: int) -> Progress:
    """Return how far a mailing has come. Raises `NotFound`."""
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    if mailing is None:
        raise NotFound(f"There is no mailing {mailing_id}.")
    now = clock.now()
    next_try = _next_try(mailing, now)
    notice, in_short = _notice(mailing, now)
    if not notice and next_try:
        notice = in_short = main_wait(mailing.id, mailing.recipients)
    rate = _rate(mailing, now, _LATELY)
    grows = mailing.readers is not None and mailing.filled_at is not None
    state = _state(mailing, waits=bool(notice) or next_try is not None)
    return Progress(
        mailing_id=mailing.id,
        label=mailing.label,
        reference=mailing.reference,
        state=state,
        **{name: getattr(mailing, name) for name in _COUNTERS},
        start_at=mailing.start_at,
        started_at=mailing.started_at,
        finished_at=mailing.finished_at,
        extended_at=mailing.extended_at,
        rate=rate,
        rate_now=_rate(mailing, now, _NOW),
        expected_end=_expected_end(mailing, rate, now)
        if state == MailingState.SENDING and not grows
        else None,
        next_try_at=next_try,
        notice=notice,
        notice_in_short=in_short,
        paused_by=mailing.paused_by,
        grows=grows,
    )


def rates(mailing_id: int, since: timedelta | None = None) -> list[Rate]:
    """Return how fast a mailing went, oldest first: from its beginning to its end, or `since` so long ago until now.

    One that later readers got too is told from where it went on. At most some sixty points, evenly apart; the ten seconds
    that are running are left out.
    """
    first, last = _span(mailing_id, since)
    if first is None or last is None or last < first:
        return []
    grain = max(1, math.ceil((last - first + 1) / _POINTS))
    part = RateRow.slot // grain
    rows = (RateRow.mailing_id == mailing_id) & RateRow.slot.between(first, last)
    sent = dict(db.session.execute(select(part, func.sum(RateRow.sent)).where(rows).group_by(part)).all())
    minute = 60 / (grain * SLOT)
    return [
        Rate(datetime.fromtimestamp(number * grain * SLOT, UTC), round(sent.get(number, 0) * minute))
        for number in range(first // grain, last // grain + 1)
    ]


def _span(mailing_id: int, since: timedelta | None) -> tuple[int | None, int | None]:
    """Return the first and the last ten seconds to be shown."""
    first, last = db.session.execute(
        select(func.min(RateRow.slot), func.max(RateRow.slot)).where(RateRow.mailing_id == mailing_id)
    ).one()
    again = db.session.scalar(select(Mailing.extended_at).where(Mailing.id == mailing_id))
    if first is not None and again is not None:
        first = max(first, int(again.timestamp()) // SLOT)
    running = int(clock.now().timestamp()) // SLOT
    if since is None or first is None:
        return first, last
    return max(first, running - int(since.total_seconds()) // SLOT), running - 1


def ended(mailings: Collection[int], *, to_change: bool = False) -> dict[int, MailingState]:
    """Return which of these mailings have ended, and how; `to_change` keeps that so until the caller commits.

    Those that somebody else is changing are left out then.
    """
    how = (MailingState.FINISHED, MailingState.WITHDRAWN)
    found = select(Mailing.id, Mailing.state).where(Mailing.id.in_(mailings), Mailing.state.in_(how))
    if to_change:
        found = found.order_by(Mailing.id).with_for_update(read=True, skip_locked=True)
    return {mailing_id: MailingState(state) for mailing_id, state in db.session.execute(found)}


def mailing_of(reference: str) -> int | None:
    """Return the number of the newest mailing with this reference."""
    return db.session.scalar(select(func.max(Mailing.id)).where(Mailing.reference == reference))


def _state(mailing: Mailing, *, waits: bool) -> MailingState:
    if mailing.state == MailingState.SENDING and waits and not mailing.sending:
        return MailingState.WAITING
    return MailingState(mailing.state)


def _next_try(mailing: Mailing, now: datetime) -> datetime | None:
    """When the next batch is due, where none is due or under way now."""
    if mailing.state != MailingState.SENDING or mailing.sending:
        return None
    due = db.session.scalar(select(func.min(Batch.due_at)).where(Batch.mailing_id == mailing.id))
    rest = [relay.rests_until or relay.full_until for relay in relays()]
    if rest and all(rest):
        due = max(due or now, min(moment for moment in rest if moment))
    return due if due and due > now else None


def _notice(mailing: Mailing, now: datetime) -> tuple[str, str]:
    """Say why a mailing that has mail to send does not send it, in full and in short."""
    if mailing.state not in (MailingState.QUEUED, MailingState.SENDING) or not (
        mailing.queued or mailing.deferred
    ):
        return "", ""
    if mailing.start_at and mailing.start_at > now:
        return "", ""
    if not settings.environment().smtp_urls:
        return NO_RELAY, NO_RELAY
    resting = relays()
    if resting and all(relay.resting or relay.full_until for relay in resting):
        return _of_a_relay(resting[0])
    idle = _nobody_works(mailing, now)
    return idle, idle


def _of_a_relay(relay: RelayState) -> tuple[str, str]:
    if relay.resting:
        return relay.reason or "", f"The mail server {relay.name} takes no mail now."
    full = relay.full_reason or ""
    return full, full


def _nobody_works(mailing: Mailing, now: datetime) -> str:
    waiting_since = max(filter(None, (mailing.created_at, mailing.start_at)))
    if mailing.sending or now - waiting_since < LATELY or somebody_works():
        return ""
    return "No worker was seen of late: start one, and sending goes on by itself."


def _rate(mailing: Mailing, now: datetime, window: int) -> float:
    """Messages a second, over these ten seconds and so many tens before them."""
    if mailing.started_at is None or mailing.state not in (MailingState.SENDING, MailingState.PAUSED):
        return 0.0
    first = int(now.timestamp()) // SLOT - window
    recent = (RateRow.mailing_id == mailing.id) & (RateRow.slot >= first)
    sent = db.session.scalar(select(func.coalesce(func.sum(RateRow.sent), 0)).where(recent)) or 0
    begun = max(filter(None, (mailing.started_at, mailing.extended_at)))
    since = max(begun, datetime.fromtimestamp(first * SLOT, UTC))
    return float(sent / max((now - since).total_seconds(), 1.0))


def _expected_end(mailing: Mailing, rate: float, now: datetime) -> datetime | None:
    left = mailing.queued + mailing.sending
    return now + timedelta(seconds=left / rate) if rate > 0 and left else None
