"""What one report says."""

from dataclasses import dataclass
from enum import StrEnum


class ReportKind(StrEnum):
    """What a report means for whoever it is about."""

    HARD = "hard"
    """The address is no good and will not become so: stop writing to it."""
    SOFT = "soft"
    """It did not arrive this time: a full box, a busy server, a filter, a fault of the sender's."""
    COMPLAINT = "complaint"
    """The reader pressed “junk”: stop writing at once (6650)."""
    DELAYED = "delayed"
    DELIVERED = "delivered"
    AUTO_REPLY = "auto_reply"
    CHALLENGE = "challenge"
    """A filter asks the sender to prove to be a person."""
    OTHER = "other"


@dataclass(frozen=True)
class Report:
    """One recipient's fate as told by one message that came back.

    Three traces of our own letter follow, each where it could be found: `verp` is our token from the return path,
    `unsubscribe` the token of its unsubscribe link, and `message_id` is its name. The tokens outrank `recipient`.
    """

    kind: ReportKind
    recipient: str | None = None
    action: str = ""
    status: str = ""
    reply_code: int | None = None
    reason: str = ""
    verp: str | None = None
    message_id: str | None = None
    unsubscribe: str | None = None
