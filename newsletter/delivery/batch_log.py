"""One line in the log for each batch that a courier gives back: numbers and relays, never an address, never a line a message.

Service mails are batches of one, so those that go back together share a line.
"""

import logging
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.delivery.claims import Hand
from newsletter.delivery.outcomes import Sent, Settled
from newsletter.delivery.states import State

_log = logging.getLogger(__name__)
_TOLD = (State.SENT, State.DEFERRED, State.REFUSED, State.UNKNOWN)


@dataclass(slots=True)
class _Line:
    """What became of one batch since it was claimed."""

    last_seq: int
    service: bool
    rows: int
    since: float = field(default_factory=time.monotonic)
    counts: Counter[State] = field(default_factory=Counter)
    relays: set[str] = field(default_factory=set)


class BatchLog:
    """The lines of the batches that one courier has in hand. It looks at a turn as a whole, so that no message pays for it."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], _Line] = {}

    def claimed(self, hands: Iterable[Hand]) -> None:
        """Begin a line for each batch."""
        for hand in hands:
            self._open[hand.key] = _Line(hand.last_seq, hand.policy.service, len(hand.rows))

    def recorded(self, sent: Iterable[Sent], settled: Iterable[Settled], relays: Iterable[str]) -> None:
        """Count what the ledger has written down of the batches in hand, and which relays were at it."""
        through = set(relays)
        counted = list(_counted(sent, settled))
        for (mailing_id, first_seq), line in self._open.items():
            line.relays |= through
            for state, seqs in counted:
                mine = seqs.get(mailing_id, ())
                line.counts[state] += bisect_right(mine, line.last_seq) - bisect_left(mine, first_seq)

    def given_back(self, keys: Iterable[tuple[int, int]]) -> None:
        """Write the lines of batches that are in hand no more."""
        lines = [(key, self._open.pop(key)) for key in keys if key in self._open]
        for (mailing_id, first_seq), line in lines:
            if not line.service:
                _log.info(
                    "batch given back", extra={"mailing": mailing_id, "first": first_seq, **_facts([line])}
                )
        service = [line for _, line in lines if line.service]
        if service:
            _log.info("service mail given back", extra=_facts(service))


def _counted(
    sent: Iterable[Sent], settled: Iterable[Settled]
) -> Iterator[tuple[State, dict[int, list[int]]]]:
    """Yield for each state the numbers of those who came to it, in order, by mailing."""
    yield State.SENT, _by_mailing(sent)
    states: defaultdict[State, list[Settled]] = defaultdict(list)
    for row in settled:
        states[row.state].append(row)
    for state, rows in states.items():
        yield state, _by_mailing(rows)


def _by_mailing(rows: Iterable[Sent | Settled]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row.mailing_id].append(row.seq)
    for seqs in found.values():
        seqs.sort()
    return found


def _facts(lines: list[_Line]) -> dict[str, object]:
    counts = sum((line.counts for line in lines), Counter[State]())
    rows = sum(line.rows for line in lines)
    return {
        "claimed": rows,
        **{state.value: counts[state] for state in _TOLD},
        "back": rows - sum(counts[state] for state in _TOLD),
        "seconds": round(time.monotonic() - min(line.since for line in lines), 3),
        "relays": sorted(set().union(*(line.relays for line in lines))),
    }
