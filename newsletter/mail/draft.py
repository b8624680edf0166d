"""A message before it is compiled: what it says, from whom, and which lists and files go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from newsletter.mail.encoding import address_key


class Address(NamedTuple):
    """A mail address as it is typed, and the name shown beside it."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """What the address is compared by: small letters, the domain in A-labels."""
        return address_key(self.email)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the message; `params` join its Content-Type, such as `{"method": "PUBLISH"}`."""

    name: str
    media_type: str
    data: bytes
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListHeaders:
    """What makes a message list mail: RFC 2919, 2369, 8058, 9477.

    `unsubscribe_url` is https and usually holds a mark; it may be followed by `unsubscribe_mailto`. `help_url` and
    `owner` are web addresses or plain mail addresses. A `name` in other letters than ASCII is left out of List-Id.
    """

    list_id: str
    name: str
    unsubscribe_url: str
    help_url: str
    owner: str
    feedback_id: str
    post: str = "NO"
    archive_url: str | None = None
    cfbl_address: str | None = None
    unsubscribe_mailto: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to many: marks may stand in `subject`, `html`, `text`, and in the URLs and Feedback-ID of `list`.

    `automatic` says that a program answers a person with it: a confirmation, a sign-in link.
    """

    sender: Address
    subject: str
    html: str
    text: str
    language: str
    reply_to: Address | None = None
    list: ListHeaders | None = None
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
