"""A compiled message: byte literals, and slots between them."""

from collections.abc import Mapping
from datetime import datetime

from newsletter.mail.draft import Address


class Template:
    """A message compiled once, filled for each recipient."""

    slots: frozenset[str]
    size: int

    def fill(self, to: Address, message_id: str, date: datetime, values: Mapping[str, str]) -> bytes:
        """Return the wire bytes for one recipient: CRLF throughout, no line begins with a dot.

        A missing or empty value takes the fallback of its mark. Raises `Invalid` for a line break in a header, an
        address that is none, and an empty value in a list header's URL.
        """
        raise NotImplementedError

    def dump(self) -> bytes:
        """Return the template as bytes to keep."""
        raise NotImplementedError

    @classmethod
    def load(cls, data: bytes) -> "Template":
        """Return the template that `dump` wrote; raises `Invalid` if it is of another make."""
        raise NotImplementedError
