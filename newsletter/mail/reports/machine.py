"""Delivery reports that machines can read (3464): after a block about the message, one for each recipient."""

import re
from collections.abc import Iterator
from email.message import Message

from newsletter.mail.reports.lookalikes import is_challenge
from newsletter.mail.reports.opening import blocks_of, fields_of, parts, text_of
from newsletter.mail.reports.report import Report, ReportKind
from newsletter.mail.reports.verdict import DELAYED, DELIVERED, Verdict, judge, reply_code, status_in

_TYPES = ("message/delivery-status", "message/xdelivery-status", "message/global-delivery-status")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_ADDRESS = re.compile(r"[^\s<>,;\"=]{1,64}@[^\s<>,;\"]{1,255}")
_STARTS = re.compile(r"^(?:final|original)-recipient\s{0,4}:", re.IGNORECASE | re.MULTILINE)
_NEAR = 900
_MOST = 200  # recipients of one message; ours has one
_CHALLENGE = Verdict(ReportKind.CHALLENGE, "A filter asks for a proof that a person wrote.")


def machine_readable(message: Message) -> Iterator[Report]:
    """Return a report for each recipient; where a body lost its parts, the fields are found in its text."""
    said = text_of(message)
    blocks = [block for part in parts(message, *_TYPES) for block in blocks_of(part)]
    if not blocks and _STARTS.search(said):
        blocks = re.split(r"\n[ \t\r]*\n", said)
    seen: set[str] = set()
    for fields in map(fields_of, blocks[:_MOST]):
        recipient = _recipient(fields, said)
        if recipient and recipient.lower() not in seen:
            seen.add(recipient.lower())
            yield _report(recipient, fields, said)


def _recipient(fields: dict[str, str], said: str) -> str:
    """Return the address that we wrote to, which comes before any forwarding."""
    if not fields.keys() & {"action", "status"}:
        return ""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if found := _ADDRESS.search(fields.get(name, "").rpartition(";")[2]):
            return found[0].strip(".'")
    if fields.keys() & {
        "final-recipient",
        "original-recipient",
    }:  # a bare name: the words around it may have more
        near = {address[0].strip(".'") for address in _ADDRESS.finditer(said)}
        return near.pop() if len(near) == 1 else ""
    return ""


def _report(recipient: str, fields: dict[str, str], said: str) -> Report:
    """Weigh one block. What is told is the status as it was written; a general one (5.0.0) gives way to the words when judging."""
    action = _action(fields.get("action", ""))
    diagnostic = fields.get("diagnostic-code", "")
    words = re.sub(r"^\s*[\w-]+\s*;\s*", "", diagnostic) or fields.get("status", "")
    around = _said_of(recipient, said)
    named = status_in(fields.get("status", ""))
    told = status_in(words) or status_in(around)
    weighed = told if told and (not named or named.endswith(".0.0")) else named
    code = reply_code(words, told) or reply_code(around, told)
    verdict = _verdict(action, [diagnostic if is_challenge(diagnostic) else words, around], weighed, code)
    return Report(verdict.kind, recipient, action, named or told, code, verdict.reason)


def _action(field: str) -> str:
    """Return the action in the RFC's word: some write “failure”, some add a comment."""
    word = field.strip().lower()
    return next((action for action in _ACTIONS if word.startswith(action[:5])), "failed")


def _verdict(action: str, contexts: list[str], status: str, code: int | None) -> Verdict:
    if action in {"delivered", "relayed", "expanded"}:
        return DELIVERED
    if is_challenge(contexts[0]):
        return _CHALLENGE
    if action == "delayed":
        return DELAYED
    return judge(contexts, status, code)


def _said_of(recipient: str, said: str) -> str:
    """Return the paragraph of a report's prose that speaks of a recipient, and the next where it says no more than the address."""
    place = said.lower().find(recipient.lower())
    if place < 0:
        return ""
    paragraphs = re.split(r"\n[ \t\r]*\n", said[place + len(recipient) : place + _NEAR])
    own = paragraphs[0].strip(" \t\r\n<>:.")
    return own or " ".join(paragraphs[1:2])
