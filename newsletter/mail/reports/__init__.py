"""Reads what comes back: delivery reports (3464), complaints (5965), bounces in free text, and what only looks like one.

Hides the dialects. Promises that no message, however broken, raises; that a verdict weighs action, status and the server's
words together, since most refusals that will pass look permanent by their first digit; and that our own token outranks
any address found in the text.

    opening → traces, complaints, look-alikes, machine, prose → wording, phrases → verdict
"""

from newsletter.mail.reports.reading import read_report
from newsletter.mail.reports.report import Report, ReportKind

__all__ = ["Report", "ReportKind", "read_report"]
