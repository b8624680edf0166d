"""Complaints in the abuse reporting format (5965): somebody pressed “junk”, or the opposite."""

from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr

from newsletter.mail.reports.opening import fields_of, parts, source_of
from newsletter.mail.reports.report import Report, ReportKind
from newsletter.mail.reports.traces import token_in

_STOP = {"abuse", "fraud", "miscategorized", "virus", "opt-out", "opt-out-list", "complaint"}


def complaints_in(message: Message) -> Iterator[Report]:
    """Return what feedback reports say; recipients are often hidden, so our own traces tell whom it is about."""
    for part in parts(message, "message/feedback-report", "application/feedback-report"):
        fields = fields_of(source_of(part))
        kind = fields.get("feedback-type", "").split(";")[0].strip().lower()
        if not kind:
            continue
        yield Report(
            ReportKind.COMPLAINT if kind in _STOP else ReportKind.OTHER,
            _recipient(fields),
            reason=f"The reader’s provider reports: {kind[:40]}.",
            verp=token_in(fields.get("original-mail-from", "")),
        )


def _recipient(fields: dict[str, str]) -> str | None:
    address = parseaddr(fields.get("original-rcpt-to", ""))[1]
    hidden = "@" not in address or "redacted" in address.lower()
    return None if hidden else address
