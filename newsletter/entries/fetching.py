"""What is fetched from the web, and what comes back: a feed, a calendar or a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.errors import Invalid
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.entries import visiting
else:
    visiting = later("newsletter.entries.visiting")

LARGEST = 10 * 1024 * 1024
"""The most bytes that are taken in, from the web or from a file."""


@dataclass(frozen=True)
class Request:
    """What to fetch, and what the last answer said of itself, so that an unchanged one need not be sent again."""

    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came back: the bytes, and where they came from in the end. `unchanged` means that there are none."""

    url: str
    data: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False


Fetch = Callable[[Request], Fetched]
"""What visits the web; tests hand in another one."""


def fetch(wanted: Request) -> Fetched:
    """Fetch an address. Raises `Invalid` if it may not or cannot be visited, `Unreachable` if it may answer later."""
    check_address(wanted.url)
    return visiting.visit(wanted)


def check_address(url: str) -> None:
    """Raise `Invalid` unless this looks like an address on the web."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in url):
        raise Invalid(f"“{url[:120]}” is no web address. Write one that begins with https://.", "url")
    if parts.username or parts.password:
        raise Invalid(
            "Leave user name and password out of the address; it is kept and shown as it stands.", "url"
        )
