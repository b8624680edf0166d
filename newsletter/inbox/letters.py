"""What is kept of a letter, and reading it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True)
class LetterSummary:
    """One line of the inbox."""

    id: str
    at: datetime
    sender: str
    to: str
    """The address it was handed over for, from the envelope."""
    subject: str
    size: int


@dataclass(frozen=True)
class Attached:
    """A part that came with a letter."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Caught:
    """A letter as it left: decoded for reading, and as it was on the wire."""

    id: str
    at: datetime
    subject: str
    sender: str
    to: str
    date: str
    html: str
    text: str
    source: bytes
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attached, ...]


def parse(source: bytes) -> EmailMessage:
    """Read the bytes of a letter; whatever they are, a message comes out."""
    return message_from_bytes(source, policy=policy.default)


def head_of(source: bytes) -> EmailMessage:
    """Read the header alone, which is much faster."""
    head, _, _ = source.partition(b"\r\n\r\n")
    return parse(head + b"\r\n\r\n")


def header(message: EmailMessage, name: str) -> str:
    """Return one header, decoded, on one line; empty where it is missing or past reading."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, LookupError):  # the email package trips over some headers
        return ""


def body(message: EmailMessage, kind: str) -> str:
    """Return the text of a letter as `html` or `plain`; empty where it has none."""
    try:
        part = message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
    except (LookupError, ValueError, AttributeError, KeyError):
        return ""


def attached(message: EmailMessage) -> tuple[Attached, ...]:
    """Return what came with a letter."""
    try:
        return tuple(_describe(part) for part in message.iter_attachments())
    except (AttributeError, KeyError, ValueError):
        return ()


def headers(message: EmailMessage) -> tuple[tuple[str, str], ...]:
    """Return all headers in their order, decoded."""
    return tuple((name, " ".join(str(value).split())) for name, value in message.raw_items())


def _describe(part: EmailMessage) -> Attached:
    data = part.get_payload(decode=True)
    size = len(data) if isinstance(data, bytes) else 0
    return Attached(part.get_filename() or "", part.get_content_type(), size)
