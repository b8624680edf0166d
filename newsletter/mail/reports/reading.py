"""From the bytes of a message that came back to what it says, whatever dialect it is in."""

from collections.abc import Iterable
from dataclasses import replace
from email.message import Message

from newsletter.mail.reports.complaints import complaints_in
from newsletter.mail.reports.lookalikes import automatic_answer, has_no_return, is_a_report, look_alike
from newsletter.mail.reports.machine import machine_readable
from newsletter.mail.reports.opening import header, opened, text_of
from newsletter.mail.reports.prose import free_text
from newsletter.mail.reports.report import Report
from newsletter.mail.reports.traces import Traces, traces_of
from newsletter.mail.reports.verdict import judge, reply_code, status_in


def read_report(data: bytes) -> list[Report]:
    """Return what a message that came back says, one report for each recipient; an empty list for ordinary mail."""
    try:
        message = opened(data)
        traces = traces_of(message)
        return [_traced(report, traces) for report in _reports(message, traces)]
    except RecursionError:  # parts within parts without end: made to hurt, and no report
        return []


def _reports(message: Message, traces: Traces) -> Iterable[Report]:
    """Ask the dialects in turn, the surest first."""
    if found := list(complaints_in(message)):
        return found
    if answer := look_alike(message):
        return [answer]
    return list(machine_readable(message)) or list(free_text(message)) or _unnamed(message, traces)


def _unnamed(message: Message, traces: Traces) -> list[Report]:
    """Return what can be said where nobody is named: our own token may still tell whom it is about."""
    if not is_a_report(message):
        return [automatic_answer(message)] if has_no_return(message) else []
    if traces.verp is None:
        return []
    words = text_of(message)
    status = status_in(words)
    code = reply_code(words, status)
    told = judge([words, header(message, "Subject")], status, code)
    return [Report(told.kind, None, "failed", status, code, told.reason)]


def _traced(report: Report, traces: Traces) -> Report:
    return replace(
        report,
        verp=report.verp or traces.verp,
        message_id=traces.message_id,
        unsubscribe=traces.unsubscribe,
    )
