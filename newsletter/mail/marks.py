"""Marks: places in a text where a personal value will stand.

A mark is written in private-use characters and hexadecimal digits, so it comes through HTML escaping, MJML, templates
and even percent-encoding whole, and no text that a person types is taken for one.
"""

import re
from typing import NamedTuple

from newsletter.errors import Invalid

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,63}")
_MARK = re.compile(f"{_OPEN}({_NAME.pattern}){_MIDDLE}([0-9a-f]*){_CLOSE}")
# The same three characters after a sanitiser put them into a URL, or a serialiser into character references.
_DISGUISED = re.compile(r"%EE%80%8([0-2])|&#x[eE]00([0-2]);|&#5734([4-6]);")


class Slot(NamedTuple):
    """A named place, and what stands there for somebody who has no value of that name."""

    name: str
    fallback: str


def mark(name: str, fallback: str = "") -> str:
    """Return a mark for the value called `name`, to stand in a subject, HTML, text or a list header."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"“{name}” cannot name a personal value: use letters, digits and . _ : - only.", "name")
    return f"{_OPEN}{name}{_MIDDLE}{fallback.encode('utf-8', 'replace').hex()}{_CLOSE}"


def split(text: str) -> list[str | Slot]:
    """Return `text` as alternating literals (maybe empty) and slots; begins and ends with a literal."""
    pieces: list[str | Slot] = []
    rest = 0
    text = _DISGUISED.sub(_undisguise, text)
    for found in _MARK.finditer(text):
        pieces.append(text[rest : found.start()])
        pieces.append(Slot(found[1], bytes.fromhex(found[2]).decode()))
        rest = found.end()
    pieces.append(text[rest:])
    _refuse_torn_marks(pieces)
    return pieces


def _undisguise(found: re.Match[str]) -> str:
    percent, hexadecimal, decimal = found.groups()
    place = int(percent or hexadecimal or 0) if decimal is None else int(decimal) - 4
    return (_OPEN, _MIDDLE, _CLOSE)[place]


def _refuse_torn_marks(pieces: list[str | Slot]) -> None:
    for piece in pieces:
        if isinstance(piece, str) and any(sign in piece for sign in (_OPEN, _MIDDLE, _CLOSE)):
            raise Invalid("A mark for a personal value was torn apart. Set it again where it belongs.")
