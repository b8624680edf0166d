"""Writing a mailing's messages without sending any: by the very code that couriers write them with.

What comes of it adds up part by part: each reader is either written, spared as suppressed, or could not be written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from newsletter.database import db
from newsletter.delivery.claims import Hand
from newsletter.delivery.destinations import special
from newsletter.delivery.faces import Letter
from newsletter.delivery.outcomes import Claimed, Policy
from newsletter.delivery.suppressions import suppressed_among
from newsletter.delivery.tables import Mailing
from newsletter.delivery.writing import Press, make_writer
from newsletter.errors import Invalid, NewsletterError

_NAMED = 20
"""Of so many whose message cannot be written the addresses are kept; of all the count."""


class Size(NamedTuple):
    """How many messages of a variant were written, and how many octets all of them and the largest have."""

    messages: int = 0
    octets: int = 0
    largest: int = 0


class Unwritten(NamedTuple):
    """A reader whose message cannot be written: `field` names what is wrong with it, where that is known."""

    reader: int | None
    address: str
    sentence: str
    field: str


@dataclass(frozen=True)
class Part:
    """What one part of a rehearsal came to. `to` is the number of its last reader, none where it was the last part."""

    sizes: Mapping[str, Size]
    suppressed: Mapping[str, int]
    """By variant."""
    unwritten: tuple[Unwritten, ...]
    failed: int
    largest_for: int | None
    """The reader who gets the largest message."""
    domains: Mapping[str, int] = field(default_factory=dict)
    """How many go to each domain that has limits or is left alone for now."""
    to: int | None = None


class Rehearsal:
    """Writes what a letter would be for each of its readers, and sends nothing."""

    def __init__(self, letter: Letter) -> None:
        newest = db.session.scalar(select(func.max(Mailing.id))) or 0
        hand = Hand(
            mailing_id=newest + 1,
            first_seq=1,
            last_seq=1,
            policy=Policy(service=False, unknown=letter.unknown),
            scope=letter.scope or 0,
            nonce="0" * 8,
            sender_email=letter.sender_email,
            rows=(),
        )
        self._mailing_id = hand.mailing_id
        self._press: Press = make_writer().press(hand, letter.templates)
        self._special = frozenset(special(db.session.connection()))

    def part(self, readers: Select[*tuple[Any, ...]], after: int | None, most: int) -> Part:
        """Write the messages of the next readers, in the order of their numbers."""
        found = readers.subquery()
        rows = select(found).order_by(found.c.reader).limit(most)
        chosen = db.session.execute(rows.where(found.c.reader > after) if after is not None else rows).all()
        spared = suppressed_among(db.session.connection(), [row.address for row in chosen])
        written = [self._claimed(seq, row) for seq, row in enumerate(chosen, 1) if row.address not in spared]
        sizes, failed, largest_for = self._write_all(written)
        return Part(
            sizes,
            Counter(row.variant for row in chosen if row.address in spared),
            tuple(failed[:_NAMED]),
            len(failed),
            largest_for,
            self._domains(written),
            chosen[-1].reader if len(chosen) == most else None,
        )

    def message(self, row: Sequence[Any]) -> bytes:
        """Write the message of one reader, whose columns are as `enqueue` takes them. Raises `Invalid`."""
        return self._press.envelope(1, self._claimed(1, row)).build()

    def _claimed(self, seq: int, row: Sequence[Any]) -> Claimed:
        address, variant, reader, name, fields = row
        return Claimed(self._mailing_id, seq, address, variant, reader, name, fields, 0, 0, 0)

    def _write_all(self, rows: Sequence[Claimed]) -> tuple[dict[str, Size], list[Unwritten], int | None]:
        """Write messages one by one; each is let go once its size is known."""
        sizes: dict[str, list[int]] = {}
        failed: list[Unwritten] = []
        largest, largest_for, envelope = 0, None, self._press.envelope
        for row in rows:
            try:
                size = len(envelope(row.seq, row).build())
            except NewsletterError as error:
                failed.append(_unwritten(row, error))
                continue
            sizes.setdefault(row.variant, []).append(size)
            if size > largest:
                largest, largest_for = size, row.reader
        return (
            {one: Size(len(all_), sum(all_), max(all_)) for one, all_ in sizes.items()},
            failed,
            largest_for,
        )

    def _domains(self, rows: Sequence[Claimed]) -> Counter[str]:
        if not self._special:
            return Counter()
        domains = (row.address.rpartition("@")[2].lower() for row in rows)
        return Counter(domain for domain in domains if domain in self._special)


def _unwritten(row: Claimed, error: NewsletterError) -> Unwritten:
    field = (error.field or "") if isinstance(error, Invalid) else ""
    return Unwritten(row.reader, row.address, str(error), field)
