"""A connection to a relay, on asyncio."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsletter.mail.envelope import Envelope, Result
from newsletter.mail.relay import Relay


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for the other side, in seconds (5321, 4.5.3.2)."""

    connect: float = 30
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 5


class Connection:
    """An open connection to a relay, greeted, encrypted and signed in."""

    @classmethod
    async def open(cls, relay: Relay, timeouts: Timeouts = Timeouts()) -> "Connection":
        """Connect. Raises `Unreachable` (try later) or `Misconfigured` (password, certificate, no STARTTLS)."""
        raise NotImplementedError

    @property
    def alive(self) -> bool:
        """Whether another `deliver` can use this connection."""
        raise NotImplementedError

    async def deliver(
        self,
        next_envelope: Callable[[], Awaitable[Envelope | None]],
        before_dot: Callable[[int], None],
        done: Callable[[Result], None],
    ) -> None:
        """Hand over envelopes until `next_envelope` gives None or the connection is lost (see `alive`).

        Each envelope taken is answered by exactly one `done`, also when the connection is lost or this is cancelled;
        up to two are taken ahead. `before_dot(key)` is called just before the bytes with that message's final dot are
        written: a message not yet announced so was surely not sent. Both are called on the event loop and must not
        block. An exception from any of the three closes the connection and comes out here.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Say QUIT and hang up."""
        raise NotImplementedError
