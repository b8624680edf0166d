"""Octets for text: quoted-printable bodies (2045), encoded-words (2047), parameters (2231), addresses (5321, 5890)."""

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import bidirectional
from urllib.parse import quote

import idna

from newsletter.errors import Invalid

LINE = 76
_WORD = 75
_AROUND_WORD = len("=?utf-8?B??=")
_QP_LINE = LINE - len("=")
_PARAMETER = 54

_QUOTED = [f"={octet:02X}" for octet in range(256)]
_TO_QUOTE = re.compile("[^ -<>-~]+")
_SPACES = re.compile("  +")
_GOES_ON = re.compile("=[89AB]")
"""The octets of a character after its first (3629)."""
_PLAIN_LINE = re.compile(r"(?!\.|From )(?=.{0,75}\Z)(?: ?[!-<>-~])*")
_NEWLINE = re.compile(r"\r\n?|\n")
_ADDRESS = re.compile(
    r"""[^\s<>()@,;:\\"\[\]\x00-\x1f\x7f\ud800-\udfff]{1,128}@([^\s<>()@,;:\\"\[\]\x00-\x1f\x7f\ud800-\udfff]{1,255})"""
)
_FROM_THE_RIGHT = {"R", "AL"}
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_LETTERS = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_ATOMS = re.compile(f"{_LETTERS}(?: {_LETTERS})*")
_PRINTABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
_LONGEST_PLAIN_NAME = 60


def quoted_printable(text: str) -> str:
    """Return `text` in quoted-printable lines that begin on a fresh line and leave room for a soft break at the end.

    No line begins with a dot, so that SMTP has nothing to stuff, or with "From ", so that no mailbox alters it. No two
    spaces stand together and none at the end of a line, so that DKIM's canonical form has nothing to change (6376, 3.4.4).
    """
    if _PLAIN_LINE.fullmatch(text):
        return text
    return "\r\n".join(_quoted_line(line) for line in _NEWLINE.split(text))


def _quoted_line(line: str) -> str:
    if _PLAIN_LINE.fullmatch(line):
        return line
    quoted = _TO_QUOTE.sub(_quoted, line)
    if "  " in quoted:
        quoted = _SPACES.sub(_kept_apart, quoted)
    if quoted.endswith(" "):
        quoted = quoted[:-1] + "=20"
    return "=\r\n".join(_wrapped(quoted))


def _quoted(found: re.Match[str]) -> str:
    return "".join([_QUOTED[octet] for octet in found[0].encode("utf-8", "replace")])


def _kept_apart(found: re.Match[str]) -> str:
    """Write every second of several spaces as an octet."""
    pairs, one_more = divmod(len(found[0]), 2)
    return " =20" * pairs + " " * one_more


def _wrapped(quoted: str) -> Iterator[str]:
    """Cut a quoted line where it is full, never within an octet's three signs, nor between the octets of one character."""
    start = 0
    while start < len(quoted):
        head = _at_the_beginning(quoted, start)
        end = start + _QP_LINE - (len(head) - 1 if head else 0)
        if end < len(quoted):
            end = _between_characters(quoted, end)
        yield head + quoted[start + 1 : end] if head else quoted[start:end]
        start = end


def _at_the_beginning(quoted: str, start: int) -> str:
    """Return what stands for the first sign of a line that may not begin with it; empty where it may."""
    if quoted[start] == ".":
        return "=2E"
    return "=46" if quoted.startswith("From ", start) else ""


def _between_characters(quoted: str, end: int) -> int:
    """Return the last place up to `end` at which a line may be cut."""
    if "=" in quoted[end - 2 : end]:
        end = quoted.rindex("=", end - 2, end)
    while _GOES_ON.match(quoted, end):
        end -= len("=XX")
    return end


def set_apart(value: str) -> str:
    """Return a value so that one written from the right leaves the signs around it where they are (UAX 9, isolates)."""
    if value.isascii() or not any(bidirectional(sign) in _FROM_THE_RIGHT for sign in value):
        return value
    return f"{_ISOLATE}{value}{_END_OF_ISOLATE}"


def encoded_words(text: str, taken: int) -> str:
    """Return `text` as folded encoded-words, each of whole characters, where `taken` octets stand before it."""
    octets = text.encode("utf-8", "replace")
    words = []
    start, room = 0, min(_WORD, LINE - taken)
    while start < len(octets):
        end = start + (room - _AROUND_WORD) // 4 * 3
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 - inside a character
            end -= 1
        words.append(f"=?utf-8?B?{base64.b64encode(octets[start:end]).decode()}?=")
        start, room = end, _WORD
    return "\r\n ".join(words)


def is_plain(text: str) -> bool:
    """Say whether `text` may stand in a header as it is: printable ASCII, and nothing that reads as encoded."""
    return _PRINTABLE.fullmatch(text) is not None and "=?" not in text


def phrase(name: str, taken: int) -> str:
    """Return a display name as atoms, quoted string or encoded-words, whichever is the plainest that holds it."""
    if len(name) <= _LONGEST_PLAIN_NAME and _ATOMS.fullmatch(name) and "=?" not in name:
        return name
    if len(name) > _LONGEST_PLAIN_NAME or not is_plain(name):
        return encoded_words(name, taken)
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def ascii_domain(domain: str) -> str:
    """Return `domain` in A-labels (5890); raises `Invalid` where it has none."""
    return domain if domain.isascii() else _a_labels(domain)


@lru_cache(1024)
def _a_labels(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise Invalid(f"“{domain}” is not a domain name ({error}).", "email") from error


@lru_cache(1024)
def wire_address(email: str) -> str:
    """Return an address with its domain in A-labels; raises `Invalid` if it cannot be mailed.

    A local part in other letters stays as it is; only a relay with SMTPUTF8 takes it.
    """
    found = _ADDRESS.fullmatch(email)
    if not found:
        raise Invalid(f"“{email}” is not a mail address.", "email")
    if email.isascii():
        return email
    return email[: found.start(1)] + ascii_domain(found[1])


def address_key(email: str) -> str:
    """Return what an address is compared by: small letters, the domain in A-labels; raises `Invalid` if it has none."""
    if email.isascii():
        return email.lower()
    local, _, domain = email.rpartition("@")
    return f"{local.casefold()}@{ascii_domain(domain).lower()}"


def parameter(name: str, value: str) -> str:
    """Return `; name=value` for a MIME header, by RFC 2231 if it is long or in other letters than ASCII."""
    if len(value) <= _PARAMETER and is_plain(value):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {name}="{quoted}"'
    sections = [""]
    for sign in value:
        unit = quote(sign, safe="", errors="replace")
        if len(sections[-1]) + len(unit) > _PARAMETER:
            sections.append("")
        sections[-1] += unit
    sections[0] = "utf-8''" + sections[0]
    if len(sections) == 1:
        return f";\r\n {name}*={sections[0]}"
    return "".join(f";\r\n {name}*{number}*={section}" for number, section in enumerate(sections))
