"""Receiving one message that came back, and doing what it asks for."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from newsletter import audience, delivery, mail
from newsletter.database import db
from newsletter.errors import Damaged
from newsletter.feedback.tables import Returned
from newsletter.mail import Report, ReportKind


@dataclass(frozen=True)
class Counts:
    """How much came back of one mailing."""

    bounces: int
    complaints: int


def receive(data: bytes, envelope_to: str = "") -> list[Report]:
    """Take in one message that came back; `envelope_to` is the return path it was sent to, where that is known.

    Returns what it says. Only a token of ours, found in the return path, lets it touch anybody.
    """
    reports = mail.read_report(data)
    for report in reports:
        about = _about(envelope_to) or _about(report.verp or "")
        if about is not None and _is_new(data, report, about):
            _act(report, about)
    return reports


def counts(mailing_id: int) -> Counts:
    """Return how many bounces and complaints came back of one mailing."""
    by_kind: dict[str, int] = dict(
        db.session.execute(
            select(Returned.kind, func.count()).where(Returned.mailing_id == mailing_id).group_by(Returned.kind)
        )
        .tuples()
        .all()
    )
    bounces = by_kind.get(ReportKind.HARD, 0) + by_kind.get(ReportKind.SOFT, 0)
    return Counts(bounces, by_kind.get(ReportKind.COMPLAINT, 0))


def _about(return_path: str) -> delivery.RecipientView | None:
    if not return_path:
        return None
    try:
        return delivery.bounced(return_path)
    except Damaged:
        return None


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
    if report.kind is ReportKind.HARD:
        delivery.suppress(about.address, "hard bounce", report.reason)
    elif report.kind is ReportKind.COMPLAINT:
        delivery.suppress(about.address, "complaint", report.reason)
        if about.reader is not None:
            audience.unsubscribe(about.reader, None, audience.Source.COMPLAINT)
