"""The words in which the ledger speaks: what a mailing and each of its recipients can be."""

from enum import StrEnum


class MailingState(StrEnum):
    """Where a mailing stands, as people see it."""

    QUEUED = "queued"
    SENDING = "sending"
    PAUSED = "paused"
    WAITING = "waiting"
    """Never stored: what sending looks like while all that is left is due later, or every relay rests."""
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """Where one recipient stands. Each row is in exactly one, and each mailing counts its rows in each."""

    QUEUED = "queued"
    """Nothing was tried yet, or what was tried failed through no fault of the reader."""
    SENDING = "sending"
    """A courier has it in hand."""
    SENT = "sent"
    DEFERRED = "deferred"
    """It was put off by the other side, and is tried again when it is due."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It may have arrived: the answer was lost. Tried again where it has a due time, else it waits for a person."""
    WITHDRAWN = "withdrawn"
    SUPPRESSED = "suppressed"


RUNNING = (MailingState.QUEUED, MailingState.SENDING, MailingState.PAUSED)
"""States in which a mailing still has mail to send."""


class Unknown(StrEnum):
    """What becomes of a message that may or may not have arrived."""

    RESEND = "resend"
    """It is sent again under the same Message-ID, so that a receiver can drop the double."""
    HOLD = "hold"
    """It stays unknown until a person decides."""
