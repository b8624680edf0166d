"""Taking in subscribers from a file: many at once, each line judged by itself, twice without doubles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from newsletter.audience.consent import hashes_of
from newsletter.audience.enrolment import Enrolment, Known, change, set_topics
from newsletter.audience.judging import Incoming, Judge
from newsletter.audience.lists import mailing_list
from newsletter.audience.sheets import Row, decode, read_rows
from newsletter.audience.tables import Action, ConsentRecord, MailingList, State
from newsletter.database import db
from newsletter.errors import Invalid

Progress = Callable[[int, int], None]
T = TypeVar("T")

_CHUNK = 2000


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

    def as_document(self) -> dict[str, Any]:
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


class _Taking:
    """One import at work."""

    def __init__(self, into: MailingList, *, confirmed: bool) -> None:
        self.report = ImportReport()
        self._enrolment, self._confirmed = Enrolment(into, confirmed=confirmed), confirmed
        self._judge = Judge()
        self._seen: set[str] = set()

    def take(self, rows: Sequence[Row]) -> None:
        """Take in some rows."""
        self._enrolment.begin()
        self.report.rows += len(rows)
        incoming = list(self._fresh(rows))
        known = self._enrolment.known([one.address.key for one in incoming])
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

    def _create(self, incoming: Sequence[Incoming]) -> None:
        self._enrolment.create(incoming)
        self.report.created += len(incoming)
        self._wait(len(incoming))

    def _update(self, pairs: Sequence[tuple[Incoming, Known]]) -> None:
        here = [(one, known) for one, known in pairs if known.state is not State.UNSUBSCRIBED]
        for _ in range(len(pairs) - len(here)):
            self._leave_out()
        joining = [(known.id, one) for one, known in here if known.state is None]
        waiting = [(known.id, one) for one, known in here if known.state is State.PENDING]
        confirming = waiting if self._confirmed else []
        told = {known.id: changes for one, known in here if (changes := _changes(one, known))}
        topics = {known.id: one.topics for one, known in here if one.topics and one.topics != known.topics}
        self._enrolment.subscribe(joining)
        self._enrolment.confirm(confirming)
        change(told)
        set_topics(topics)
        changed = {*told, *topics, *(reader for reader, _ in (*joining, *confirming))}
        self.report.updated += len(changed)
        self.report.skipped += len(here) - len(changed)
        self._wait(len(joining) + len(waiting))

    def _wait(self, people: int) -> None:
        """Count people whose subscription waits for its confirmation, where the file does not say that they agreed."""
        if not self._confirmed:
            self.report.pending += people


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


def _changes(one: Incoming, known: Known) -> dict[str, Any]:
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
