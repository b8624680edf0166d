"""The ledger held against the mail server's notes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.faulting.servers import Notes
from newsletter.delivery import State

_NEVER_LEFT = (State.REFUSED, State.WITHDRAWN, State.SUPPRESSED)


@dataclass(frozen=True)
class Weighed:
    """How far the ledger and the mail server agree."""

    recipients: int
    sent: int
    refused: int
    lost: int
    """Readers whom nobody took mail for, and nobody refused."""
    wrong: int
    """Readers of whom the ledger says what is not so: sent, and nobody took it; refused, and somebody did."""
    doubled: int
    """Messages that were taken once more."""
    renamed: int
    """Readers who got two messages that their server could not know for the same."""
    unknown: int
    """Readers of whom the ledger cannot tell."""
    unfinished: int
    """Readers whom the ledger has yet to send to."""


def weigh(ledger: Mapping[str, str], notes: Notes) -> Weighed:
    """Compare a ledger, the state of each address, with what the mail server noted."""
    taken = Counter(recipient for recipient, _, _ in notes.taken)
    refused = {recipient for recipient, _, _ in notes.refused}
    names = Counter(recipient for recipient, _ in {(recipient, name) for recipient, name, _ in notes.taken})
    states = Counter(ledger.values())
    return Weighed(
        recipients=len(ledger),
        sent=states[State.SENT],
        refused=states[State.REFUSED],
        lost=_count(address not in taken and address not in refused for address in ledger),
        wrong=_count(_is_wrong(state, address in taken) for address, state in ledger.items()),
        doubled=taken.total() - len(taken),
        renamed=_count(count > 1 for count in names.values()),
        unknown=states[State.UNKNOWN],
        unfinished=states[State.QUEUED] + states[State.SENDING] + states[State.DEFERRED],
    )


def _is_wrong(state: str, was_taken: bool) -> bool:
    return (state == State.SENT and not was_taken) or (state in _NEVER_LEFT and was_taken)


def _count(answers: Iterable[bool]) -> int:
    return sum(answers)
