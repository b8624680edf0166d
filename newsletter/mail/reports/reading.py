"""From the bytes of a message that came back to what it says, whatever dialect it is in."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr

from newsletter.mail.reports import prose
from newsletter.mail.reports.report import Report, ReportKind
from newsletter.mail.reports.verdict import judge, reply_code, status_in

_TOKEN = re.compile(r"\bb\+([a-z2-7]{16,})@", re.IGNORECASE)
_SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_MOST_TEXT = 100_000
_ROBOT = re.compile(
    r"mailer[-_ ]?daemon|postmaster|mail\s+(delivery|administrator|system)|mdaemon|mail\s?admin|system\s+administrator",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"""undeliver|delivery\s+(status|fail|problem|error|report|has\s+failed|notification)|returned\s+(mail|to\s+sender)|failure\s+notice|mail\s+(system\s+error|error|fail|delivery)
        |failed\s+mail|could\s+not\s+be\s+delivered|non[- ]?delivery|bounce|nondeliverable|warning|rejected|unknown\s+user|not\s+deliver|unzustellbar|returned:|投函|配信""",
    re.IGNORECASE | re.VERBOSE,
)
_AWAY_SUBJECT = re.compile(
    r"""out\s+of\s+(the\s+)?(office|town)|auto(matic|mated)?[\s-]*(reply|response|antwort)|vacation|away\s+from|on\s+(leave|holiday)|abwesen|automatyczna
        |réponse\s+automatique|respuesta\s+autom|自動(返信|応答)|不在""",
    re.IGNORECASE | re.VERBOSE,
)
_CHALLENGE = re.compile(
    r"""(confirm|verify|approve|authenticat|validate)\w*\s+(that\s+)?(you|your|the\s+sender|sender|this)|challenge|boxbe|spamarrest|bluebottle|whitelist|waiting\s+list
        |guest\s+list|spam\s?blocker|knowspam|sender\s+verification|to\s+be\s+added\s+to""",
    re.IGNORECASE | re.VERBOSE,
)


def read_report(data: bytes) -> list[Report]:
    """Return what a message that came back says, one report for each recipient; an empty list for ordinary mail."""
    message = message_from_bytes(data)
    token, about = _token(message), _message_id(message)
    found = (
        list(_complaint(message))
        or _look_alike(message)
        or list(_machine_readable(message))
        or list(_prose(message))
    )
    return [
        Report(
            r.kind,
            r.recipient,
            r.action,
            r.status,
            r.reply_code,
            r.reason,
            r.verp or token,
            r.message_id or about,
        )
        for r in found
    ]


def _complaint(message: Message) -> Iterator[Report]:
    """Read a complaint in the abuse reporting format (5965)."""
    for part in _parts(message, "message/feedback-report"):
        fields = _fields(_inner(part))
        kind = fields.get("feedback-type", "").lower()
        if not kind:
            continue
        meant = (
            ReportKind.COMPLAINT
            if kind in {"abuse", "fraud", "miscategorized", "virus"}
            else ReportKind.OTHER
        )
        recipient = parseaddr(fields.get("original-rcpt-to", ""))[1] or None
        path = _TOKEN.search(fields.get("original-mail-from", ""))
        yield Report(
            meant,
            recipient,
            "",
            "",
            None,
            f"A reader’s provider reports: {kind}.",
            path[1].lower() if path else None,
        )


def _look_alike(message: Message) -> list[Report]:
    """Tell notes of absence and challenges from bounces; they say nothing of whether a letter arrived."""
    if next(_parts(message, "message/delivery-status"), None) is not None:
        return []
    subject, sender = _text_of(message["Subject"]), _text_of(message["From"])
    automatic = (
        str(message.get("Auto-Submitted", "no"))
        .lower()
        .startswith(("auto-replied", "auto-notified", "auto-generated"))
    )
    robot = bool(_ROBOT.search(sender)) or bool(_BOUNCE_SUBJECT.search(subject))
    answers = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From"))
    answers = answers or str(message.get("Precedence", "")).lower() == "auto_reply"
    person = parseaddr(sender)[1] or None
    text = _text(message)[:4000]
    if (
        not robot
        and _CHALLENGE.search(subject + " " + text)
        and (automatic or "confirm" in text.lower() or "boxbe" in sender.lower())
    ):
        return [Report(ReportKind.CHALLENGE, person, reason="A filter asks for a proof that a person wrote.")]
    if _AWAY_SUBJECT.search(subject) or answers or (automatic and not robot):
        return [Report(ReportKind.AUTO_REPLY, person, reason="An automatic answer.")]
    return []


def _machine_readable(message: Message) -> Iterator[Report]:
    """Read delivery reports (3464): one block for each recipient after the first, which is about the message."""
    said = _text(message)
    seen: set[str] = set()
    for part in _parts(message, "message/delivery-status"):
        for block in _blocks(part):
            fields = _fields(block)
            final = _address(fields.get("final-recipient", ""))
            shown = (
                _address(fields.get("original-recipient", "")) or final
            )  # what we wrote to, before any forwarding
            if not shown or ("action" not in fields and "status" not in fields):
                continue
            if shown.lower() in seen:
                continue
            seen.add(shown.lower())
            yield _verdict(shown, fields, said)


def _verdict(recipient: str, fields: dict[str, str], said: str) -> Report:
    action = (
        fields.get("action", "failed").split()[0].lower() if fields.get("action", "").split() else "failed"
    )
    words = re.sub(r"^\s*[\w-]+\s*;\s*", "", fields.get("diagnostic-code", ""))
    status = status_in(fields.get("status", "")) or status_in(words)
    weighed = words if len(words) > 12 else f"{words} {_said_of(recipient, said)}"  # noqa: PLR2004 - “550” alone says nothing
    kind, reason = judge(weighed, status, action)
    return Report(kind, recipient, action, status, reply_code(words or weighed, status), reason)


def _said_of(recipient: str, said: str) -> str:
    """Return what the report's prose says near a recipient."""
    place = said.lower().find(recipient.lower())
    return said[max(0, place - 200) : place + 500] if place >= 0 else said[:800]


def _prose(message: Message) -> Iterator[Report]:
    """Read a bounce in free text; ordinary mail from people is left alone."""
    subject, sender = _text_of(message["Subject"]), _text_of(message["From"])
    failed = [address for _, address in getaddresses(message.get_all("X-Failed-Recipients", []))]
    text = _text(message)
    empty_path = str(message.get("Return-Path", "x")).strip() == "<>"
    robot = _ROBOT.search(sender) or _BOUNCE_SUBJECT.search(subject) or empty_path or failed
    if not robot:
        return
    ours = {
        address.lower()
        for name in (*_SENT_TO, "From", "Sender", "Reply-To")
        for _, address in getaddresses(map(str, message.get_all(name, [])))
    }
    found = [(address, _said_of(address, text)) for address in failed] or prose.found_in(text, ours)
    delayed = bool(
        re.search(
            r"warning|delayed|still\s+trying|not\s+yet\s+been\s+delivered|will\s+(continue|keep)\s+(to\s+try|trying)",
            subject + " " + text[:1500],
            re.IGNORECASE,
        )
    )
    for address, words in found:
        status = status_in(words)
        kind, reason = judge(
            words,
            status,
            "delayed"
            if delayed and not re.search(r"\b5\.\d\.\d|permanent|giv(en|ing)\s+up", words, re.IGNORECASE)
            else "failed",
        )
        yield Report(
            kind,
            address,
            "delayed" if kind is ReportKind.DELAYED else "failed",
            status,
            reply_code(words, status),
            reason,
        )


# The pieces of a message


def _parts(message: Message, media_type: str) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == media_type:
            yield part


def _blocks(part: Message) -> Iterable[str]:
    """Return the blocks of a delivery status as text, whatever the parser made of them."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [_inner_text(block) for block in payload if isinstance(block, Message)]
    return re.split(r"\n\s*\n", _decoded(part))


def _inner(part: Message) -> str:
    payload = part.get_payload()
    return (
        "\n".join(_inner_text(inner) for inner in payload if isinstance(inner, Message))
        if isinstance(payload, list)
        else _decoded(part)
    )


def _inner_text(block: Message) -> str:
    return (
        "\n".join(f"{name}: {value}" for name, value in block.items())
        + "\n"
        + (_decoded(block) if not block.is_multipart() else "")
    )


def _fields(block: str) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block)
    fields: dict[str, str] = {}
    for line in unfolded.splitlines():
        name, colon, value = line.partition(":")
        if colon and re.fullmatch(r"[\w-]+", name.strip()):
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _address(field: str) -> str:
    """Return the address of `rfc822; dora@example.com`, bare."""
    value = field.rpartition(";")[2].strip().strip("<>")
    found = re.search(r"[^\s<>,;\"=]+@[^\s<>,;\"]+", value)
    return found[0].strip(".") if found else ""


def _text(message: Message) -> str:
    texts = [_decoded(part) for part in _readable(message) if part.get_content_type() == "text/plain"]
    if not texts:
        texts = [
            re.sub(r"<[^>]+>", " ", _decoded(part))
            for part in _readable(message)
            if part.get_content_type() == "text/html"
        ]
    return "\n".join(texts)[:_MOST_TEXT]


def _readable(message: Message) -> Iterator[Message]:
    """Walk the parts, but not into the copy of the letter that a report carries."""
    if message.get_content_maintype() == "message":
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _readable(part)
    else:
        yield message


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = str(part.get_content_charset("utf-8"))
    try:
        return payload.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return payload.decode("latin-1")


def _text_of(header: object) -> str:
    if header is None:
        return ""
    try:
        return str(make_header(decode_header(str(header))))
    except (LookupError, UnicodeError, ValueError):
        return str(header)


def _token(message: Message) -> str | None:
    """Return our own token from the address the report was sent to, or from the copy of our letter inside it."""
    for part in message.walk():
        names = _SENT_TO if part is message else ("Return-Path",)
        for name in names:
            for value in part.get_all(name, []):
                if found := _TOKEN.search(str(value)):
                    return found[1].lower()
    return None


def _message_id(message: Message) -> str | None:
    """Return the Message-ID of the letter that a report is about."""
    for part in message.walk():
        if part is not message and part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            found = re.search(r"^Message-ID:\s*(<[^>\s]+>)", _whole(part), re.IGNORECASE | re.MULTILINE)
            if found:
                return found[1]
    return None


def _whole(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(_inner_text(inner) for inner in payload if isinstance(inner, Message))
    return _decoded(part)
