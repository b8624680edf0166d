"""A rehearsal: all messages of an issue written, none sent. Kept until the issue changes.

It goes part by part, so that a worker can do it beside its other work, anybody can see how far it is, and one that died in
the middle is taken up by another where it stopped. Each part is written down only where its beginning still stands, so
two that are at it at once count nobody twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import audience, clock, delivery
from newsletter.database import Json, Model, UTCDateTime, db
from newsletter.delivery import Unwritten
from newsletter.errors import Conflict
from newsletter.issues.drafting import OPEN, issue
from newsletter.issues.materials import gather
from newsletter.issues.plans import readers_of
from newsletter.issues.sending.outlook import Outlook, Why, outlook
from newsletter.issues.sending.sending import letter_of
from newsletter.issues.tables import Issue
from newsletter.issues.variants import by_language, with_variants
from newsletter.wake import Job, wake

AT_ONCE = 1_000
"""Of so many readers all messages are written while somebody waits: a tenth of a second."""
PART = 5_000
_ALONE = timedelta(seconds=15)
"""A rehearsal that nobody has gone on with for so long is taken up by another worker."""
_NAMED = 20


class RehearsalRow(Model):
    """How far the rehearsal of an issue has come, and what it has come to."""

    __tablename__ = "rehearsals"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]
    """The issue's, which it is a rehearsal of."""
    parts: Mapped[int] = mapped_column(default=0)
    upto: Mapped[int | None]
    """The number of the last reader whose message was written, while others follow."""
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal has come to so far. Written, suppressed and `failed` add up to `looked_at`."""

    readers: int
    """How many it is to look at."""
    sizes: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """By language: messages, octets of all, octets of the largest."""
    suppressed: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many are left out beside the suppressed, by `Why`."""
    unwritten: tuple[Unwritten, ...] = ()
    failed: int = 0
    largest_for: int | None = None
    domains: Mapping[str, int] = field(default_factory=dict)
    done: bool = False
    at: datetime | None = None

    @property
    def written(self) -> int:
        """How many messages were written."""
        return sum(size[0] for size in self.sizes.values())

    @property
    def looked_at(self) -> int:
        """How many readers it has looked at."""
        return self.written + sum(self.suppressed.values()) + self.failed

    @property
    def largest(self) -> int:
        """How many octets the largest message has."""
        return max((size[2] for size in self.sizes.values()), default=0)

    @property
    def octets(self) -> int:
        """How many octets all messages have."""
        return sum(size[1] for size in self.sizes.values())

    @property
    def seen(self) -> Outlook:
        """Who gets the issue, and who is left out."""
        left = {Why(why): count for why, count in self.left_out.items()}
        spared = {Why.SUPPRESSED: sum(self.suppressed.values())} if any(self.suppressed.values()) else {}
        return Outlook({language: size[0] for language, size in self.sizes.items()}, spared | left)

    def took_in(self, part: delivery.Part) -> "Rehearsed":
        """Return it with one more part added."""
        sizes = dict(self.sizes)
        for variant, (messages, octets, largest) in part.sizes.items():
            before = sizes.get(audience.language_of(variant), (0, 0, 0))
            sizes[audience.language_of(variant)] = (
                before[0] + messages, before[1] + octets, max(before[2], largest)
            )  # fmt: skip
        larger = max((one[2] for one in part.sizes.values()), default=0) > self.largest
        return replace(
            self,
            sizes=sizes,
            suppressed=_added(self.suppressed, by_language(part.suppressed)),
            unwritten=(*self.unwritten, *part.unwritten)[:_NAMED],
            failed=self.failed + part.failed,
            largest_for=part.largest_for if larger else self.largest_for,
            domains=_added(self.domains, part.domains),
        )


def rehearse(issue_id: int) -> None:
    """Begin to rehearse an issue as it stands now; to a few readers at once, to many in the background.

    Raises `Conflict` where it is on its way, and `Invalid` where it cannot be set.
    """
    found = issue(issue_id)
    if found.state not in OPEN:
        raise Conflict("This issue is on its way or sent already; there is nothing to rehearse.")
    materials, now = gather(found), clock.now()
    ahead = outlook(materials)
    spared = ahead.left_out.get(Why.SUPPRESSED, 0)
    left = {why.value: count for why, count in ahead.left_out.items() if why is not Why.SUPPRESSED}
    begun = Rehearsed(
        readers=ahead.total + spared, sizes=dict.fromkeys(materials.languages, (0, 0, 0)), left_out=left
    )
    _forget(issue_id)
    row = RehearsalRow(
        issue_id=issue_id,
        version=found.version,
        document=asdict(begun),
        begun_at=now,
        touched_at=now - _ALONE,
    )
    db.session.add(row)
    db.session.flush()
    if begun.readers <= AT_ONCE:
        for _ in go_on(issue_id):
            pass
    else:
        wake(Job.REHEARSE, issue_id)


def rehearsed(issue_id: int) -> Rehearsed | None:
    """Return what the rehearsal of an issue has come to; none where there is none of it as it stands now."""
    row = db.session.get(RehearsalRow, issue_id, populate_existing=True)
    if row is None or row.version != issue(issue_id).version:
        return None
    return replace(_read(row.document), done=row.done_at is not None, at=row.done_at or row.begun_at)


def rehearsals_left() -> list[int]:
    """Return the issues whose rehearsal nobody is going on with."""
    alone = RehearsalRow.touched_at <= clock.now() - _ALONE
    return list(
        db.session.scalars(select(RehearsalRow.issue_id).where(RehearsalRow.done_at.is_(None), alone))
    )


def go_on(issue_id: int) -> Iterator[None]:
    """Go on with a rehearsal to its end, and stop after each part, so that the caller can commit it.

    Ends early where the issue has changed meanwhile, or somebody else is at it.
    """
    row = db.session.get(RehearsalRow, issue_id, populate_existing=True)
    if row is None or row.done_at:
        return
    if row.version != issue(issue_id).version:
        _forget(issue_id)
        return
    play, readers = _stage(issue(issue_id))
    version, parts, upto, so_far = row.version, row.parts, row.upto, _read(row.document)
    while True:
        part = play.part(readers, upto, PART)
        so_far, upto = so_far.took_in(part), part.to
        if not _keep(issue_id, version, parts, so_far, upto):
            return
        parts += 1
        yield
        if upto is None:
            return


@dataclass(frozen=True)
class Sample:
    """What one reader gets: the variant, and the message as it would go over the wire. Else `why` they get none."""

    variant: str = ""
    message: bytes = b""
    why: str = ""


def sample(issue_id: int, reader: int) -> Sample:
    """Write the message of one reader. Its personal links lead nowhere, so that nobody can use them. Raises `NotFound`."""
    address = audience.subscriber(reader).address
    if delivery.suppression(address):
        return Sample(why="This address is suppressed and gets no mail.")
    play, readers = _stage(issue(issue_id))
    theirs = readers.subquery()
    row = db.session.execute(select(theirs).where(theirs.c.reader == reader)).first()
    if row is None:
        return Sample(
            why="The issue does not go to this reader: they read none of its lists, or are left out of it."
        )
    nobody = (row.address, row.variant, 0, row.name, row.fields)
    return Sample(row.variant, play.message(nobody))


def _stage(found: Issue) -> tuple[delivery.Rehearsal, Select[*tuple[Any, ...]]]:
    """Freeze an issue as if it went out now, then let go of all that this left in the database."""
    with db.session.begin_nested() as stage:
        materials = gather(found)
        play = delivery.Rehearsal(letter_of(materials))
        readers = with_variants(readers_of(found), found, materials.blocks, materials.languages)
        stage.rollback()
    db.session.expire(found)
    return play, readers


def _keep(issue_id: int, version: int, parts: int, so_far: Rehearsed, upto: int | None) -> bool:
    """Keep a part, unless the rehearsal went on or began anew meanwhile."""
    now = clock.now()
    values = {"document": asdict(so_far), "upto": upto, "parts": parts + 1, "touched_at": now}
    values |= {"done_at": now} if upto is None else {}
    same = update(RehearsalRow).where(
        RehearsalRow.issue_id == issue_id, RehearsalRow.version == version, RehearsalRow.parts == parts
    )
    kept = db.session.execute(same.values(**values), execution_options={"synchronize_session": False})
    return bool(kept.rowcount)  # type: ignore[attr-defined]


def _forget(issue_id: int) -> None:
    row = db.session.get(RehearsalRow, issue_id, populate_existing=True)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def _read(document: Mapping[str, Any]) -> Rehearsed:
    values = {**document, "unwritten": tuple(Unwritten(*one) for one in document["unwritten"])}
    values["sizes"] = {language: tuple(size) for language, size in document["sizes"].items()}
    return Rehearsed(**{name: value for name, value in values.items() if name not in {"done", "at"}})


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
