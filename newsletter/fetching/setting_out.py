"""Fetches a page, or knocks at it; what visits the web is loaded when somebody sets out."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.errors import Invalid
from newsletter.fetching.fetched import Fetched, Request
from newsletter.fetching.knocked import Answer, Knock, Outcome
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.fetching import knocking, visiting
else:
    knocking, visiting = later("newsletter.fetching.knocking"), later("newsletter.fetching.visiting")


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


def knock(url: str, read: bool = False) -> Answer:
    """Say whether an address leads somewhere; with `read`, also the beginning of the page there. Never raises."""
    try:
        check_address(url)
    except Invalid:
        return Answer(url, Outcome.SHUT)
    return knocking.knock(url, read)


def knock_at(wanted: Mapping[str, bool], knock: Knock = knock) -> Iterator[Answer]:
    """Knock at addresses side by side, each host by one visitor; the values say which pages are to be read."""
    return knocking.knock_at(wanted, knock)
