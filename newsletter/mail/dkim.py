"""DKIM: signatures at the head of a message, by which receivers know whose it is (6376, 8301, 8463).

Relaxed canonicalisation of head and body, no `l=`. Every header that matters is named once more than it stands there, so
that nobody can add another of its kind on the way (6376, 8.15): that breaks the signature, as it should.
"""

import re
from binascii import b2a_base64
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from newsletter.mail.dkim_keys import DkimKey

SIGNED = (
    *("From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"),
    *("Feedback-ID", "CFBL-Address", "CFBL-Feedback-ID"),
)
"""What is signed where it stands, and kept out where it does not."""

_GOOD_FOR = int(timedelta(days=14).total_seconds())
"""Longer than any server keeps a message for another try; then nobody can pass it on in our name any more."""

_HEADER = "DKIM-Signature: "
_LINE = 78
_VALUE = 72
_NAMES = {name.lower().encode(): name for name in SIGNED}
_SPACES = re.compile(rb"[ \t]+")
_HOLE = b"\0%d\0"
_HOLES = re.compile(rb"\0(\d+)\0")


class RelaxedHead(NamedTuple):
    """Which headers of a message are signed, the last one first as verifiers count, and their canonical lines."""

    names: tuple[str, ...]
    lines: bytes


class Signer:
    """Signs what one domain sends, with each of its keys; several threads may share it."""

    def __init__(self, keys: Sequence[DkimKey]) -> None:
        self._keys = [(key, _opening(key)) for key in keys]
        self._begun = lru_cache(64)(self._begin)

    def sign(self, head: RelaxedHead, body: bytes, at: datetime) -> bytes:
        """Return the signatures of a message that leaves at `at`, as header lines to stand before it.

        `body` is canonical but for empty lines at its end, as compiled bodies are.
        """
        names, signed = head
        digest = b2a_base64(sha256(without_empty_end(body)).digest(), newline=False)
        begun = self._begun(names, int(at.timestamp()))
        return b"".join([_signature(key, signed, b"%b%b;" % (so_far, digest)) for key, so_far in begun])

    def _begin(self, names: tuple[str, ...], made: int) -> list[tuple[DkimKey, bytes]]:
        """Write what the signatures of one second begin with: up to the body's digest."""
        rest = f"\r\n t={made}; x={made + _GOOD_FOR};{_named(names)}\r\n bh="
        return [(key, (opening + rest).encode()) for key, opening in self._keys]


def _opening(key: DkimKey) -> str:
    pieces = [
        f"{_HEADER}v=1; a={key.record.algorithm}-sha256; c=relaxed/relaxed;",
        f" d={key.record.domain};",
        f" s={key.record.selector};",
    ]
    return _folded(pieces)


def _named(names: tuple[str, ...]) -> str:
    """Return `h=` on lines of its own: what stands there, the last one first, and all that is signed once more."""
    first, *others = (*names, *SIGNED)
    return "\r\n" + _folded([f" h={first}", *(f":{name}" for name in others), ";"])


def _folded(pieces: Sequence[str]) -> str:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) < _LINE:
            lines[-1] += piece
        else:
            lines.append(f" {piece.lstrip()}")
    return "\r\n".join(lines)


def _signature(key: DkimKey, signed: bytes, header: bytes) -> bytes:
    """Return the header of one signature: over the headers that it names, and over itself without its value (3.7)."""
    itself = b"dkim-signature:%b b=" % header[len(_HEADER) :].replace(b"\r\n", b"")
    value = b2a_base64(key.sign(signed + itself), newline=False)
    lines = [value[start : start + _VALUE] for start in range(0, len(value), _VALUE)]
    return b"%b\r\n b=%b\r\n" % (header, b"\r\n ".join(lines))


def relaxed_head(head: bytes) -> RelaxedHead:
    """Return what is signed of `head` (3.4.2)."""
    head = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    if b"  " in head or b"\t" in head:
        head = _SPACES.sub(b" ", head)
    names, canonical = [], []
    for line in reversed(head.split(b"\r\n")):
        key, _, value = line.partition(b":")
        key = key.rstrip(b" ").lower()
        if key in _NAMES:
            names.append(_NAMES[key])
            canonical.append(b"%b:%b\r\n" % (key, value.strip(b" ")))
    return RelaxedHead(tuple(names), b"".join(canonical))


def without_empty_end(body: bytes) -> bytes:
    """Return a body without the empty lines at its end (3.4.4)."""
    if not body.endswith(b"\r\n\r\n") and body != b"\r\n":
        return body
    lines = body.rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""


class FixedHead:
    """The lines of a compiled head that all its messages share, made canonical once.

    `frame` is the head in pieces, `gaps` are the places in it where values stand; those have no spaces.
    """

    def __init__(self, frame: Sequence[bytes], gaps: Collection[int]) -> None:
        head = b"".join([_HOLE % place if place in gaps else piece for place, piece in enumerate(frame)])
        self._names, lines = relaxed_head(head)
        self._pieces = _HOLES.split(lines)
        self._values = [(at, int(place)) for at, place in enumerate(self._pieces) if at % 2]

    def below(self, own: bytes, wire: Sequence[bytes]) -> RelaxedHead:
        """Return the canonical head of a message whose frame was filled: its `own` lines stand above these."""
        names, lines = relaxed_head(own)
        pieces = self._pieces.copy()
        for at, place in self._values:
            pieces[at] = wire[place]
        return RelaxedHead(self._names + names, b"".join((*pieces, lines)))
