"""The courier: takes batches from the ledger and hands their messages to a relay, over many connections at once.

One event loop carries the messages: porters, each with a connection, and a clerk. The clerk's turns with the ledger run
on one thread beside it. What is known of a message goes into the journal first, so that whatever happens to this
process, the ledger can be set right afterwards.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

from sqlalchemy.exc import InterfaceError, OperationalError

from newsletter import mail
from newsletter.delivery.books import Answer, Books, Turn
from newsletter.delivery.lanes import TICK, Item
from newsletter.delivery.pacer import Pacer
from newsletter.delivery.tray import LeaseLostError, Tray
from newsletter.delivery.watch import Watch
from newsletter.delivery.writing import Writer
from newsletter.errors import Misconfigured, Unreachable

_log = logging.getLogger(__name__)
_ENOUGH = 500
"""Outcomes that are worth a transaction, and messages in hand below which the next batch is fetched: a batch of each."""
_TURN = 0.2
_LOOK = 0.5
"""Seconds between looks for service mail, for mailings that were stopped, for leases."""
_GRACE = 60.0
"""Seconds that an orderly stop waits for answers from the other side. Without a stop they are waited for as long as SMTP
allows: to hang up on an answer makes a doubt, and a doubt a double."""
_PARTING = 2.0
"""Seconds to say QUIT."""
_BOOKS_CLOSED = 8.0
"""Seconds that an orderly stop waits for a database that does not answer; the journal holds what it was not told."""
_PATIENCE = 60.0
"""Seconds that a courier without a time limit waits for a relay to come back."""
_NOBODYS = (mail.Fault.SENDER, mail.Fault.RELAY)
"""Faults that are nothing about the message, which goes again: such an attempt is not counted."""
_CROWDED = 5.0
"""Seconds before another try where a relay takes some of our connections and not all."""


class Courier:
    """One run of a courier, until nothing is due, its time is over, or it is told to stop."""

    def __init__(
        self,
        books: Books,
        tray: Tray,
        *,
        watch: Watch,
        pacer: Pacer,
        writer: Writer,
        connections: Mapping[str, int],
        more_follows: Callable[[], bool],
    ) -> None:
        self._books = books
        self._tray = tray
        self._watch = watch
        self._pacer = pacer
        self._writer = writer
        self._connections = connections
        self._more_follows = more_follows
        self._taken: dict[int, Item] = {}
        self._key = 0
        self._held_off: set[str] = set()
        self._opening = 0
        self._closing = False
        self._dry = self._found_nothing = self._follows = False
        self._stopped: float | None = None
        self._looked = self._claimed = self._moved = 0.0
        self.tally: Counter[str] = Counter()

    async def run(self, seconds: float | None, stop: Event) -> None:
        """Carry until nothing is due, `seconds` are over or `stop` is set; leave nothing on the wire."""
        self._stop = stop
        self._until = None if seconds is None else time.monotonic() + seconds
        self._moved = time.monotonic()
        self._more = asyncio.Event()
        self._heard = asyncio.Event()
        self._end = asyncio.Event()
        with ThreadPoolExecutor(1, "ledger") as thread, ThreadPoolExecutor(1, "pace") as other_thread:
            self._thread, self._pace_thread = thread, other_thread
            self._porters = [asyncio.create_task(work) for work in self._work()]
            try:
                await self._keep_books()
            finally:
                await self._send_home()
            await self._ask_for_permits()  # and so give back what is left of them
            await self._last_turn()

    def _work(self) -> Iterator[Coroutine[None, None, None]]:
        yield self._keep_pace()
        for relay in self._watch.relays:
            for _ in range(self._connections[relay.name]):
                yield self._porter(relay)

    # The clerk

    async def _keep_books(self) -> None:
        while not self._over():
            turn = self._next_turn()
            if turn:
                self._take_over(turn, await self._take_turn(turn))
            await self._pause()

    async def _pause(self) -> None:
        """Wait until a turn is worth its transaction."""
        for porter in self._porters:
            if porter.done():
                porter.result()  # raises what went wrong
        if self._worth_it():
            await asyncio.sleep(0)
            return
        try:
            await asyncio.wait_for(self._heard.wait(), _TURN)
        except TimeoutError:
            return
        self._heard.clear()

    def _worth_it(self) -> bool:
        return self._tray.unsaid >= _ENOUGH or (self._wants() and not self._dry)

    def _wants(self) -> bool:
        room = self._tray.ready < _ENOUGH and not self._tray.lanes.crowded
        return room and self._watch.takes_issues and not self._closing

    def _next_turn(self) -> Turn:
        turn = Turn()
        now = time.monotonic()
        self._tray.report(turn)
        self._watch.report(turn)
        turn.alone = self._pacer.alone()
        if now - self._looked >= _LOOK:
            turn.look = True
            self._looked = now
        if self._watch.serving and not self._closing:
            again = now - self._claimed >= _LOOK
            turn.claim = (self._wants() and not self._dry) or again
            turn.service_only = turn.claim and not self._wants()
        if turn.claim:
            self._claimed = now
            self._follows = (
                self._more_follows()
            )  # asked before the ledger is: what came in between is found next time
        return turn

    async def _take_turn(self, turn: Turn) -> Answer:
        """Take a turn; while the database does not answer, try again, until an orderly stop has waited enough."""
        wait, loop = 0.1, asyncio.get_running_loop()
        patience: float | None = None
        while True:
            try:
                return await loop.run_in_executor(self._thread, self._books.turn, turn)
            except (OperationalError, InterfaceError):
                if self._stop.is_set():
                    patience = patience or time.monotonic() + _BOOKS_CLOSED
                if patience and time.monotonic() > patience:
                    raise
            turn.again = True
            await asyncio.sleep(wait)
            wait = min(wait * 2, 2.0)

    def _take_over(self, turn: Turn, answer: Answer) -> None:
        self._tray.recorded(turn)
        if answer.resting is not None:
            self._watch.heard(answer.resting)
            self._watch.heard_of_limits(answer.full)
        if answer.domains is not None:
            self._watch.heard_of_domains(answer.domains)
            self._tray.treat(answer.domains)
        if answer.mine is not None:
            self._tray.leases(answer.mine, self._looked)
        if answer.stopped or answer.leaving:
            self._tray.put_back(
                lambda row: row.mailing_id in answer.stopped or (row.mailing_id, row.seq) in answer.leaving
            )
        for hand in answer.hands:
            self._tray.add(hand, self._writer.press(hand, answer.templates[hand.mailing_id]))
        if turn.claim:
            self._found_nothing = not answer.hands
        if turn.claim and not turn.service_only:
            self._dry = not answer.hands
        elif turn.finished:
            self._dry = False  # what came back from them may be due again
        if answer.hands or turn.results:
            self._moved = time.monotonic()
        self._more.set()

    def _over(self) -> bool:
        """See whether it is time to end, and whether the end has come."""
        now = time.monotonic()
        if self._watch.look():
            self._pacer.look()
            self._more.set()
        late = self._until is not None and now >= self._until
        if self._stop.is_set():
            self._stopped = self._stopped or now
        if self._stop.is_set() or late:
            self._close()
        elif not self._watch.takes_issues:
            self._tray.put_back(issues_alone=bool(self._watch.serving))
            nothing_goes = self._found_nothing or not self._watch.serving
            if nothing_goes and not self._taken and self._tray.empty and not self._worth_waiting(now):
                self._close()
        elif self._dry and not self._follows and not self._taken and self._tray.empty:
            self._close()
        called_off = self._stopped is not None and now - self._stopped > _GRACE
        return self._closing and (not self._taken or called_off)

    def _worth_waiting(self, now: float) -> bool:
        """Whether a relay takes mail again before we have to go."""
        until = self._until if self._until is not None else self._moved + _PATIENCE
        return now + self._watch.wait() < until

    def _close(self) -> None:
        self._closing = True
        self._tray.put_back()
        self._more.set()
        self._end.set()

    async def _send_home(self) -> None:
        """Let the porters take leave of the relay; those who still wait for an answer are called off."""
        self._close()
        await asyncio.wait(self._porters, timeout=_PARTING)
        for porter in self._porters:
            porter.cancel()
        await asyncio.gather(*self._porters, return_exceptions=True)

    async def _last_turn(self) -> None:
        for porter in self._porters:
            if not porter.cancelled() and (trouble := porter.exception()):
                raise trouble
        while turn := self._next_turn():
            self._take_over(turn, await self._take_turn(turn))

    # The porters

    async def _porter(self, relay: mail.Relay) -> None:
        while not self._closing:
            if relay.name in self._watch.serving and self._tray.ready > self._opening and self._may(relay):
                await self._carry(relay)
            else:
                self._more.clear()
                await self._more.wait()

    def _may(self, relay: mail.Relay) -> bool:
        """Tell whether limits and shares let this relay take a message now."""
        if not self._pacer.wanted or self._pacer.may(relay.name):
            return True
        self._held_off.add(relay.name)
        return False

    async def _carry(self, relay: mail.Relay) -> None:
        connection = await self._connect(relay)
        if connection is None:
            return
        self._watch.connections[relay.name] += 1
        try:
            await connection.deliver(_Load(self, relay))
        except LeaseLostError:
            _log.warning("a lease ran out while its messages were under way: they are left to others")
        finally:
            self._watch.connections[relay.name] -= 1
            await connection.close()

    async def _connect(self, relay: mail.Relay) -> mail.Connection | None:
        self._opening += 1
        try:
            return await mail.Connection.open(relay, welcome=partial(self._watch.is_welcome, relay.name))
        except (Unreachable, Misconfigured) as trouble:
            fault = mail.Fault.RELAY if isinstance(trouble, Unreachable) else mail.Fault.SENDER
            if not self._watch.connections[relay.name]:
                self._watch.failed(relay.name, fault, str(trouble))
                self._heard.set()
        finally:
            self._opening -= 1
        if not self._watch.rests(relay.name):
            await asyncio.sleep(_CROWDED)
        return None

    # The pace

    async def _keep_pace(self) -> None:
        while not self._closing:
            await self._ask_for_permits()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), TICK)

    async def _ask_for_permits(self) -> None:
        asks = self._pacer.asks()
        if asks:
            loop = asyncio.get_running_loop()
            grants = await loop.run_in_executor(self._pace_thread, self._pacer.answer, asks)
            self._pacer.granted(asks, grants)
        if asks or self._held_off:
            self._held_off.clear()
            self._more.set()

    # What the porters carry

    def take(self, relay: mail.Relay) -> mail.Envelope | None:
        """Return the next message's envelope, if there is one and this relay may have it."""
        if self._closing or relay.name not in self._watch.serving:
            return None
        paced = self._pacer.wanted
        if paced and not self._may(relay):
            return None
        item = self._tray.take()
        if item is None:
            return None
        if paced:
            self._count(relay)
        self._key += 1
        self._taken[self._key] = item
        return item[0].press.envelope(self._key, item[1])

    async def more(self, relay: mail.Relay) -> bool:
        """Wait until there is more for this relay; False where there will be none."""
        while not self._closing and relay.name in self._watch.serving:
            if self._tray.ready and self._may(relay):
                return True
            if self._dry and not self._tray.ready and not self._tray.lanes:
                return False
            if not self._tray.ready:
                self._heard.set()
            self._more.clear()
            await self._more.wait()
        return False

    def _count(self, relay: mail.Relay) -> None:
        """Count a message for this relay; wake those of another that waited for it to catch up."""
        self._pacer.spent(relay.name)
        if any(name != relay.name and self._pacer.may(name) for name in self._held_off):
            self._held_off.clear()
            self._more.set()

    def before_dot(self, key: int) -> None:
        """Write down that a message's final dot leaves now."""
        self._tray.on_the_wire(self._taken[key])

    def done(self, relay: mail.Relay, result: mail.Result) -> None:
        """Take an outcome."""
        item = self._taken.pop(result.key)
        self._tray.settle(item, result)
        domain = self._watch.noticed(relay.name, item[1], result)
        if domain:
            self._tray.set_aside(domain)
            self._heard.set()
        if result.fault not in _NOBODYS or result.outcome is mail.Outcome.UNKNOWN:
            self.tally[result.outcome] += 1
        if self._tray.unsaid >= _ENOUGH or self._tray.has_finished:
            self._heard.set()


class _Load:
    """What one connection carries for a courier: a `mail.Load`."""

    def __init__(self, courier: Courier, relay: mail.Relay) -> None:
        self._relay = relay
        self._courier = courier
        self.before_dot = courier.before_dot

    def take(self) -> mail.Envelope | None:
        return self._courier.take(self._relay)

    async def more(self) -> bool:
        return await self._courier.more(self._relay)

    def done(self, result: mail.Result) -> None:
        self._courier.done(self._relay, result)
