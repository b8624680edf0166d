"""What becomes of a knock at an address: whether somebody answers, and where one stands then."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a knock ended."""

    FINE = "fine"
    GONE = "gone"
    """There is no such page (404, 410)."""
    NO_HOST = "no_host"
    """There is no such host."""
    SHUT = "shut"
    """The address is private, or none that can be visited."""
    UNSAFE = "unsafe"
    """Its certificate is not valid: browsers warn."""
    CIRCLE = "circle"
    """It redirects without an end."""
    BROKEN = "broken"
    """The server is there and fails (5xx)."""
    UNKNOWN = "unknown"
    """It could not be looked at: no answer in time, or programs are turned away (401, 403, 429)."""


@dataclass(frozen=True)
class Answer:
    """What an address answered: the status, where redirects ended, whether all of them are for good.

    `page` is the beginning of its text, where that was asked for; empty where it is no page.
    """

    url: str
    outcome: Outcome
    status: int = 0
    landed: str = ""
    for_good: bool = False
    page: str = ""


Knock = Callable[[str, bool], Answer]
"""What knocks at an address, and reads the page behind it if the second value says so; tests hand in another one."""
