"""What goes to a relay, and what became of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What became of one attempt to hand a message over."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Whose fault it is that a message was not sent, and so what to do next."""

    RECIPIENT = "recipient"
    """This address: the others may go on."""
    MESSAGE = "message"
    """This message: its size, its content."""
    SENDER = "sender"
    """Us: authentication, policy, a block list, our rate. Pause, and tell whoever runs this installation."""
    RELAY = "relay"
    """The relay: down, closing, lost. Wait, and go on by itself."""


class Reply(NamedTuple):
    """A server's reply: `enhanced` is its status by RFC 3463, such as "5.1.1"; lines of `text` are joined by spaces."""

    code: int
    enhanced: str | None
    text: str

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.code, self.enhanced, self.text) if part)


class Envelope(NamedTuple):
    """One message to one recipient.

    `sender` is the return path, empty for `<>`; one that breaks out of its `<…>` refuses this envelope alone. `build` gives the wire bytes as `Template.fill` does, where no line
    begins with a dot and the last one ends; it is called once, before anything is sent, and may raise `errors.Invalid`,
    which refuses this envelope alone.
    """

    key: int
    sender: str
    recipient: str
    build: Callable[[], bytes]


class Result(NamedTuple):
    """What became of the envelope with this key.

    REFUSED is only ever the fault of the recipient or the message; a 5xx that blames the sender or the relay is
    DEFERRED, because the same message will be taken once that is mended.
    """

    key: int
    outcome: Outcome
    reply: Reply | None
    fault: Fault | None
    reason: str
