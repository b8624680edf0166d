"""The engine's figures, for Prometheus to read: from counters and short lists alone, so that they cost the same at any size.

No label holds an address, an issue or a server's words: relays by the names that SMTP_URL gives them, and words of fixed
sets.
"""

import platform
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter import VERSION, clock, mail
from newsletter.database import db
from newsletter.delivery.destinations import destinations
from newsletter.delivery.faces import Health, RelayState
from newsletter.delivery.states import RUNNING, MailingState, State
from newsletter.delivery.tables import Batch, HandedRow, Mailing, WorkerRow
from newsletter.delivery.workers import health
from newsletter.later import later

if TYPE_CHECKING:
    import prometheus_client
    from prometheus_client import core
    from prometheus_client.core import Metric
else:
    prometheus_client = later("prometheus_client")
    core = later("prometheus_client.core")

_GOING = (MailingState.QUEUED, MailingState.SENDING)
_LEFT = (State.QUEUED, State.SENDING, State.DEFERRED)
_MOST_RELAYS = 100
"""So many names of relays are told of at most, those of former ones among them."""


class _Figures:
    """What is asked for all figures: a collector, as the library calls it."""

    def collect(self) -> Iterator["Metric"]:
        """Read the figures."""
        seen = health()
        yield from _mailings()
        yield from _under_way()
        yield from _batches()
        yield from _service_mail(seen)
        yield from _workers(seen)
        yield from _relays(seen)
        yield _handed()
        yield _domains()
        yield _build()


def metrics() -> str:
    """Return the figures in Prometheus' text format."""
    registry = prometheus_client.CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return prometheus_client.generate_latest(registry).decode()


def _gauge(name: str, words: str, value: float) -> "Metric":
    return core.GaugeMetricFamily(f"newsletter_{name}", words, value=value)


def _gauges(
    name: str, words: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], float]]
) -> "Metric":
    family = core.GaugeMetricFamily(f"newsletter_{name}", words, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _mailings() -> Iterator["Metric"]:
    sums = db.session.execute(
        select(*(func.coalesce(func.sum(getattr(Mailing, state)), 0) for state in State))
    ).one()
    by_state = [((state.value,), total) for state, total in zip(State, sums, strict=True)]
    yield _gauges("recipients", "Recipients of all mailings by where they stand.", ("state",), by_state)
    rows = db.session.execute(select(Mailing.state, func.count()).group_by(Mailing.state))
    yield _gauges("mailings", "Mailings by state.", ("state",), [((state,), count) for state, count in rows])


def _under_way() -> Iterator["Metric"]:
    sums = [func.coalesce(func.sum(getattr(Mailing, state)), 0) for state in _LEFT]
    found = select(Mailing.service, func.count(), *sums).where(Mailing.state.in_(RUNNING))
    rows = {service: counts for service, *counts in db.session.execute(found.group_by(Mailing.service))}
    kinds = {"issue": rows.get(False, [0, 0, 0, 0]), "service": rows.get(True, [0, 0, 0, 0])}
    yield _gauges(
        "mailings_under_way",
        "Mailings that have mail to send, paused ones among them.",
        ("kind",),
        [((kind,), counts[0]) for kind, counts in kinds.items()],
    )
    yield _gauges(
        "messages_left",
        "What mailings under way have still to send, by where it stands.",
        ("kind", "state"),
        [
            ((kind, state.value), count)
            for kind, counts in kinds.items()
            for state, count in zip(_LEFT, counts[1:], strict=True)
        ],
    )


def _batches() -> Iterator["Metric"]:
    now = clock.now()
    due = (Batch.due_at <= now) & Batch.lease_owner.is_(None) & Mailing.state.in_(_GOING)
    found = select(func.count(), func.min(Batch.due_at)).join(Mailing, Mailing.id == Batch.mailing_id)
    count, oldest = db.session.execute(found.where(due)).one()
    yield _gauge("batches_due", "Batches that a courier could claim now.", count)
    yield _gauge(
        "oldest_batch_due_seconds",
        "For how long the oldest batch has been due that nobody took.",
        _age(oldest, now),
    )


def _service_mail(seen: Health) -> Iterator["Metric"]:
    yield _gauge("service_mail_waiting", "Service mails that wait.", seen.waiting_service_mail)
    age = _age(seen.oldest_waiting_since, clock.now())
    yield _gauge("oldest_service_mail_seconds", "For how long the oldest service mail has waited.", age)


def _workers(seen: Health) -> Iterator["Metric"]:
    yield _gauge("workers", "Processes that were seen at work of late.", len(seen.workers))
    alone = sum(worker.alone_since is not None for worker in seen.workers)
    yield _gauge("workers_without_redis", "Workers that keep limits by themselves.", alone)
    swept = db.session.scalar(select(func.max(WorkerRow.swept_at)))
    yield _gauge(
        "last_sweep_timestamp_seconds",
        "When a worker last swept for due mail, which the clock asks for every second; 0 where none did.",
        swept.timestamp() if swept else 0,
    )


def _relays(seen: Health) -> Iterator["Metric"]:
    yield _gauges(
        "relay_resting",
        "Whether a relay rests after a failure, and whose fault that is.",
        ("relay", "fault"),
        [
            ((relay.name, fault.value), _rests(relay, fault))
            for relay in seen.relays
            for fault in (mail.Fault.RELAY, mail.Fault.SENDER)
        ],
    )
    full = [((relay.name,), float(relay.full_until is not None)) for relay in seen.relays]
    yield _gauges("relay_full", "Whether a relay has had all that its limits allow.", ("relay",), full)
    there = [((name,), count) for name, count in sorted(seen.connections.items())[:_MOST_RELAYS]]
    yield _gauges("connections", "Connections open, as of some seconds ago.", ("relay",), there)


def _rests(relay: RelayState, fault: mail.Fault) -> float:
    return float(relay.resting and relay.fault == fault)


def _handed() -> "Metric":
    family = core.CounterMetricFamily(
        "newsletter_messages",
        "Attempts to hand a message to a relay, by what became of each.",
        labels=("relay", "outcome"),
    )
    most = _MOST_RELAYS * len(mail.Outcome)
    rows = select(HandedRow.relay, HandedRow.outcome, HandedRow.messages)
    for relay, outcome, messages in db.session.execute(rows.order_by(*rows.selected_columns[:2]).limit(most)):
        family.add_metric((relay, outcome), messages)
    return family


def _domains() -> "Metric":
    paused = sum(one.paused_until is not None for one in destinations())
    return _gauge("domains_paused", "Domains that are left alone because they blamed us.", paused)


def _build() -> "Metric":
    about = {
        "version": VERSION,
        "python": platform.python_version(),
        "database": db.session.get_bind().dialect.name,
    }
    return core.InfoMetricFamily("newsletter_build", "What runs here.", value=about)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
