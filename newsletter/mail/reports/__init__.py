"""Reads what comes back: delivery reports (3464), complaints (5965), bounces in free text, and what only looks like one.

Hides the dialects. Promises that no message, however broken, raises; that a verdict weighs action, status and the server's
words together, since most refusals that will pass look permanent by their first digit; and that our own token outranks
any address found in the text.

    opening → traces, complaints, look-alikes, machine, prose → wording, phrases → verdict
"""

from typing import TYPE_CHECKING

from newsletter.later import later
from newsletter.mail.reports.report import Report, ReportKind

if TYPE_CHECKING:
    from newsletter.mail.reports import reading
else:
    reading = later("newsletter.mail.reports.reading")

__all__ = ["Report", "ReportKind", "read_report"]


def read_report(data: bytes) -> list[Report]:
    """Return what a message that came back says, one report for each recipient; an empty list for ordinary mail."""
    return reading.read_report(data)
