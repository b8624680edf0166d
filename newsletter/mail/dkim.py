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


class Signer:
    """Signs what one domain sends, with each of its keys; several threads may share it."""

    def __init__(self, keys: Sequence[DkimKey]) -> None:
        self._keys = [(key, _opening(key)) for key in keys]

    def sign(self, head: bytes, body: bytes, at: datetime) -> bytes:
        """Return the signatures of a message that leaves at `at`, as header lines to stand before it.

        `head` is as it leaves, without the empty line that ends it; `body` is canonical already (`relaxed_body`).
        """
        names, signed = relaxed_head(head)
        made = int(at.timestamp())
        digest = b2a_base64(sha256(body).digest(), newline=False).decode()
        rest = f"\r\n t={made}; x={made + _GOOD_FOR};{_named(names)}\r\n bh={digest};\r\n b="
        return "".join([_signature(key, opening + rest, signed) for key, opening in self._keys]).encode()


def _opening(key: DkimKey) -> str:
    pieces = [
        f"{_HEADER}v=1; a={key.record.algorithm}-sha256; c=relaxed/relaxed;",
        f" d={key.record.domain};",
        f" s={key.record.selector};",
    ]
    return _folded(pieces)


@lru_cache(256)
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


def _signature(key: DkimKey, header: str, signed: bytes) -> str:
    """Return the header of one signature: over the headers that it names, and over itself without its value (3.7)."""
    itself = b"dkim-signature:" + header[len(_HEADER) :].replace("\r\n", "").encode()
    value = b2a_base64(key.sign(signed + itself), newline=False).decode()
    lines = (value[start : start + _VALUE] for start in range(0, len(value), _VALUE))
    return header + "\r\n ".join(lines) + "\r\n"


def relaxed_head(head: bytes) -> tuple[tuple[str, ...], bytes]:
    """Return which headers of `head` are signed, the last one first as verifiers count, and their canonical lines (3.4.2)."""
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
    return tuple(names), b"".join(canonical)


def relaxed_body(body: bytes) -> bytes:
    """Return a body as it is hashed: runs of spaces made one, none at the end of a line, no empty lines at its end (3.4.4)."""
    body = _relaxed(body).rstrip(b" \r\n")
    return body + b"\r\n" if body else b""


def _relaxed(lines: bytes) -> bytes:
    return _SPACES.sub(b" ", lines).replace(b" \r\n", b"\r\n")


class RelaxedBody:
    """The canonical body of a compiled message: its literals are made so once, then a recipient costs microseconds.

    A value of quoted-printable stands on lines of its own and ends in no space, so it can be taken by itself.
    """

    def __init__(self, frame: Sequence[bytes], gaps: Collection[int]) -> None:
        self._start = next(place for place, piece in enumerate(frame) if b"\r\n\r\n" in piece)
        ending, _, beginning = frame[self._start].partition(b"\r\n\r\n")
        self._ending = ending
        self._pieces = [_relaxed(piece) for piece in (beginning, *frame[self._start + 1 :])]
        self._pieces[-1] = relaxed_body(self._pieces[-1])
        self._gaps = [place for place in sorted(gaps) if place > self._start]

    def of(self, wire: Sequence[bytes]) -> tuple[bytes, bytes]:
        """Return the head of a message whose frame was filled, as it leaves, and its canonical body."""
        body = self._pieces.copy()
        for place in self._gaps:
            value = wire[place]
            body[place - self._start] = _relaxed(value) if b"  " in value else value
        return b"".join((*wire[: self._start], self._ending)), b"".join(body)
