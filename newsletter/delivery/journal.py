"""The write-ahead journal: what a courier was about to do, in a folder of its own, so that a kill loses nothing.

    DATA_DIR/journal/<courier>/lock               held with flock as long as the courier lives
    DATA_DIR/journal/<courier>/<mailing>-<seq>    one for each batch in hand: an octet for each of its messages
    DATA_DIR/journal/<courier>/<mailing>-<seq>+   the outcomes that an octet cannot tell, a line each

An octet says that its message's final dot leaves now, or what became of it; the file is removed once the ledger has it
all. It is mapped into memory, so a mark costs no call of the kernel, and the kernel has it whatever becomes of the
process: a kill leaves no more than one doubt a connection. Should the machine itself have gone down since, which the
boot number in the lock file tells, then marks may be missing, and what is not settled counts as possibly sent.
"""

import fcntl
import json
import mmap
import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter import mail

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_LOST = "the worker stopped before the answer came"
_STALE = 60
_LEFT, _SENT, _TOLD = 1, 2, 3
"""Marks: its final dot leaves now; it was taken; its outcome is a line of the other file."""


class Journal:
    """The journal of one courier, as long as it lives."""

    def __init__(self, folder: Path) -> None:
        self.owner = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._folder = folder / self.owner
        hidden = folder / f".{self.owner}"
        hidden.mkdir(parents=True)
        self._lock = os.open(hidden / "lock", os.O_CREAT | os.O_WRONLY, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        os.write(self._lock, _boot().encode())
        hidden.rename(self._folder)  # locked before anybody looks

    def open(self, mailing_id: int, first_seq: int, last_seq: int) -> "BatchJournal":
        """Begin the journal of a batch that was just claimed. Raises `OSError` where the disk is full."""
        return BatchJournal(self._folder / f"{mailing_id}-{first_seq}", first_seq, last_seq)

    def close(self, *, settled: bool) -> None:
        """End. Only where the ledger has everything is the folder removed; otherwise somebody settles it later."""
        if settled:
            shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)


class BatchJournal:
    """The journal of one batch in hand."""

    def __init__(self, path: Path, first_seq: int, last_seq: int) -> None:
        self._path = path
        self._first = first_seq
        size = last_seq - first_seq + 1
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            os.posix_fallocate(
                file, 0, size
            )  # a full disk is told here, and not by a signal at the first mark
            self._marks = mmap.mmap(file, size)
        finally:
            os.close(file)
        self._lines: int | None = None

    def on_the_wire(self, seq: int) -> None:
        """Note that a message's final dot leaves now."""
        self._marks[seq - self._first] = _LEFT

    def outcome(self, seq: int, result: mail.Result) -> None:
        """Note what became of a message."""
        if result.outcome is mail.Outcome.SENT:
            self._marks[seq - self._first] = _SENT
        else:
            self._tell(seq, result)
            self._marks[seq - self._first] = _TOLD

    def close(self) -> None:
        """Keep it for whoever settles it."""
        self._marks.close()
        if self._lines is not None:
            os.close(self._lines)

    def remove(self) -> None:
        """The ledger has it all."""
        self.close()
        self._path.unlink(missing_ok=True)
        if self._lines is not None:
            _lines_of(self._path).unlink(missing_ok=True)

    def _tell(self, seq: int, result: mail.Result) -> None:
        if self._lines is None:
            self._lines = os.open(_lines_of(self._path), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        os.write(self._lines, f"{seq} {_write(result)}\n".encode())


class Orphan:
    """The journal of a courier that is no more."""

    def __init__(self, folder: Path) -> None:
        self.owner = folder.name
        self._folder = folder
        with suppress(FileNotFoundError):
            self.whole = (folder / "lock").read_text() == _boot()

    whole = False
    """Whether nothing that was written can be missing."""

    def results(self, mailing_id: int, first_seq: int) -> dict[int, mail.Result]:
        """Return what became of the messages of a batch that had left, or were about to."""
        path = self._folder / f"{mailing_id}-{first_seq}"
        if not path.exists():
            return {}
        told = _told(_lines_of(path))
        marked = enumerate(path.read_bytes(), start=first_seq)
        return {seq: _meaning(seq, mark, told) for seq, mark in marked if mark}

    def remove(self) -> None:
        """All of it is settled."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def adopt(folder: Path, owner: str) -> Iterator[Orphan | None]:
    """Take over the journal of a courier that is no more; nothing while it lives, or somebody else was faster."""
    try:
        lock = os.open(folder / owner / "lock", os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Orphan(folder / owner) if (folder / owner / "lock").exists() else None
    except BlockingIOError:
        yield None
    finally:
        os.close(lock)


def owners(folder: Path) -> list[str]:
    """Return the couriers that have a journal here, alive or not."""
    if not folder.is_dir():
        return []
    _clear_stillborn(folder)
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def unheard(seq: int) -> mail.Result:
    """Return the outcome of a message that may or may not have left."""
    return mail.Result(seq, mail.Outcome.UNKNOWN, None, mail.Fault.RELAY, _LOST)


def _clear_stillborn(folder: Path) -> None:
    """Remove what a courier left that was killed before it had locked its folder."""
    for path in folder.glob(".*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                shutil.rmtree(path)


def _lines_of(path: Path) -> Path:
    return path.with_name(f"{path.name}+")


def _meaning(seq: int, mark: int, told: dict[int, mail.Result]) -> mail.Result:
    if mark == _SENT:
        return mail.Result(seq, mail.Outcome.SENT, None, None, "")
    return told.get(seq, unheard(seq)) if mark == _TOLD else unheard(seq)


def _told(path: Path) -> dict[int, mail.Result]:
    """Read the lines of outcomes; the last of them may be torn where the disk was full, and counts as not written."""
    if not path.exists():
        return {}
    whole = [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    pairs = (line.rstrip("\n").split(" ", 1) for line in whole)
    return {int(seq): _result(int(seq), text) for seq, text in pairs}


def _write(result: mail.Result) -> str:
    reply = result.reply
    words = [reply.code, reply.enhanced, reply.text] if reply else None
    return json.dumps([result.outcome, words, result.fault, result.reason])


def _result(seq: int, text: str) -> mail.Result:
    outcome, reply, fault, reason = json.loads(text)
    return mail.Result(
        seq,
        mail.Outcome(outcome),
        mail.Reply(*reply) if reply else None,
        mail.Fault(fault) if fault else None,
        reason,
    )


def _boot() -> str:
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return "unknown"
