"""Bounces without a machine-readable part: what their free text says of whoever failed."""

import re
from collections.abc import Iterator
from email.message import Message

from newsletter.mail.reports.lookalikes import has_no_return, is_a_report
from newsletter.mail.reports.mentions import ADDRESS, mentions_in
from newsletter.mail.reports.opening import header, text_of
from newsletter.mail.reports.report import Report, ReportKind
from newsletter.mail.reports.verdict import DELAYED, REFUSED, Verdict, judge, reply_code, status_in
from newsletter.mail.reports.wording import plain

_WAITS = re.compile(
    r"\bdelayed|still (?:trying|being|queued)|not yet been delivered|will (?:continue|keep|be retried|try)|delivery attempts will"
    r"|warning only|will be attempted|not need to resend|need not resend"
)
_ENDED = re.compile(
    r"permanent|giv(?:en|ing) up|fatal|could not be delivered (?:for|after)|not going to try|returned to sender"
)
_OUR_SUBJECT = re.compile(
    r"^(?:re|fwd?|undeliver\w*|non.?deliver\w*|failed mail|mail delivery failed)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_REFUSAL = re.compile(r"^[\s<>*-]{0,12}[45]\d\d[ -].{3,500}", re.MULTILINE)
_MOST = 2000


def free_text(message: Message) -> Iterator[Report]:
    """Return what a bounce in free text says; ordinary mail from people is left alone."""
    if not is_a_report(message) and not has_no_return(message):
        return
    text = text_of(message)
    subject = _OUR_SUBJECT.sub(
        "", header(message, "Subject")
    )  # what follows these is the subject of our letter
    for mention in mentions_in(message, text):
        refusal = _last_refusal(text)
        status = status_in(mention.words) or status_in(mention.introduction) or status_in(refusal)
        code = reply_code(ADDRESS.sub(" ", mention.words), status) or reply_code(refusal, status)
        told = judge([mention.words, f"{subject} {mention.introduction}", refusal], status, code)
        if _is_waiting(told, status, plain(f"{subject} {text[:_MOST]}")):
            yield Report(DELAYED.kind, mention.address, "delayed", status, code, DELAYED.reason)
        else:
            yield Report(told.kind, mention.address, "failed", status, code, told.reason)


def _last_refusal(text: str) -> str:
    """Return the last refusal in a transcript of what the servers said to each other."""
    lines = [found[0] for found in _REFUSAL.finditer(text[: _MOST * 3])]
    return lines[-1] if lines else ""


def _is_waiting(told: Verdict, status: str, everything: str) -> bool:
    """Tell whether a server goes on trying: it says so, and neither its words nor its number speak of an end."""
    ended = (told.kind is ReportKind.HARD and told is not REFUSED) or status.startswith("5")
    return not ended and bool(_WAITS.search(everything)) and not _ENDED.search(everything)
