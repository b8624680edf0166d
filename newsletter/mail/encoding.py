"""Octets for text: quoted-printable bodies (2045), encoded-words (2047), parameters (2231), addresses (5321, 5890)."""

import base64
import re
from functools import lru_cache
from urllib.parse import quote

import idna

from newsletter.errors import Invalid

LINE = 76
_WORD = 75
_AROUND_WORD = len("=?utf-8?B??=")
_QP_LINE = LINE - len("=")
_PARAMETER = 54

_UNIT = [chr(octet) if 32 <= octet <= 126 and octet != ord("=") else f"={octet:02X}" for octet in range(256)]  # noqa: PLR2004
_PLAIN_LINE = re.compile(r"(?!\.|From )(?=.{0,75}\Z)(?: ?[!-<>-~])*")
_NEWLINE = re.compile(r"\r\n?|\n")
_ADDRESS = re.compile(
    r"""[^\s<>()@,;:\\"\[\]\x00-\x1f\x7f\ud800-\udfff]{1,128}@([^\s<>()@,;:\\"\[\]\x00-\x1f\x7f\ud800-\udfff]{1,255})"""
)
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
    units = ["".join(map(_UNIT.__getitem__, sign.encode("utf-8", "replace"))) for sign in line]
    if units[-1] == " ":
        units[-1] = "=20"
    if line.startswith("From "):
        units[0] = "=46"
    return "=\r\n".join(_wrapped(units))


def _wrapped(units: list[str]) -> list[str]:
    """Join units, none of them torn, to lines."""
    lines, line = [], ""
    for sign in units:
        unit = "=20" if sign == " " and line.endswith(" ") else sign
        if len(line) + len(unit) > _QP_LINE:
            lines.append(line)
            line = ""
        line += "=2E" if unit == "." and not line else unit
    return [*lines, line]


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
