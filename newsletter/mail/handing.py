"""Handing envelopes over on one connection: one on the wire, the next one ready."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from newsletter.mail import judging
from newsletter.mail.attempt import Attempt
from newsletter.mail.envelope import Envelope, Result
from newsletter.mail.events import Event, Finished, Go
from newsletter.mail.wire import Wire


class Load(Protocol):
    """What a connection carries: where its envelopes come from, and who is told what became of them.

    All of it is called on the event loop and must not block. An exception from any of it ends the delivery.
    """

    def take(self) -> Envelope | None:
        """Return the next envelope that is ready, if there is one. Each one taken is answered by one `done`."""

    async def more(self) -> bool:
        """Wait until `take` may give another one; False where none will come."""

    def before_dot(self, key: int) -> None:
        """Take note that the bytes with this message's final dot are written next; until then it was surely not sent."""

    def done(self, result: Result) -> None:
        """Take note of what became of a message."""


class Handing:
    """One call of `Connection.deliver`: answers each envelope it takes exactly once, whatever happens.

    Driven by the wire's events rather than by a task that waits for each reply, since a task switch costs as much as
    the reply; a task only waits where no envelope is ready. Envelopes are made ready ahead, so that the end of one
    message and the beginning of the next leave in one write.
    """

    def __init__(self, wire: Wire, load: Load) -> None:
        self._wire = wire
        self._session = wire.session
        self._load = load
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._waiting: asyncio.Task[None] | None = None
        self._ready: Attempt | None = None
        self._drained = False

    async def run(self) -> None:
        """Hand over until nothing is left, the connection is gone, or one of the load's functions fails."""
        if not self._session.over:
            self.on_written()
            self.on_written()  # the first has begun; the next is made ready meanwhile
            await self._over

    async def wind_up(self) -> None:
        """Answer what was taken and not handed over; after an orderly end there is none."""
        if not (self._drained and self._session.idle):
            self._wire.break_off("The delivery was broken off before the message was handed over.")
        if self._waiting:
            self._waiting.cancel()
            await asyncio.wait([self._waiting])
        if self._ready:
            self._load.done(judging.lost(self._ready.key, after_dot=False))

    def on_events(self, events: Sequence[Event]) -> None:
        """Take what the wire tells; begin the message that is ready, if it may, and see whether all is done."""
        for event in events:
            try:
                if isinstance(event, Finished):
                    self._load.done(event.result)
                elif isinstance(event, Go) and not self._over.done():
                    self._hand_over(event.key)
            except Exception as error:  # noqa: BLE001 - comes out of `deliver`
                self._finish(error)
        if self._ready:
            self._start()
        if self._drained or self._session.over:
            self._check_over()

    def on_written(self) -> None:
        """Make the next message ready while the other side is busy with this one."""
        if self._waiting or self._drained or self._ready:
            return
        self._make_ready()
        if self._start():
            self._wire.flush()
        if self._drained or self._session.over:
            self._check_over()

    def _hand_over(self, key: int) -> None:
        self._load.before_dot(key)
        following, self._ready = self._ready, None
        self._session.hand_over(following)

    def _start(self) -> bool:
        """Begin the message that is ready, if it may; say whether there is something to write."""
        if not self._ready or not self._session.can_start or self._over.done():
            return False
        self._session.start(self._ready)
        self._ready = None
        return True

    def _make_ready(self) -> None:
        """Take what is there; where nothing is, wait for it in a task of its own."""
        try:
            while not self._ready and not self._over.done():
                envelope = self._load.take()
                if envelope is None:
                    self._waiting = self._loop.create_task(self._wait())
                    return
                self._prepare(envelope)
        except Exception as error:  # noqa: BLE001 - comes out of `deliver`
            self._finish(error)

    async def _wait(self) -> None:
        try:
            self._drained = not await self._load.more()
        except Exception as error:  # noqa: BLE001 - comes out of `deliver`
            self._finish(error)
        finally:
            self._waiting = None
        self.on_written()
        self._check_over()

    def _prepare(self, envelope: Envelope) -> None:
        try:
            attempt = self._session.prepare(envelope)
        except Exception:
            self._load.done(judging.lost(envelope.key, after_dot=False))
            raise
        if isinstance(attempt, Result):
            self._load.done(attempt)
        else:
            self._ready = attempt

    def _check_over(self) -> None:
        if self._session.over or (self._drained and self._session.idle and not self._ready):
            self._finish(None)

    def _finish(self, error: Exception | None) -> None:
        if self._over.done():
            return
        if error:
            self._over.set_exception(error)
        else:
            self._over.set_result(None)
