"""A connection to a relay, on asyncio: opened, used for one delivery after another, closed."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import lru_cache

from newsletter.errors import Misconfigured, Unreachable
from newsletter.mail.bearer import with_token
from newsletter.mail.events import Event, Gone, Ready, Upgrade
from newsletter.mail.handing import Handing, Load
from newsletter.mail.relay import Relay
from newsletter.mail.session import never
from newsletter.mail.timeouts import Timeouts
from newsletter.mail.wire import Wire

_DEFAULT = Timeouts()


class Connection:
    """An open connection to a relay, greeted, encrypted and signed in."""

    def __init__(self, relay: Relay, wire: Wire, timeouts: Timeouts) -> None:
        self.relay = relay
        self._wire = wire
        self._timeouts = timeouts

    @classmethod
    async def open(
        cls, relay: Relay, timeouts: Timeouts = _DEFAULT, welcome: Callable[[], bool] = never
    ) -> "Connection":
        """Connect. Raises `Unreachable` (try later) or `Misconfigured` (password, token, certificate, no STARTTLS).

        `welcome` tells, where it matters, whether this relay is known to take readers of ours.
        """
        wire = await _connect(with_token(relay), timeouts)
        try:
            await _greet(relay, wire, timeouts)
        except BaseException:
            wire.abort()
            raise
        wire.session.welcome = welcome
        return cls(relay, wire, timeouts)

    @property
    def alive(self) -> bool:
        """Whether another `deliver` can use this connection."""
        return not self._wire.session.over

    async def deliver(self, load: Load) -> None:
        """Hand over a load's envelopes until there are no more or the connection is lost (see `alive`).

        Each envelope taken is answered by exactly one `done`, also when the connection is lost or this is cancelled;
        some are taken ahead. An exception from one of the load's functions closes the connection and comes out here.
        """
        handing = Handing(self._wire, load)
        self._wire.listener = handing
        try:
            await handing.run()
        finally:
            await handing.wind_up()
            self._wire.listener = None

    async def close(self) -> None:
        """Say QUIT and hang up."""
        if self.alive:
            self._wire.session.quit()
            self._wire.flush()
            await asyncio.wait([self._wire.closed], timeout=self._timeouts.quit)
        self._wire.abort()
        await asyncio.wait([self._wire.closed], timeout=self._timeouts.quit)


class _Hearer:
    """Keeps the events of the greeting until `_greet` asks for them."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    def on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            self.events.put_nowait(event)

    def on_written(self) -> None:
        pass


async def _connect(relay: Relay, timeouts: Timeouts) -> Wire:
    loop = asyncio.get_running_loop()
    encryption = _encryption(relay.verify) if relay.tls == "implicit" else None
    wire = Wire(relay, timeouts)
    wire.listener = _Hearer()
    try:
        async with asyncio.timeout(timeouts.connect):
            await loop.create_connection(
                lambda: wire,
                relay.host,
                relay.port,
                ssl=encryption,
                server_hostname=relay.host if encryption else None,
                local_addr=(relay.source, 0) if relay.source else None,
            )
    except (OSError, TimeoutError) as error:
        raise _unreachable(relay, error) from error
    return wire


async def _greet(relay: Relay, wire: Wire, timeouts: Timeouts) -> None:
    """Wait until the session is ready, encrypting on the way where it asks for it."""
    hearer = wire.listener
    assert isinstance(hearer, _Hearer)
    while True:
        event = await hearer.events.get()
        if isinstance(event, Gone):
            raise event.error
        if isinstance(event, Ready):
            wire.listener = None
            return
        if isinstance(event, Upgrade):
            await _encrypt(relay, wire, timeouts)


async def _encrypt(relay: Relay, wire: Wire, timeouts: Timeouts) -> None:
    assert wire.transport
    try:
        wire.transport = await asyncio.get_running_loop().start_tls(
            wire.transport,
            wire,
            _encryption(relay.verify),
            server_hostname=relay.host,
            ssl_handshake_timeout=timeouts.connect,
        )
    except (OSError, TimeoutError) as error:
        raise _unreachable(relay, error) from error
    if wire.transport is None:
        raise Unreachable(f"{relay.name} hung up while the encryption began.")
    wire.session.secured()
    wire.flush()


@lru_cache(2)
def _encryption(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _unreachable(relay: Relay, error: Exception) -> Misconfigured | Unreachable:
    """Say why there is no connection, in the words of who has to mend it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Misconfigured(
            f"the certificate of {relay.name} does not hold ({error.verify_message}); "
            "mend it, or write verify=no if you trust the network",
            "SMTP_URL",
        )
    if isinstance(error, ssl.SSLError):
        return Unreachable(f"{relay.name} and we found no way to encrypt ({error.reason}).")
    if isinstance(error, TimeoutError):
        return Unreachable(f"{relay.name} does not answer.")
    if relay.source and not _is_ours(relay.source):
        return Misconfigured(
            f"this machine has no address {relay.source}; write one that it has after source=, or leave it out",
            "SMTP_URL",
        )
    why = error.strerror if isinstance(error, OSError) else None  # which several errors in one do not have
    return Unreachable(f"{relay.name} cannot be reached ({why or error}).")


def _is_ours(address: str) -> bool:
    """Tell whether this machine has an address, which the error of a relay with several does not tell."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as trial:
            trial.bind((address, 0))
    except OSError as error:
        return error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
    return True
