"""Receiving one message that came back, and doing what it asks for."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from newsletter import audience, delivery, mail, settings
from newsletter.database import db
from newsletter.errors import BadLink, Damaged
from newsletter.feedback.tables import Returned
from newsletter.mail import Report, ReportKind
from newsletter.tokens import Purpose


@dataclass(frozen=True)
class Counts:
    """How much came back of one mailing."""

    bounces: int
    complaints: int


def receive(data: bytes, envelope_to: str = "") -> list[Report]:
    """Take in one message that came back; `envelope_to` is the return path it was sent to, where that is known.

    Returns what it says. Only a token of ours lets it touch anybody: that of the return path, or for a complaint that
    of the unsubscribe link, which the reader holds anyway.
    """
    reports = mail.read_report(data)
    told: dict[tuple[int, int], tuple[delivery.RecipientView, list[Report]]] = {}
    for report in reports:
        about = _about(report, envelope_to)
        if about is not None:
            told.setdefault((about.mailing_id, about.seq), (about, []))[1].append(report)
    for about, theirs in told.values():
        report = _most_telling(theirs, about)
        if _is_new(data, report, about):
            _act(report, about)
    return reports


def counts(mailing_id: int) -> Counts:
    """Return how many bounces and complaints came back of one mailing."""
    found = select(Returned.kind, func.count().label("total")).where(Returned.mailing_id == mailing_id)
    rows = db.session.execute(found.group_by(Returned.kind))
    by_kind: dict[str, int] = {row.kind: row.total for row in rows}
    bounces = by_kind.get(ReportKind.HARD, 0) + by_kind.get(ReportKind.SOFT, 0)
    return Counts(bounces, by_kind.get(ReportKind.COMPLAINT, 0))


def _about(report: Report, envelope_to: str) -> delivery.RecipientView | None:
    """Return whom a report is about, by the first of its traces that is ours."""
    for return_path in filter(None, (envelope_to, report.verp)):
        with suppress(Damaged):
            return delivery.bounced(return_path)
    if report.kind is ReportKind.COMPLAINT and report.unsubscribe:
        return _by_link(report.unsubscribe)
    return None


def _by_link(token: str) -> delivery.RecipientView | None:
    try:
        reader, _, mailing_id, *_ = settings.tokens().read(Purpose.UNSUBSCRIBE, token)
    except (BadLink, ValueError):
        return None
    return next((one for one in delivery.history(reader) if one.mailing_id == mailing_id), None)


def _most_telling(reports: list[Report], about: delivery.RecipientView) -> Report:
    """Return the report that names the address we wrote to; others speak of where it was forwarded."""
    ours = about.address.casefold()
    return next((report for report in reports if (report.recipient or "").casefold() == ours), reports[0])


def _is_new(data: bytes, report: Report, about: delivery.RecipientView) -> bool:
    digest = sha256(data + f"|{about.mailing_id}|{about.seq}".encode()).hexdigest()
    if db.session.scalar(select(Returned.id).where(Returned.digest == digest)):
        return False
    db.session.add(
        Returned(
            digest=digest,
            mailing_id=about.mailing_id,
            seq=about.seq,
            reader=about.reader,
            kind=str(report.kind),
            status=report.status[:20],
            reason=report.reason[:300],
        )
    )
    db.session.flush()
    return True


def _act(report: Report, about: delivery.RecipientView) -> None:
    if "@" not in about.address:  # erased meanwhile, and suppressed with that
        return
    if report.kind is ReportKind.HARD:
        delivery.suppress(about.address, "hard bounce", report.reason)
    elif report.kind is ReportKind.COMPLAINT:
        delivery.suppress(about.address, "complaint", report.reason)
        if about.reader is not None:
            audience.unsubscribe(about.reader, None, audience.Source.COMPLAINT)
