"""What is fetched from the web, and what comes back: a feed, a calendar or a page."""

from collections.abc import Callable
from dataclasses import dataclass

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
