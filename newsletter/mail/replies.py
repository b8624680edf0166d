"""Reading servers' replies off the wire."""

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from newsletter.mail.envelope import Reply

_LONGEST_LINE = 8_192  # sixteen times what 5321, 4.5.3.1.5 asks for
_MOST_LINES = 512
_LONGEST_TEXT = 2_000
_LINE = re.compile(r"([2-5][0-9]{2})(?:([ -])(.*))?")
_STATUS = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[ :]+|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Garbled(Exception):
    """What came is no SMTP reply; nothing after it can be matched to a command."""


class ReplyReader:
    """Cuts bytes into replies; `lines` keeps the texts of the last one apart."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._rest = b""
        self._waiting: deque[bytes] = deque()
        self._code = ""
        self._begun: list[str] = []

    @property
    def pending(self) -> bool:
        """Whether more than the replies yielded so far is here already."""
        return bool(self._waiting or self._rest or self._begun)

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield each complete reply; raises `Garbled` at the first line that belongs to none."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._waiting.extend(lines)
        while self._waiting:
            octets = self._waiting.popleft()
            reply = None if self._begun else whole_reply(octets)
            if reply:
                self.lines = [reply.text]
            else:
                reply = self._take(octets)
            if reply:
                yield reply
        if len(self._rest) > _LONGEST_LINE:
            raise Garbled("a line without end")

    def _take(self, octets: bytes) -> Reply | None:
        line = octets.decode("utf-8", "replace").removesuffix("\r")
        found = _LINE.fullmatch(line)
        if not found or (self._begun and found[1] != self._code) or len(self._begun) == _MOST_LINES:
            raise Garbled(_CONTROL.sub(" ", line[:80]).strip())
        self._code = found[1]
        self._begun.append(found[3] or "")
        if found[2] == "-":
            return None
        self.lines, self._begun = self._begun, []
        return _reply(int(found[1]), self.lines)


@lru_cache(256)
def whole_reply(octets: bytes) -> Reply | None:
    """Return the reply that one line makes, if it is a whole one; most of a server's lines are the same for each message."""
    line = octets.decode("utf-8", "replace").removesuffix("\r")
    found = _LINE.fullmatch(line)
    return _reply(int(found[1]), [found[3] or ""]) if found and found[2] != "-" else None


def _reply(code: int, lines: list[str]) -> Reply:
    """Lift the enhanced status out of the lines; one of another class than the code is not believed (3463, 2)."""
    enhanced = None
    texts = []
    for line in lines:
        found = _STATUS.match(line)
        if found and int(found[1][0]) == code // 100:
            enhanced = enhanced or found[1]
            line = line[found.end() :]  # noqa: PLW2901 - what is left of it
        texts.append(line)
    text = _CONTROL.sub(" ", " ".join(texts)).strip()
    return Reply(code, enhanced, text[:_LONGEST_TEXT])
