"""Bounces without a machine-readable part: who is meant, and what the server said, found in free text."""

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"(?<![\w.+/=-])([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_QUOTE_BEGINS = re.compile(
    r"""^\W*(
        (-+\s*)?(below\s+this\s+line\s+is|this\s+is\s+a\s+copy|the\s+following\s+is\s+a\s+copy|original\s+message|returned\s+message
        |unsent\s+message|message\s+(header|text|contents)|the\s+header\s+of\s+the\s+original|headers?\s+follow|start\s+of\s+(returned|forwarded)
        |here\s+is\s+(a\s+copy|your)|copy\s+of\s+(the|your)\s+(original|message)|included\s+(is|below)|enclosed\s+is|the\s+(text|body)\s+of\s+your
        |(your\s+)?original\s+(mail|message|text)|a\s+copy\s+of\s+(the|your)\s+(original|message)|forwarded\s+message)
        |received:\s|return-path:\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_INTRODUCES = re.compile(
    r"""(following\s+(e-?mail\s+)?(address|recipient|user|person)|permanent\s+(fatal\s+)?error|could\s+not\s+be\s+(delivered|sent)|couldn't\s+be\s+delivered
        |undeliverable|failed|unable\s+to\s+deliver|not\s+(been\s+)?delivered|did\s+not\s+reach|delivery\s+(failure|error|to)|invalid\s+final|unknown
        |no\s+such|rejected|undelivered|recipient|unreachable|sorry|your\s+(mail|message)|over\s+quota|quota|not\s+exist|transcript|failure|destinat
        |status\s+of|error|rcpt\s+to|blocked|can't\s+send|addressee|user|mailbox|account)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = re.compile(
    r"^(mailer-daemon|postmaster|root|mailerdaemon|abuse|noreply|no-reply|support|helpdesk|webmaster)@",
    re.IGNORECASE,
)
_NEAR = 4


def found_in(text: str, ours: set[str]) -> list[tuple[str, str]]:
    """Return pairs of an address that failed and what was said of it; `ours` are addresses that belong to the sender."""
    lines = _before_the_quote(text)
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        for address in _addresses(line, ours):
            key = address.lower()
            if key not in found:
                found[key] = _words_about(lines, number)
    return [
        (address, words) for address, words in found.items() if _INTRODUCES.search(words) or len(found) == 1
    ]


def _before_the_quote(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if _QUOTE_BEGINS.match(line) and any(_ADDRESS.search(earlier) for earlier in lines):
            break
        if re.match(r"^\s*(from|to|cc|reply-to|sender|message-id|subject|date)\s*:", line, re.IGNORECASE):
            continue
        lines.append(line)
    return lines


def _addresses(line: str, ours: set[str]) -> Iterator[str]:
    for found in _ADDRESS.finditer(line):
        address = re.sub(r"^(3D|SMTP=|rfc822;)", "", found[1], flags=re.IGNORECASE).strip("'.=")
        if address.lower() not in ours and not _NOBODY.match(address):
            yield address


def _words_about(lines: list[str], number: int) -> str:
    """Return the paragraph around a line: what comes before introduces it, what comes after says why."""
    start = number
    while start > max(0, number - _NEAR) and lines[start - 1].strip():
        start -= 1
    if start == number and number > 1:
        start = max(0, number - 3)
    end = min(len(lines), number + _NEAR + 2)
    return " ".join(" ".join(lines[start:end]).split())
