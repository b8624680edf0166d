"""Fetches a feed, a calendar or a page; what visits the web is loaded when something is fetched."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.entries.fetched import Fetched, Request
from newsletter.errors import Invalid
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.entries import visiting
else:
    visiting = later("newsletter.entries.visiting")


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
