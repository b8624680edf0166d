"""Letters on disk: one `.eml` file each, and an index beside them that finds them without opening any.

The index is a small SQLite file of our own, because several processes may write at once (the service and a command) and
because a search through twenty thousand subjects should take a millisecond. It can be thrown away: it is made again from
the files. Nothing is forced to disk; this is a place to look at mail, not to keep it.
"""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from newsletter.errors import NotFound
from newsletter.inbox.letters import Caught, LetterSummary, attached, body, head_of, header, headers, parse

_ID = re.compile(r"[0-9]{19}-[0-9a-f]{8}")
_TIDY_EVERY = 100
_TABLE = """
CREATE TABLE IF NOT EXISTS letters (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID
"""


class Keeper:
    """Keeps the newest `most` letters in `folder`; safe to use from any thread and several processes."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()
        self._since_tidy = 0
        self._opened: sqlite3.Connection | None = None

    def keep(self, sender: str, recipient: str, source: bytes) -> str:
        """Write a letter down and return its id, which sorts by time."""
        letter_id = f"{time.time_ns():019}-{token_hex(4)}"
        head = head_of(source)
        row = (letter_id, header(head, "From") or sender, recipient, header(head, "Subject"), len(source))
        with self._index() as index:
            self._path(letter_id).write_bytes(_envelope(sender, recipient) + source)
            index.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?)", row)
            self._since_tidy += 1
            if self._since_tidy >= _TIDY_EVERY:
                self._tidy(index)
        return letter_id

    def letters(self, limit: int, search: str, skip: int) -> list[LetterSummary]:
        """Return letters, newest first."""
        where, values = _matching(search)
        query = f"SELECT * FROM letters {where} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608 - fixed words
        with self._index() as index:
            rows = index.execute(query, (*values, limit, skip)).fetchall()
        return [LetterSummary(row[0], _time(row[0]), *row[1:]) for row in rows]

    def count(self, search: str) -> int:
        """Return how many letters match."""
        where, values = _matching(search)
        with self._index() as index:
            return int(index.execute(f"SELECT count(*) FROM letters {where}", values).fetchone()[0])  # noqa: S608

    def read(self, letter_id: str) -> Caught:
        """Return one letter whole. Raises `NotFound`."""
        if not _ID.fullmatch(letter_id):
            raise NotFound("There is no such letter in the inbox.")
        try:
            kept = self._path(letter_id).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("This letter is no longer in the inbox; only the newest are kept.") from error
        _, recipient, source = _open(kept)
        message = parse(source)
        return Caught(
            id=letter_id,
            at=_time(letter_id),
            subject=header(message, "Subject"),
            sender=header(message, "From"),
            to=header(message, "To") or recipient,
            date=header(message, "Date"),
            html=body(message, "html"),
            text=body(message, "plain"),
            source=source,
            headers=headers(message),
            attachments=attached(message),
        )

    def empty(self) -> int:
        """Throw all letters away."""
        with self._index() as index:
            ids = [row[0] for row in index.execute("SELECT id FROM letters")]
            self._throw_away(index, ids)
        return len(ids)

    def close(self) -> None:
        """Close the index; the next use opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _path(self, letter_id: str) -> Path:
        return self._folder / f"{letter_id}.eml"

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        """Lend the index for one piece of work, made anew from the files where it is missing."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open_index()
            yield self._opened

    def _open_index(self) -> sqlite3.Connection:
        path = self._folder / "index.sqlite3"
        fresh = not path.exists()
        self._folder.mkdir(parents=True, exist_ok=True)
        index = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
        index.execute("PRAGMA synchronous=OFF")
        if fresh:
            self._make_index(index)
        return index

    def _make_index(self, index: sqlite3.Connection) -> None:
        index.execute("PRAGMA journal_mode=WAL")
        index.execute(_TABLE)
        for path in self._folder.glob("*.eml"):
            if _ID.fullmatch(path.stem):
                sender, recipient, source = _open(path.read_bytes())
                head = head_of(source)
                row = (
                    path.stem,
                    header(head, "From") or sender,
                    recipient,
                    header(head, "Subject"),
                    len(source),
                )
                index.execute("INSERT OR IGNORE INTO letters VALUES (?, ?, ?, ?, ?)", row)

    def _tidy(self, index: sqlite3.Connection) -> None:
        self._since_tidy = 0
        old = index.execute("SELECT id FROM letters ORDER BY id DESC LIMIT -1 OFFSET ?", (self._most,))
        self._throw_away(index, [row[0] for row in old])

    def _throw_away(self, index: sqlite3.Connection, ids: list[str]) -> None:
        for letter_id in ids:
            self._path(letter_id).unlink(missing_ok=True)
        index.executemany("DELETE FROM letters WHERE id = ?", [(letter_id,) for letter_id in ids])


def _matching(search: str) -> tuple[str, tuple[str, ...]]:
    words = search.split()
    each = "(recipient LIKE ? ESCAPE '!' OR sender LIKE ? ESCAPE '!' OR subject LIKE ? ESCAPE '!')"
    where = " AND ".join(each for _ in words)
    values = tuple(pattern for word in words for pattern in [_pattern(word)] * 3)
    return (f"WHERE {where}" if words else ""), values


def _pattern(word: str) -> str:
    return "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def _time(letter_id: str) -> datetime:
    return datetime.fromtimestamp(int(letter_id[:19]) / 1_000_000_000, UTC)


def _envelope(sender: str, recipient: str) -> bytes:
    """Two headers in front of the letter say what the envelope said, as mail stores do (RFC 5321, section 4.4)."""
    return f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()


def _open(kept: bytes) -> tuple[str, str, bytes]:
    first, second, source = kept.split(b"\r\n", 2)
    sender = first.removeprefix(b"Return-Path: <").removesuffix(b">")
    return sender.decode(), second.removeprefix(b"Delivered-To: ").decode(), source
