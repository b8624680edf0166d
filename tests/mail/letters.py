"""A letter of the Minato Institute, and how its wire bytes are read back with the standard library."""

import email
import email.header
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

from newsletter import mail
from newsletter.mail import Address, Draft, ListHeaders

DORA = Address("dora@example.com", "Dora Reader")
EMI = Address("emi@example.com", "江口花子")
DATE = datetime(2026, 10, 13, 0, 0, 5, 123456, tzinfo=UTC)
MESSAGE_ID = "<1.2@letter.example.org>"

LIST = ListHeaders(
    list_id="letter.example.org",
    name="Minato Letter",
    unsubscribe_url="https://example.org/unsubscribe/" + mail.mark("token:unsubscribe"),
    help_url="https://example.org/manage",
    owner="editor@example.org",
    archive_url="https://example.org/issues/",
    feedback_id="issue42:letter:en:minato",
    cfbl_address="complaints@example.org",
    unsubscribe_mailto="mailto:leave@example.org",
)


def draft(**changes) -> Draft:
    kept = {
        "sender": Address("letter@example.org", "Minato Institute"),
        "subject": "Security in the Strait",
        "html": f"<p>Dear {mail.mark('name', 'reader')}</p>\n",
        "text": f"Dear {mail.mark('name', 'reader')}\n",
        "language": "en",
    }
    return Draft(**{**kept, **changes})


def fill(template: mail.Template, to: Address = DORA, **values: str) -> bytes:
    return template.fill(to, MESSAGE_ID, DATE, {"token:unsubscribe": "ab.cd", **values})


def read(wire: bytes) -> EmailMessage:
    message = email.message_from_bytes(wire, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert not part.defects
        for value in part.values():
            assert not getattr(value, "defects", ())
    return message


def body(wire: bytes, kind: str) -> str:
    """The body of one kind as a reader's program decodes it, octet for octet."""
    parts = list(email.message_from_bytes(wire).walk())
    assert not any(part.defects for part in parts)
    [part] = [part for part in parts if part.get_content_type() == f"text/{kind}"]
    return part.get_payload(decode=True).decode()


def header_lines(wire: bytes) -> dict[str, str]:
    """The headers as they stand on the wire, unfolded but not decoded."""
    head = re.sub(r"\r\n([ \t])", r"\1", wire.partition(b"\r\n\r\n")[0].decode())
    return dict(line.split(": ", 1) for line in head.split("\r\n"))


def decoded(raw: str) -> str:
    """A header as a reader's program shows it."""
    return str(email.header.make_header(email.header.decode_header(raw)))


def check_wire(wire: bytes) -> None:
    """What every message keeps to on the wire."""
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire), "a bare CR or LF"
    assert wire.endswith(b"\r\n")
    lines = wire.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)
    head = wire.partition(b"\r\n\r\n")[0].decode()
    unfolded = re.sub(r"\r\n([ \t])", r"\1", head)
    names = [line.partition(":")[0].lower() for line in unfolded.split("\r\n")]
    for name in ("from", "to", "subject", "date", "message-id", "mime-version", "content-type"):
        assert names.count(name) == 1, name
    assert len(names) == len(set(names)), names
    for line in head.split("\r\n"):
        for word in re.findall(r"=\?\S*\?=", line):
            assert len(word) <= 75
            assert len(line) <= 76
