"""Marks: places in a text where a personal value will stand.

A mark is written in private-use characters and hexadecimal digits, so it comes through HTML escaping, MJML, templates
and even percent-encoding whole. It also carries a word that this process drew at its start and tells nobody: whoever
types the characters of a mark, or hides them in a feed, gets those characters and never a reader's personal link.
"""

import re
import secrets
from typing import NamedTuple

from newsletter.errors import Invalid

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_WORD = secrets.token_hex(8)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,63}")
# The three characters as they are, after a sanitiser put them into a URL, or a serialiser into character references.
_OPENING, _PARTING, _CLOSING = (rf"(?:\ue00{n}|%EE%80%8{n}|&#x[eE]00{n};|&#5734{n + 4};)" for n in range(3))
_MARK = re.compile(f"{_OPENING}({_NAME.pattern}){_PARTING}{_WORD}([0-9a-f]*){_CLOSING}")


class Slot(NamedTuple):
    """A named place, and what stands there for somebody who has no value of that name."""

    name: str
    fallback: str


def mark(name: str, fallback: str = "") -> str:
    """Return a mark for the value called `name`, to stand in a subject, HTML, text or a list header.

    It is good until this process ends: compile what it stands in, and keep that.
    """
    if not _NAME.fullmatch(name):
        raise Invalid(f"“{name}” cannot name a personal value: use letters, digits and . _ : - only.", "name")
    return f"{_OPEN}{name}{_MIDDLE}{_WORD}{fallback.encode('utf-8', 'replace').hex()}{_CLOSE}"


def split(text: str) -> list[str | Slot]:
    """Return `text` as alternating literals (maybe empty) and slots; begins and ends with a literal."""
    pieces: list[str | Slot] = []
    rest = 0
    for found in _MARK.finditer(text):
        pieces.append(text[rest : found.start()])
        pieces.append(Slot(found[1], bytes.fromhex(found[2]).decode()))
        rest = found.end()
    pieces.append(text[rest:])
    _refuse_torn_marks(pieces)
    return pieces


def _refuse_torn_marks(pieces: list[str | Slot]) -> None:
    for piece in pieces:
        if isinstance(piece, str) and _WORD in piece:
            raise Invalid("A mark for a personal value was torn apart. Set it again where it belongs.")
