"""Hard or soft: what a mail server's words, status and action mean together.

The words decide first. A full mailbox is reported as 5.2.2, a filter as 5.7.1, a sender's own fault as 550; none of them says that
the address is bad. Only where the words say nothing is the number believed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.mail.reports import phrases
from newsletter.mail.reports.report import ReportKind
from newsletter.mail.reports.wording import plain

_CODE = re.compile(r"(?<![\d.\w-])([245][0-5]\d)(?![\d.\w])(?!-\d{3})")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")


_REFUSALS = 400


@dataclass(frozen=True)
class Verdict:
    """What a report means, and why in one sentence."""

    kind: ReportKind
    reason: str


NO_MAILBOX = Verdict(ReportKind.HARD, "There is no such mailbox.")
NO_DOMAIN = Verdict(ReportKind.HARD, "The domain takes no mail, or no longer exists.")
REFUSED = Verdict(ReportKind.HARD, "The mail server refuses this address.")
FULL = Verdict(ReportKind.SOFT, "The mailbox is full.")
TOO_LARGE = Verdict(ReportKind.SOFT, "The message was too large for this server.")
UNWANTED = Verdict(ReportKind.SOFT, "Refused as unwanted, or for the way it was sent.")
PASSING = Verdict(ReportKind.SOFT, "It could not be delivered this time.")
DELAYED = Verdict(ReportKind.DELAYED, "It has not been delivered yet; the server goes on trying.")
DELIVERED = Verdict(ReportKind.DELIVERED, "It was delivered.")

_BY_WORDS = (  # the first that is said decides
    (phrases.FULL, FULL),
    (phrases.TOO_LARGE, TOO_LARGE),
    (phrases.SENDER, UNWANTED),
    (phrases.TEMPORARY, PASSING),
    (phrases.NO_MAILBOX, NO_MAILBOX),
    (phrases.NO_DOMAIN, NO_DOMAIN),
    (phrases.UNWANTED, UNWANTED),
    (phrases.PASSING, PASSING),
)
_BY_STATUS = {  # details of permanent failures (3463) that speak for themselves
    **dict.fromkeys(("1.1", "1.3", "1.6", "2.1"), NO_MAILBOX),
    "1.0": REFUSED,
    **dict.fromkeys(("1.2", "1.10"), NO_DOMAIN),
    "2.2": FULL,
    **dict.fromkeys(("2.3", "3.4"), TOO_LARGE),
    **dict.fromkeys(("1.7", "1.8", "1.9"), UNWANTED),
}
_BY_SUBJECT = {"2": PASSING, "3": PASSING, "4": PASSING, "6": UNWANTED, "7": UNWANTED}
_BY_CODE = {550: REFUSED, 551: REFUSED, 553: REFUSED, 556: NO_DOMAIN, 521: NO_DOMAIN, 552: FULL}
_ADDRESS_REJECTED = re.compile(
    r"(?:recipient|rcpt|address) (?:address )?rejected|rejected (?:the )?(?:recipient|address)"
)


def reply_code(words: str, status: str = "") -> int | None:
    """Return the reply code among a server's words: the first that refuses, skipping the digits of its status."""
    codes = [int(found) for found in _CODE.findall(words.replace(status, " ") if status else words)]
    return next((code for code in codes if code >= _REFUSALS), codes[0] if codes else None)


def status_in(words: str) -> str:
    """Return the enhanced status (3463) among a server's words, or an empty string."""
    found = _STATUS.search(words)
    return found[0] if found else ""


def judge(contexts: Iterable[str], status: str, code: int | None) -> Verdict:
    """Return what a failure means. `contexts` are words about it, the nearest first; the number decides where none tells."""
    for number, words in enumerate(contexts):
        told = _by_words(plain(words), status, code)
        if told is not None:
            return told
        if number == 0 and (told := _by_status(status)) is not None:
            return told  # what the server itself says of it outranks what others write around it
    return _by_status(status) or _by_code(code)


def _by_words(words: str, status: str, code: int | None) -> Verdict | None:
    for pattern, verdict in _BY_WORDS:
        if pattern.search(words):
            passes = verdict is NO_MAILBOX and _is_transient(status, code) and "unavailable" in words
            return PASSING if passes else verdict
    return REFUSED if _ADDRESS_REJECTED.search(words) and not _is_transient(status, code) else None


def _is_transient(status: str, code: int | None) -> bool:
    return status.startswith("4") or (not status and code is not None and code // 100 == 4)  # noqa: PLR2004 - 4yz


def _by_status(status: str) -> Verdict | None:
    if status.startswith("4."):
        return PASSING
    digit, _, detail = status.partition(".")
    if digit != "5":
        return None
    return _BY_STATUS.get(detail) or _BY_SUBJECT.get(detail.partition(".")[0])


def _by_code(code: int | None) -> Verdict:
    if code is None:
        return REFUSED
    return _BY_CODE.get(code, PASSING if code // 100 == 4 else UNWANTED)  # noqa: PLR2004 - 4yz
