"""The engine's figures, for Prometheus to read."""

from collections.abc import Iterator

from sqlalchemy import func, select

from newsletter import clock
from newsletter.database import db
from newsletter.delivery.states import State
from newsletter.delivery.tables import Batch, Mailing
from newsletter.delivery.workers import health


def metrics() -> str:
    """Return the figures in Prometheus' text format: read from counters, so it costs the same at any size."""
    return "\n".join([*_recipients(), *_mailings(), *_engine(), ""])


def _recipients() -> Iterator[str]:
    yield "# HELP newsletter_recipients Recipients of all mailings by where they stand."
    yield "# TYPE newsletter_recipients gauge"
    sums = db.session.execute(
        select(*(func.coalesce(func.sum(getattr(Mailing, state)), 0) for state in State))
    ).one()
    for state, total in zip(State, sums, strict=True):
        yield f'newsletter_recipients{{state="{state}"}} {total}'


def _mailings() -> Iterator[str]:
    yield "# HELP newsletter_mailings Mailings by state."
    yield "# TYPE newsletter_mailings gauge"
    for state, total in db.session.execute(select(Mailing.state, func.count()).group_by(Mailing.state)):
        yield f'newsletter_mailings{{state="{state}"}} {total}'


def _engine() -> Iterator[str]:
    now = clock.now()
    due = select(func.count()).select_from(Batch).where(Batch.due_at <= now, Batch.lease_owner.is_(None))
    seen = health()
    yield "# HELP newsletter_batches_due Batches that a courier could claim now."
    yield "# TYPE newsletter_batches_due gauge"
    yield f"newsletter_batches_due {db.session.scalar(due) or 0}"
    yield "# HELP newsletter_workers Processes that were seen at work of late."
    yield "# TYPE newsletter_workers gauge"
    yield f"newsletter_workers {len(seen.workers)}"
    yield "# HELP newsletter_service_mail_waiting Service mails that wait."
    yield "# TYPE newsletter_service_mail_waiting gauge"
    yield f"newsletter_service_mail_waiting {seen.waiting_service_mail}"
    yield "# HELP newsletter_relay_resting Whether a relay rests after a failure."
    yield "# TYPE newsletter_relay_resting gauge"
    for relay in seen.relays:
        yield f'newsletter_relay_resting{{relay="{relay.name}"}} {int(relay.resting)}'
