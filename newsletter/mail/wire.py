"""Bytes between a session and a socket, and the clock that watches the other side."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Protocol

from newsletter.mail.events import Event, Step
from newsletter.mail.relay import Relay
from newsletter.mail.session import Session
from newsletter.mail.timeouts import Timeouts

_LONGEST_WATCH = 15.0
_ROOM = 8192
"""Octets that are read at once: more than the replies to a message ever take."""


class Listener(Protocol):
    """Who is told what happens on the wire."""

    def on_events(self, events: Sequence[Event]) -> None:
        """Take the events of one arrival; what is to be written is written after this."""

    def on_written(self) -> None:
        """Take note that it was written: the other side is busy now."""


class Wire(asyncio.BufferedProtocol):
    """One connection's transport and session.

    What comes is read into one small buffer that stays: asyncio's other way makes room for 256 KB at each read of some
    eighty octets, which took as long as writing a message to the socket.

    One watch looks every few seconds how long nothing has stirred, instead of a timer for each command, which would cost
    more than the commands.
    """

    session: Session

    def __init__(self, relay: Relay, timeouts: Timeouts) -> None:
        self.listener: Listener | None = None
        self.transport: asyncio.Transport | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = memoryview(bytearray(_ROOM))
        self._relay = relay
        self._timeouts = timeouts
        self._clock = asyncio.get_running_loop().time
        self._stirred = True
        self._still_since = 0.0
        self._unwritten = 0
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen for the server's greeting."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.session = Session(self._relay, self._relay.helo or _own_name(transport))
        self.flush()

    def get_buffer(self, _: int) -> memoryview:
        """Give room for what comes."""
        return self._buffer

    def buffer_updated(self, count: int) -> None:
        """Tell the listener what the bytes mean, and write what follows from it in one piece."""
        events = self.session.receive(bytes(self._buffer[:count]))
        if self.listener:
            self.listener.on_events(events)
        self.flush()
        if self.session.over:
            self.abort()
        elif self.listener:
            self.listener.on_written()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say what became of the messages under way."""
        self._end(f"The connection to {self._relay.name} broke ({exc})." if exc else None)
        if self._watch:
            self._watch.cancel()
        if not self.closed.done():
            self.closed.set_result(None)

    def flush(self) -> None:
        """Write what the session has to say."""
        output = self.session.output()
        if output and self.transport:
            self.transport.write(output)
        self._stirred = True
        if self._watch is None:
            self._watch_later()

    def break_off(self, reason: str) -> None:
        """Hang up at once; each message under way gets its result."""
        self._end(reason)
        self.abort()

    def abort(self) -> None:
        """Drop the connection and all that is not written yet."""
        if self.transport:
            self.transport.abort()

    def _end(self, reason: str | None) -> None:
        events = self.session.lost(reason)
        if self.listener:
            self.listener.on_events(events)

    def _watch_later(self) -> None:
        interval = min(_LONGEST_WATCH, self._timeouts.shortest / 4)
        self._watch = asyncio.get_running_loop().call_later(interval, self._look)

    def _look(self) -> None:
        """Break off if the other side has been silent for too long."""
        self._watch = None
        step = self.session.awaits
        if step is None or self.session.over:
            return
        if self._stirred:
            self._stirred, self._still_since = False, self._clock()
        patience = self._timeouts.block if self._still_writing(step) else self._timeouts.of(step)
        if self._clock() - self._still_since >= patience:
            self.break_off(f"{self._relay.name} did not answer within {patience:g} seconds.")
        else:
            self._watch_later()

    def _still_writing(self, step: Step) -> bool:
        """Say whether a long message is still leaving; then each block has its own time (5321, 4.5.3.2.5)."""
        unwritten = self.transport.get_write_buffer_size() if self.transport else 0
        if unwritten != self._unwritten:
            self._unwritten, self._still_since = unwritten, self._clock()
        return step is Step.DOT and unwritten > 0


def _own_name(transport: asyncio.Transport) -> str:
    """Return the machine's full name, or the address it speaks from as a literal (5321, 4.1.3)."""
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    address, *_ = transport.get_extra_info("sockname") or ("127.0.0.1",)
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
