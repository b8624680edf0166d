"""Taking in subscribers from a file: many at once, each line judged by itself, twice without doubles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, literal, select, update

from newsletter.audience.consent import hash_of, hashes_of, keep_wording
from newsletter.audience.judging import Incoming, Judge
from newsletter.audience.lists import mailing_list
from newsletter.audience.sheets import Row, decode, read_rows
from newsletter.audience.tables import (
    Action,
    ConsentRecord,
    MailingList,
    Source,
    State,
    Subscriber,
    SubscriberTopic,
    Subscription,
)
from newsletter.clock import now
from newsletter.database import db, insert
from newsletter.errors import Invalid

Progress = Callable[[int, int], None]
T = TypeVar("T")

_CHUNK = 2000
_WORDING = "Imported by the publisher, who states that these people had agreed to get this list."


@dataclass(frozen=True)
class LineError:
    """What is wrong with a line of a file."""

    line: int
    reason: str


@dataclass
class ImportReport:
    """What became of each row: `rows` is the sum of created, updated, skipped and the errors."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    """Rows that changed nothing: known already, twice in the file, or of people who left (counted in `left` too)."""
    errors: list[LineError] = field(default_factory=list)
    pending: int = 0
    """Rows whose subscription now waits for its confirmation; no mail was sent to them."""
    left: int = 0
    """Rows of people who had unsubscribed or were erased: only they themselves can come back."""

    def as_dict(self) -> dict[str, Any]:
        """Return the report as programs read it."""
        errors = [{"line": error.line, "reason": error.reason} for error in self.errors]
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "errors": errors,
        }


def import_subscribers(
    source: Path | bytes | str | Iterable[str],
    list_: int | str,
    *,
    confirmed: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in the rows of a CSV file (path, bytes, text or lines), or of a file with one address a line.

    `confirmed` says that these people have agreed already, which is written into the consent ledger; without it they
    wait, and no mail is sent. What the file says of name, language, time zone, topics and other columns is taken over,
    empty cells change nothing, and nobody who left comes back. `progress(done, of)` is called now and then; an entrance
    may commit there. Raises `Invalid` for a file that cannot be read at all, `NotFound` for the list.
    """
    rows = list(read_rows(_text(source)))  # before any row of ours is read: others write meanwhile
    taking = _Taking(mailing_list(list_), confirmed=confirmed)
    for done, chunk in enumerate(_chunks(rows, _CHUNK)):
        taking.take(chunk)
        if progress:
            progress(min((done + 1) * _CHUNK, len(rows)), len(rows))
    db.session.expire_all()
    return taking.report


@dataclass(frozen=True)
class _Known:
    """A subscriber as they stand before the import."""

    id: int
    name: str
    language: str
    timezone: str
    fields: dict[str, str]
    state: State | None
    topics: frozenset[int]


class _Taking:
    """One import at work."""

    def __init__(self, into: MailingList, *, confirmed: bool) -> None:
        self.report = ImportReport()
        self._list_id, self._slug, self._confirmed = into.id, into.slug, confirmed
        self._default_language = into.languages[0]
        self._judge = Judge()
        self._seen: set[str] = set()
        self._moment = now()

    def take(self, rows: Sequence[Row]) -> None:
        """Take in some rows."""
        self.report.rows += len(rows)
        incoming = list(self._fresh(rows))
        known = self._known([one.address.key for one in incoming])
        self._create([one for one in incoming if one.address.key not in known])
        self._update([(one, known[one.address.key]) for one in incoming if one.address.key in known])

    def _fresh(self, rows: Sequence[Row]) -> Iterator[Incoming]:
        """Yield the good rows that were not in the file before; write down what is wrong with the others."""
        for row in rows:
            try:
                one = self._judge.read(row)
            except Invalid as error:
                self.report.errors.append(LineError(row.line, str(error)))
                continue
            if one.address.key in self._seen:
                self.report.skipped += 1
            elif self._erased and self._erased.intersection(hashes_of(one.address.key)):
                self._leave_out()
            else:
                yield one
            self._seen.add(one.address.key)

    @cached_property
    def _erased(self) -> set[str]:
        query = select(ConsentRecord.address_hash).where(ConsentRecord.action == Action.ERASED)
        return set(db.session.scalars(query))

    def _leave_out(self) -> None:
        self.report.skipped += 1
        self.report.left += 1

    def _known(self, keys: Sequence[str]) -> dict[str, _Known]:
        if not keys:
            return {}
        people = db.session.execute(
            select(
                Subscriber.address_key,
                Subscriber.id,
                Subscriber.name,
                Subscriber.language,
                Subscriber.timezone,
                Subscriber.fields,
                Subscription.state,
            )
            .outerjoin(
                Subscription,
                (Subscription.subscriber_id == Subscriber.id) & (Subscription.list_id == self._list_id),
            )
            .where(Subscriber.address_key.in_(keys))
        ).all()
        topics = _chosen([person.id for person in people])
        return {
            key: _Known(reader, name, language, zone, fields or {}, state, frozenset(topics.get(reader, ())))
            for key, reader, name, language, zone, fields, state in people
        }

    def _create(self, incoming: Sequence[Incoming]) -> None:
        if not incoming:
            return
        db.session.execute(
            insert(Subscriber.__table__).on_conflict_do_nothing(), [self._person(one) for one in incoming]
        )
        keys = [one.address.key for one in incoming]
        query = select(Subscriber.address_key, Subscriber.id).where(Subscriber.address_key.in_(keys))
        ids = {person.address_key: person.id for person in db.session.execute(query)}
        self._subscribe([(ids[one.address.key], one) for one in incoming])
        _set_topics({ids[one.address.key]: one.topics for one in incoming if one.topics})
        self.report.created += len(incoming)

    def _person(self, one: Incoming) -> dict[str, Any]:
        return {
            "address": one.address.email,
            "address_key": one.address.key,
            "name": one.name,
            "language": one.language or self._default_language,
            "timezone": one.timezone,
            "fields": one.fields or None,
            "created_at": self._moment,
        }

    def _update(self, pairs: Sequence[tuple[Incoming, _Known]]) -> None:
        here = [(one, known) for one, known in pairs if known.state is not State.UNSUBSCRIBED]
        for _ in range(len(pairs) - len(here)):
            self._leave_out()
        joining = [(one, known) for one, known in here if known.state is None]
        confirming = [(e, known) for e, known in here if known.state is State.PENDING and self._confirmed]
        told = {known.id: changes for one, known in here if (changes := _changes(one, known))}
        topics = {known.id: one.topics for one, known in here if one.topics and one.topics != known.topics}
        self._subscribe([(known.id, one) for one, known in joining])
        self._confirm([(known.id, one) for one, known in confirming])
        if told:
            db.session.execute(
                update(Subscriber), [{"id": reader, **changes} for reader, changes in told.items()]
            )
        _set_topics(topics)
        changed = {
            *told,
            *topics,
            *(known.id for _, known in joining),
            *(known.id for _, known in confirming),
        }
        self.report.updated += len(changed)
        self.report.skipped += len(here) - len(changed)
        if not self._confirmed:
            self.report.pending += sum(known.state is State.PENDING for _, known in here)

    def _subscribe(self, people: Sequence[tuple[int, Incoming]]) -> None:
        """Add subscriptions that were not there."""
        if not people:
            return
        values = {
            "list_id": self._list_id,
            "state": State.CONFIRMED if self._confirmed else State.PENDING,
            "created_at": self._moment,
            "confirmed_at": self._moment if self._confirmed else None,
        }
        columns = Subscription.__table__.c
        constants = [literal(value, columns[name].type) for name, value in values.items()]
        theirs = select(Subscriber.id, *constants).where(Subscriber.id.in_([reader for reader, _ in people]))
        added = insert(Subscription.__table__).from_select(
            ["subscriber_id", *values], theirs, include_defaults=False
        )
        db.session.execute(added.on_conflict_do_nothing())
        if self._confirmed:
            self._write_down(people)
        else:
            self.report.pending += len(people)

    def _confirm(self, people: Sequence[tuple[int, Incoming]]) -> None:
        """Confirm subscriptions that waited."""
        if not people:
            return
        db.session.execute(
            update(Subscription)
            .where(
                Subscription.list_id == self._list_id,
                Subscription.subscriber_id.in_([id_ for id_, _ in people]),
            )
            .values(state=State.CONFIRMED, confirmed_at=self._moment)
            .execution_options(synchronize_session=False)
        )
        self._write_down(people)

    def _write_down(self, people: Sequence[tuple[int, Incoming]]) -> None:
        common = {
            "list_id": self._list_id,
            "list_slug": self._slug,
            "action": Action.IMPORTED,
            "source": Source.IMPORT,
            "wording_id": self._wording,
            "at": self._moment,
        }
        rows = [
            {
                "subscriber_id": reader,
                "address_hash": hash_of(one.address.key),
                "language": one.language or self._default_language,
                **common,
            }
            for reader, one in people
        ]
        db.session.execute(insert(ConsentRecord.__table__), rows)

    @cached_property
    def _wording(self) -> int:
        return keep_wording(_WORDING, "en")


def _text(source: Path | bytes | str | Iterable[str]) -> str:
    if isinstance(source, Path):
        try:
            return decode(source.read_bytes())
        except OSError as error:
            raise Invalid(f"“{source}” cannot be read: {error.strerror}.", "file") from error
    if isinstance(source, bytes):
        return decode(source)
    return source if isinstance(source, str) else "\n".join(line.rstrip("\r\n") for line in source)


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _chosen(readers: Sequence[int]) -> dict[int, set[int]]:
    query = select(SubscriberTopic.subscriber_id, SubscriberTopic.topic_id).where(
        SubscriberTopic.subscriber_id.in_(readers)
    )
    found: dict[int, set[int]] = {}
    for reader, topic in db.session.execute(query):
        found.setdefault(reader, set()).add(topic)
    return found


def _set_topics(chosen: dict[int, frozenset[int]]) -> None:
    if not chosen:
        return
    db.session.execute(
        delete(SubscriberTopic)
        .where(SubscriberTopic.subscriber_id.in_(chosen))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"subscriber_id": reader, "topic_id": topic}
        for reader, topics in chosen.items()
        for topic in sorted(topics)
    ]
    db.session.execute(insert(SubscriberTopic.__table__), rows)


def _changes(one: Incoming, known: _Known) -> dict[str, Any]:
    """Return the columns of a subscriber that a row changes, all of them or none."""
    wanted = {
        "name": one.name or known.name,
        "language": one.language or known.language,
        "timezone": one.timezone or known.timezone,
        "fields": (known.fields | one.fields) or None,
    }
    before = {
        "name": known.name,
        "language": known.language,
        "timezone": known.timezone,
        "fields": known.fields or None,
    }
    return wanted if wanted != before else {}
