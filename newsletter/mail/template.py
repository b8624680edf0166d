"""A compiled message: byte literals, and gaps between them for the values of one recipient."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from html import escape
from typing import NamedTuple

from newsletter.errors import Invalid
from newsletter.mail.dkim import FixedHead, Signer
from newsletter.mail.draft import Address
from newsletter.mail.encoding import quoted_printable
from newsletter.mail.headers import date_line, mailbox, message_id_line, unstructured, write_url_value
from newsletter.mail.marks import Slot

_MAKE = 2
_END = "\r\n\r\n"
"""Of a head: the empty line below it."""
_NONE: Mapping[str, bytes] = {}
_GUESSED_VALUE = 40


class How(StrEnum):
    """How a value is written where it stands."""

    TEXT = "text"
    HTML = "html"
    URL = "url"


class Gap(NamedTuple):
    """A place in the message, how a value is written there, and what stands there without one."""

    how: How
    name: str
    fallback: str


_WRITERS: dict[How, Callable[[str], str]] = {
    How.TEXT: quoted_printable,
    How.HTML: lambda value: quoted_printable(escape(value)),
    How.URL: write_url_value,
}


class Template:
    """A message compiled once, filled for each recipient; the same template may be filled from several threads.

    `slots` names the values it takes, `size` is about the octets of a filled message.
    """

    def __init__(self, subject: Sequence[str | Slot], parts: Iterable[str | Gap]) -> None:
        self._subject = tuple(subject)
        self._parts = tuple(parts)
        self._subject_line = (
            None if any(isinstance(piece, Slot) for piece in subject) else self._write_subject({})
        )
        pieces, self._body = _with_body_apart(self._parts)
        self._frame = [b"", *(b"" if isinstance(part, Gap) else part.encode("ascii") for part in pieces)]
        self._gaps = _gaps(pieces)
        self.slots = frozenset(piece.name for piece in (*subject, *self._parts) if not isinstance(piece, str))
        self.size = sum(_GUESSED_VALUE if isinstance(part, Gap) else len(part) for part in self._parts)

    def fill(
        self,
        to: Address,
        message_id: str,
        date: datetime,
        values: Mapping[str, str],
        tokens: Mapping[str, bytes] = _NONE,
        *,
        signer: Signer | None = None,
    ) -> bytes:
        """Return the wire bytes for one recipient: CRLF throughout, no line begins with a dot.

        A missing or empty value takes the fallback of its mark. `tokens` are values that are written the same
        everywhere: a letter or digit, then some seventy more, hyphens, underlines and dots. A `signer` signs what leaves.
        Raises `Invalid` for a line break in a header, an address that is none, and an empty value in a list header's link.
        """
        wire = self._frame.copy()
        wire[0] = "".join(
            (
                mailbox("To", to),
                date_line(date),
                message_id_line(message_id),
                self._subject_line or self._write_subject(values),
            )
        ).encode()
        for name, fallback, everywhere, by_writer in self._gaps:
            token = tokens.get(name)
            if token:
                for place in everywhere:
                    wire[place] = token
                continue
            value = values.get(name) or fallback
            for write, places in by_writer:
                written = write(value).encode()
                for place in places:
                    wire[place] = written
        if not signer:
            return b"".join(wire)
        head, body = wire[: self._body], b"".join(wire[self._body :])
        return b"".join((signer.sign(self._fixed_head.below(wire[0], wire), body, date), *head, body))

    def dump(self) -> bytes:
        """Return the template as bytes to keep."""
        return json.dumps({"make": _MAKE, "subject": self._subject, "parts": self._parts}).encode()

    @classmethod
    def load(cls, data: bytes) -> "Template":
        """Return the template that `dump` wrote; raises `Invalid` if it is of another make."""
        try:
            kept = json.loads(data)
            if kept["make"] != _MAKE:
                raise Invalid(
                    "This message was compiled by another version of the service. Compile it again."
                )
            subject = [piece if isinstance(piece, str) else Slot(*piece) for piece in kept["subject"]]
            parts = [
                part if isinstance(part, str) else Gap(How(part[0]), *part[1:]) for part in kept["parts"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid("This is no compiled message, or it is damaged. Compile it again.") from error
        return cls(subject, parts)

    @cached_property
    def _fixed_head(self) -> FixedHead:
        gaps = {place for value in self._gaps for place in value.everywhere}
        return FixedHead(self._frame[: self._body], gaps)

    def _write_subject(self, values: Mapping[str, str]) -> str:
        text = "".join(
            [
                piece if isinstance(piece, str) else values.get(piece.name) or piece.fallback
                for piece in self._subject
            ]
        )
        return unstructured("Subject", text)


class _Value(NamedTuple):
    """A value that the message takes, and the places in the frame where it stands: all, and by how it is written."""

    name: str
    fallback: str
    everywhere: tuple[int, ...]
    by_writer: tuple[tuple[Callable[[str], str], tuple[int, ...]], ...]


def _with_body_apart(parts: Sequence[str | Gap]) -> tuple[list[str | Gap], int]:
    """Cut where the head ends; return the parts, and the place of the body's first in the frame, which has one more."""
    place = next(place for place, part in enumerate(parts) if isinstance(part, str) and _END in part)
    head, end, body = str(parts[place]).partition(_END)
    return [*parts[:place], head + end, body, *parts[place + 1 :]], place + 2


def _gaps(parts: Sequence[str | Gap]) -> list[_Value]:
    found: dict[tuple[str, str], dict[How, list[int]]] = {}
    for place, part in enumerate(parts, start=1):
        if isinstance(part, Gap):
            found.setdefault((part.name, part.fallback), {}).setdefault(part.how, []).append(place)
    return [
        _Value(
            *key,
            everywhere=tuple(place for places in by_how.values() for place in places),
            by_writer=tuple((_WRITERS[how], tuple(places)) for how, places in by_how.items()),
        )
        for key, by_how in found.items()
    ]
