"""What is signed verifies with somebody else's program, over the bytes that leave; and nothing else does."""

import base64
import re
from datetime import timedelta
from hashlib import sha256

import dkim
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dkim.canonicalization import Relaxed
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import mail
from newsletter.mail import Address, Attachment, DkimAlgorithm, DkimKey, Signer, Template
from newsletter.mail.dkim import relaxed_head, without_empty_end
from tests.mail.letters import DATE, DORA, EMI, LIST, MESSAGE_ID, check_wire, draft

NAME = mail.mark("name", "reader")
_made = {each: mail.make_dkim_key("example.org", f"s{each}", each) for each in DkimAlgorithm}
RECORDS = {record.name: record.value for record, _ in _made.values()}
KEYS = [DkimKey(record, private) for record, private in _made.values()]
SIGNER = Signer(KEYS)


@pytest.fixture(autouse=True)
def _soon_afterwards():
    """A verifier looks while the signature is good."""
    with time_machine.travel(DATE + timedelta(minutes=5)):
        yield


def asked(name, **_):
    return RECORDS.get(name.decode().removesuffix("."), "").encode()


def verifies(wire: bytes, signatures: int = len(KEYS)) -> bool:
    assert wire.lower().count(b"dkim-signature:") == signatures
    return all(_verifies(wire, number) for number in range(signatures))


def _verifies(wire, number):
    try:
        return dkim.DKIM(wire).verify(number, dnsfunc=asked)
    except dkim.DKIMException:
        return False


def signed(template: Template, to: Address = DORA, *, signer: Signer = SIGNER, **values: str) -> bytes:
    values = {"token:unsubscribe": "ab.cd", **values}
    wire = template.fill(to, MESSAGE_ID, DATE, values, signer=signer)
    unsigned = template.fill(to, MESSAGE_ID, DATE, values)
    assert wire.endswith(unsigned), "a signature changes nothing of the message"
    return wire


def tags(wire: bytes) -> dict[str, str]:
    header = wire.partition(b"\r\n\r\n")[0].decode().partition(": ")[2]
    header = re.split(r"\r\n(?![ \t])", header)[0]
    return {
        name.strip(): re.sub(r"\s", "", value)
        for name, _, value in (tag.partition("=") for tag in header.split(";"))
    }


LETTERS = {
    "plain": draft(),
    "a list": draft(list=LIST, reply_to=Address("office@example.org", "The Office")),
    "Japanese": draft(
        subject=f"{NAME}様 " + "みなと通信 第42号 海の安全を論じる二日間の会議のお知らせ" * 2,
        sender=Address("letter@example.org", "みなと研究所 広報室 ニューズレター編集部 " * 2),
        text="みなと研究所の催しのお知らせです。\n" * 5,
        html="",
        language="ja",
        list=LIST,
    ),
    "folded": draft(subject="The security of the seas around Japan, in two days and many words " * 3),
    "spaces": draft(
        text=f"a  b \t c \n\n{NAME}  x \n  indented   \n\n \n\n\n", html=f"<p>\n   {NAME}   </p>\n\n\n"
    ),
    "empty lines at the end": draft(text="End\n\n\n\n", html=""),
    "an attachment": draft(
        attachments=(Attachment("予定.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n" * 9),)
    ),
    "automatic": draft(automatic=True),
}


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
@pytest.mark.parametrize("name", ["Dora Reader", "", "江口花子", "two  spaces,  \ttab", "x" * 200, " . "])
def test_every_kind_of_letter_verifies_under_both_keys(letter, name):
    to = Address(EMI.email, " ".join(name.split()))
    for template in (mail.compile(letter), Template.load(mail.compile(letter).dump())):
        wire = signed(template, to, name=name)
        check_wire(wire.replace(b"DKIM-Signature", b"DKIM-Signature-2", 1))
        assert verifies(wire)
        assert max(map(len, wire.partition(b"\r\nTo:")[0].split(b"\r\n"))) <= 78


def test_a_long_unsubscribe_link_is_signed_and_so_is_its_post():
    wire = signed(mail.compile(draft(list=LIST)), **{"token:unsubscribe": "abc.def" * 30})
    assert verifies(wire)
    named = tags(wire)["h"].lower().split(":")
    assert named.count("list-unsubscribe") == named.count("list-unsubscribe-post") == 2
    assert not verifies(wire.replace(b"=One-Click", b"=No-Click"))
    assert not verifies(wire.replace(b"abc.def", b"abc.deg", 1))


def test_a_changed_octet_anywhere_in_the_body_fails():
    wire = signed(mail.compile(draft(text="A short text.\n", html="")))
    start = wire.index(b"\r\n\r\n") + 4
    for place in range(start, len(wire) - 2):
        changed = bytearray(wire)
        changed[place] ^= 1
        assert not verifies(bytes(changed)), place


@pytest.mark.parametrize(
    "header",
    [
        "From: Mallory <m@example.net>",
        "Subject: Another",
        "Cc: x@example.net",
        "Sender: m@example.net",
        "Reply-To: m@example.net",
    ],
)
def test_nobody_adds_another_header_of_those_that_matter(header):
    wire = signed(mail.compile(draft()))
    assert not verifies(header.encode() + b"\r\n" + wire)
    head, _, body = wire.partition(b"\r\n\r\n")
    assert not verifies(head + b"\r\n" + header.encode() + b"\r\n\r\n" + body)


def test_what_servers_do_on_the_way_does_no_harm():
    wire = signed(mail.compile(draft(list=LIST, text="Two  words\n")))
    received = b"Return-Path: <b@example.org>\r\nReceived: from a by b; Mon, 12 Oct 2026 00:00:00 +0000\r\n"
    assert verifies(received + wire)
    assert verifies(wire.replace(b"Subject: ", b"SUBJECT:   "))
    assert verifies(wire + b"\r\n\r\n")


def test_a_signature_says_when_it_was_made_and_ends():
    found = tags(signed(mail.compile(draft())))
    assert int(found["t"]) == int(DATE.timestamp())
    assert int(found["x"]) - int(found["t"]) == 14 * 24 * 3600
    assert (found["d"], found["c"], "l" in found) == ("example.org", "relaxed/relaxed", False)
    with time_machine.travel(DATE + timedelta(days=15)):
        assert not verifies(signed(mail.compile(draft())))


def test_a_long_domain_and_selector_are_folded():
    domain = ".".join(["a-very-long-name-of-a-department" * 2] * 3) + ".example.org"
    record, private = mail.make_dkim_key(domain, "s" * 60, DkimAlgorithm.ED25519)
    wire = signed(mail.compile(draft()), signer=Signer([DkimKey(record, private)]))
    assert dkim.DKIM(wire).verify(dnsfunc=lambda *_, **__: record.value.encode())


# RFC 8463, appendix A

SEED = base64.b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
EXAMPLE = (
    b"From: Joe SixPack <joe@football.example.com>\r\n"
    b"To: Suzie Q <suzie@shopping.example.net>\r\n"
    b"Subject: Is dinner ready?\r\n"
    b"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
)
BODY = b"\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"[2:]
ITSELF = (
    b"dkim-signature:v=1; a=ed25519-sha256; c=relaxed/relaxed; d=football.example.com; i=@football.example.com; "
    b"q=dns/txt; s=brisbane; t=1528637909; h=from : to : subject : date : message-id : from : subject : date; "
    b"bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b="
)
SIGNATURE = "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="


def test_the_example_of_rfc_8463_comes_out_as_it_stands_there():
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    kept = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    record = mail.DkimRecord("football.example.com", "brisbane", DkimAlgorithm.ED25519, PUBLIC)
    _, backwards = relaxed_head(EXAMPLE.removesuffix(b"\r\n"))
    headers = b"".join(reversed(backwards.splitlines(keepends=True)))
    assert base64.b64encode(DkimKey(record, kept).sign(headers + ITSELF)).decode() == SIGNATURE
    assert base64.b64encode(sha256(Relaxed.canonicalize_body(BODY)).digest()) in ITSELF


# Canonicalisation, beside dkimpy's

LINES = st.lists(st.text(alphabet=st.sampled_from("ab =.\t:é"), max_size=12), max_size=8)


@given(
    st.lists(st.tuples(st.sampled_from(["From", "SUBJECT", "List-Id ", "to"]), LINES), min_size=1, max_size=6)
)
def test_headers_are_made_canonical_as_another_program_does_it(pairs):
    fields = [(name.encode(), "\r\n ".join(["x", *lines]).encode() + b"\r\n") for name, lines in pairs]
    head = b"".join(name + b":" + value for name, value in fields).removesuffix(b"\r\n")
    expected = [name + b":" + value for name, value in Relaxed.canonicalize_headers(reversed(fields))]
    assert relaxed_head(head)[1] == b"".join(expected)


PIECES = st.sampled_from([NAME, "  ", " ", "\n", "\t", "word", "=", ".", "水", "\n\n\n", "<b>", "From "])
TEXT = st.lists(PIECES, max_size=12).map("".join)


@settings(deadline=None, max_examples=60)
@given(text=TEXT, html=st.just("") | TEXT, name=st.text(alphabet="a  .=水\n\t<&", max_size=90))
def test_any_letter_verifies_for_any_name(text, html, name):
    wire = signed(mail.compile(draft(text=text, html=html, list=LIST)), name=name)
    assert verifies(wire)
    body = wire.partition(b"\r\n\r\n")[2]
    assert without_empty_end(body) == Relaxed.canonicalize_body(body), (
        "nothing else is left to make canonical"
    )
