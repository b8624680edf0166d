"""A thousand letters are taken off the wire by a real server, and each reads back as it was written for its reader."""

import asyncio
import random
from dataclasses import dataclass
from email.utils import parseaddr

import pytest

from newsletter import mail
from newsletter.mail import Address, Connection, Envelope, Relay
from tests.mail.letters import DATE, LIST, body, check_wire, decoded, draft, header_lines, read
from tests.mail.servers import aiosmtpd_server
from tests.mail.test_connection import Delivery

pytestmark = pytest.mark.slow

_EDITIONS = 20
_READERS = 50
_PIECES = (
    "江口 花子", "髙橋𠮷郎", "ハンカク カナ", "がぎぐ", "みなと研究所",  # the last but one is written with combining marks
    "👩🏽‍🔬", "🇯🇵🇬🇧", "👨‍👩‍👧‍👦", "e\u0301", "Zoë", "ﬁn",
    "مرحبا بالعالم", "שלום", "\u200fRTL\u200e", "हिन्दी", "ไทย",
    '"quoted"', "“curly”", "O'Neil", "back\\slash", "a, b; c", "(round)", "<angle>", "@at", "100 %", "=?utf-8?q?x?=", "&amp;", "=3D",
    "Dr", "of Minato", "x" * 70, "長" * 60, "word " * 20 + "end",
)  # fmt: skip
_LINES = (
    "",
    ".",
    "..",
    ".dot",
    "From here",
    " indented",
    "trailing ",
    "tab\tin",
    "=",
    "=20",
    "-- ",
    "--",
    "x" * 2_000,
    "港" * 900,
)


@dataclass(frozen=True)
class Letter:
    """What one reader is meant to read."""

    sender: Address
    to: Address
    subject: str
    text: str
    html: str
    token: str
    message_id: str
    wire: bytes


def _some(dice: random.Random, least: int, most: int) -> str:
    return " ".join(dice.sample(_PIECES, dice.randint(least, most)))


def _escaped(text: str) -> str:
    for sign, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = text.replace(sign, reference)
    return text


class Edition:
    """A draft with random texts, compiled once."""

    def __init__(self, dice: random.Random, number: int) -> None:
        self._dice = dice
        self._number = number
        self._subject = _some(dice, 1, 6)
        lines = [*dice.sample(_LINES, 6), *(_some(dice, 1, 4) for _ in range(4))]
        dice.shuffle(lines)
        self._before, self._after = "\n".join(lines[:5]), "\n".join(lines[5:])
        self._sender = Address("letter@example.org", _some(dice, 1, 3))
        name, link = mail.mark("name", "読者"), mail.mark("link")
        subject, text, html = self._written(name, name, link)
        self._template = mail.compile(
            draft(list=LIST, subject=subject, text=text, html=html, sender=self._sender)
        )

    def letter(self, reader: int) -> Letter:
        dice = self._dice
        name = _some(dice, 1, 3) if reader else ""
        to = Address(f"r{self._number}.{reader}@example.com", name)
        message_id = f"<{self._number}.{reader}@letter.example.org>"
        link, token = f"https://example.org/click/{dice.randbytes(9).hex()}/1", dice.randbytes(12).hex()
        values = {"name": name, "link": link, "token:unsubscribe": token}
        wire = self._template.fill(to, message_id, DATE, values)
        subject, *bodies = self._written(name or "読者", _escaped(name or "読者"), link)
        text, html = (body.replace("\n", "\r\n") for body in bodies)
        return Letter(self._sender, to, subject, text, html, token, message_id, wire)

    def _written(self, name: str, in_html: str, link: str) -> tuple[str, str, str]:
        """Put values, or their marks, into the texts."""
        text = f"{self._before}\n{name}: {link}\n{self._after}\n"
        around = f"<p>{_escaped(self._before)}</p>\n", f"<p>{_escaped(self._after)}</p>\n"
        return f"{self._subject} {name}", text, f'{around[0]}<p title="{in_html}">.{in_html}</p>\n{around[1]}'


def _letters() -> list[Letter]:
    dice = random.Random(42)
    editions = (Edition(dice, number) for number in range(_EDITIONS))
    return [edition.letter(reader) for edition in editions for reader in range(_READERS)]


async def _send(port: int, letters: list[Letter]) -> Delivery:
    delivery = Delivery(
        Envelope(key, f"b+{key}@example.org", one.to.email, lambda one=one: one.wire)
        for key, one in enumerate(letters)
    )
    opened = [await Connection.open(Relay("127.0.0.1", port)) for _ in range(3)]
    await asyncio.gather(*(one.deliver(delivery) for one in opened))
    await asyncio.gather(*(one.close() for one in opened))
    return delivery


def test_a_thousand_letters_read_back_off_the_wire_as_they_were_written():
    letters = _letters()
    with aiosmtpd_server(decode_data=False) as (port, box):
        delivery = asyncio.run(_send(port, letters))
    assert delivery.outcomes == {"sent": len(letters)}
    taken = {one.rcpt_tos[0]: one.content for one in box.envelopes}
    assert len(taken) == len(letters) == len(box.envelopes) == _EDITIONS * _READERS
    for letter in letters:
        came = taken[letter.to.email]
        assert came == letter.wire
        check_wire(came)
        message, raw = read(came), header_lines(came)
        assert decoded(raw["Subject"]) == letter.subject == message["Subject"]
        for header, who in (("To", letter.to), ("From", letter.sender)):
            name, address = parseaddr(raw[header])
            # the newer parser leaves a blank between two encoded words of a name, against RFC 2047, 6.2
            assert (address, decoded(name)) == (who.email, who.name)
            assert [one.addr_spec for one in message[header].addresses] == [who.email]
        assert message["Message-ID"] == letter.message_id
        assert raw["List-Unsubscribe"].startswith(f"<https://example.org/unsubscribe/{letter.token}>")
        assert body(came, "plain") == letter.text
        assert body(came, "html") == letter.html
