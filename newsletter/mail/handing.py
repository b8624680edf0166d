"""Handing envelopes over on one connection: one on the wire, two made ready or being fetched."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from newsletter.mail import judging
from newsletter.mail.attempt import Attempt
from newsletter.mail.envelope import Envelope, Result
from newsletter.mail.events import Event, Finished, Go
from newsletter.mail.wire import Wire

NextEnvelope = Callable[[], Awaitable[Envelope | None]]
BeforeDot = Callable[[int], None]
Done = Callable[[Result], None]

_AHEAD = 2  # with one, a fast server's 354 often comes before the next message is ready, which costs a write of its own


class Handing:
    """One call of `Connection.deliver`: answers each envelope it takes exactly once, whatever happens.

    Driven by the wire's events rather than by a task that waits for each reply, since a task switch costs as much as
    the reply. Envelopes are fetched ahead, so that the end of one message and the beginning of the next leave in one
    write, and a slow `next_envelope` never holds up a body that the server awaits.
    """

    def __init__(self, wire: Wire, next_envelope: NextEnvelope, before_dot: BeforeDot, done: Done) -> None:
        self._wire = wire
        self._session = wire.session
        self._next_envelope = next_envelope
        self._before_dot = before_dot
        self._done = done
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._fetching: asyncio.Task[None] | None = None
        self._ready: deque[Attempt] = deque()
        self._drained = False

    async def run(self) -> None:
        """Hand over until nothing is left, the connection is gone, or one of the callers' functions fails."""
        if not self._session.over:
            self._fetch()
            await self._over

    async def wind_up(self) -> None:
        """Answer what was taken and not handed over; after an orderly end there is none."""
        if not (self._drained and self._session.idle):
            self._wire.break_off("The delivery was broken off before the message was handed over.")
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        for attempt in self._ready:
            self._done(judging.lost(attempt.key, after_dot=False))

    def on_event(self, event: Event) -> None:
        """Take one event from the wire."""
        try:
            if isinstance(event, Finished):
                self._done(event.result)
            elif isinstance(event, Go) and not self._over.done():
                self._hand_over(event.key)
        except Exception as error:  # noqa: BLE001 - comes out of `deliver`
            self._finish(error)

    def on_pause(self) -> None:
        """Begin the message that is ready, if it may, and see whether all is done."""
        if self._ready and self._session.can_start and not self._over.done():
            self._session.start(self._ready.popleft())
            self._fetch()
        self._check_over()

    def _hand_over(self, key: int) -> None:
        self._before_dot(key)
        self._session.hand_over(self._ready.popleft() if self._ready else None)
        self._fetch()

    def _fetch(self) -> None:
        """See that envelopes are being fetched, unless enough are ready."""
        if self._wants_more and (self._fetching is None or self._fetching.done()):
            self._fetching = self._loop.create_task(self._fetch_ahead())

    @property
    def _wants_more(self) -> bool:
        return not self._drained and not self._over.done() and len(self._ready) < _AHEAD

    async def _fetch_ahead(self) -> None:
        try:
            while self._wants_more:
                self._take(await self._next_envelope())
        except Exception as error:  # noqa: BLE001 - comes out of `deliver`
            self._finish(error)

    def _take(self, envelope: Envelope | None) -> None:
        if envelope is None:
            self._drained = True
            self._check_over()
        elif self._over.done():
            self._return(envelope)
        else:
            self._make_ready(envelope)

    def _make_ready(self, envelope: Envelope) -> None:
        try:
            attempt = self._session.prepare(envelope)
        except Exception:
            self._return(envelope)
            raise
        if isinstance(attempt, Result):
            self._done(attempt)
            return
        self._ready.append(attempt)
        self.on_pause()
        self._wire.flush()

    def _return(self, envelope: Envelope) -> None:
        self._done(judging.lost(envelope.key, after_dot=False))

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
