"""What a session awaits, and what it tells whoever carries its bytes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from newsletter.errors import NewsletterError
from newsletter.mail.envelope import Result


class Step(StrEnum):
    """What a reply is awaited to."""

    GREETING = "greeting"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "."
    LONE_DOT = "lone ."
    RSET = "RSET"
    QUIT = "QUIT"


@dataclass(frozen=True, slots=True)
class Ready:
    """The server has taken us in; messages may be started."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Encrypt the connection now, then call `secured`."""


class Go(NamedTuple):
    """The server awaits the body of this message: call `hand_over`."""

    key: int


class Finished(NamedTuple):
    """This is what became of a message."""

    result: Result


@dataclass(frozen=True, slots=True)
class Gone:
    """The conversation is over; hang up. Every message has had its `Finished`."""

    error: NewsletterError


Event = Ready | Upgrade | Go | Finished | Gone
