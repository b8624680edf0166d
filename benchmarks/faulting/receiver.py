"""A mail server that counts: notes each message it took, whom for, under which Message-ID and from which address.

    python -m benchmarks.faulting.receiver HOST PORT MILLISECONDS

Each answer comes so many milliseconds later. A message is *got* when its final dot has come, and *taken* when it was
answered with 250. Readers whose number ends in 000 have no mailbox here: they are refused. It is told what to do in
lines on its input, and answers each with a line of JSON:

    count        how many it got, took and refused, and how many connections are open
    away, back   hang up on everybody and listen no more; listen again
    tell FILE    write all notes into a file, a line each: what, whom for, Message-ID, from which address
"""

import asyncio
import json
import re
import sys
from collections import deque
from pathlib import Path

from benchmarks.sending.slow_sink import Conversation

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(rb"<(.*?)>")
_TAKEN = b"250 2.0.0 taken\r\n"
_NO_MAILBOX = b"550 5.1.1 no such mailbox\r\n"
Note = tuple[str, str, str]
"""Whom a message was for, its Message-ID, from which address it came."""


class Receiver:
    """What all conversations have noted."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.got: list[Note] = []
        self.taken: list[Note] = []
        self.refused: list[Note] = []
        self.open: set[_Counting] = set()
        self._host, self._port, self._seconds = host, port, seconds

    async def listen(self) -> None:
        """Listen, on the port of last time."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Counting(self, self._seconds), self._host, self._port, backlog=1024
        )

    def away(self) -> None:
        """Go down without a word to anybody: half of what was got and not answered is taken all the same."""
        self._server.close()
        conversations = list(self.open)
        self.taken += [note for one in conversations for note in one.unanswered][::2]
        for one in conversations:
            one.transport.abort()

    def counts(self) -> dict[str, int]:
        """Return how much there is of each."""
        return {
            "got": len(self.got),
            "taken": len(self.taken),
            "refused": len(self.refused),
            "open": len(self.open),
        }

    def tell(self, file: Path) -> None:
        """Write all notes into a file."""
        kinds = {"got": self.got, "taken": self.taken, "refused": self.refused}
        with file.open("w") as out:
            out.writelines("\t".join((kind, *note)) + "\n" for kind, notes in kinds.items() for note in notes)


class _Counting(Conversation):
    def __init__(self, receiver: Receiver, seconds: float) -> None:
        super().__init__(seconds)
        self._receiver = receiver
        self._recipient = ""
        self.unanswered: deque[Note] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._peer = transport.get_extra_info("peername")[0]
        self._receiver.open.add(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        self._receiver.open.discard(self)

    def hear(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            return self._receive_for(line)
        if verb == b"DATA" and not self._recipient:
            return b"554 5.5.1 no valid recipients\r\n"
        if verb == b"MAIL":
            self._recipient = ""
        return super().hear(line)

    def _receive_for(self, line: bytes) -> bytes:
        found = _RECIPIENT.search(line)
        recipient = found[1].decode() if found else ""
        if recipient.partition("@")[0].endswith("000"):
            self._receiver.refused.append((recipient, "", self._peer))
            return _NO_MAILBOX
        self._recipient = recipient
        return b"250 2.1.5 ok\r\n"

    def take(self, message: bytes) -> bytes:
        found = _MESSAGE_ID.search(message)
        note = (self._recipient, found[1].decode() if found else "", self._peer)
        self._receiver.got.append(note)
        self.unanswered.append(note)
        return _TAKEN

    def said(self, words: bytes) -> None:
        if words is _TAKEN:
            self._receiver.taken.append(self.unanswered.popleft())


async def _obey(receiver: Receiver) -> None:
    """Do what the lines of our input say until there are no more."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin.buffer
    )
    await receiver.listen()
    print("{}", flush=True)
    while line := (await lines.readline()).decode():
        word, _, rest = line.strip().partition(" ")
        if word == "away":
            receiver.away()
        elif word == "back":
            await receiver.listen()
        elif word == "tell":
            receiver.tell(Path(rest))
        print(json.dumps(receiver.counts()), flush=True)


if __name__ == "__main__":
    asyncio.run(_obey(Receiver(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]) / 1000)))
