"""The write-ahead journal: what a courier was about to do, in a folder of its own, so that a kill loses nothing.

    DATA_DIR/journal/<courier>/lock             held with flock as long as the courier lives
    DATA_DIR/journal/<courier>/<mailing>-<seq>  one for each batch in hand

A batch's file takes a line before a message's final dot leaves (`W <seq>`) and another when its outcome is known
(`R <seq> <outcome as JSON>`); it is removed once the ledger has it all. A line about the wire is written at once, so the
kernel has it whatever becomes of the process. An outcome is written before the next such line of any batch, or with the
next turn of the books: until then its connection has nothing else on the wire, so a kill leaves no more than one doubt a connection. Should the machine itself have gone down since, which the boot number
in the lock file tells, then lines may be missing, and what is not settled counts as possibly sent.
"""

import fcntl
import json
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

    def open(self, mailing_id: int, first_seq: int) -> "BatchJournal":
        """Begin the journal of a batch that was just claimed."""
        return BatchJournal(self._folder / f"{mailing_id}-{first_seq}")

    def close(self, *, settled: bool) -> None:
        """End. Only where the ledger has everything is the folder removed; otherwise somebody settles it later."""
        if settled:
            shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)


class BatchJournal:
    """The journal of one batch in hand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._unwritten: list[str] = []

    def on_the_wire(self, seq: int) -> None:
        """Note that a message's final dot leaves now."""
        self._unwritten.append(f"W {seq}\n")
        self.flush()

    def outcome(self, seq: int, result: mail.Result) -> None:
        """Note what became of a message, soon."""
        self._unwritten.append(f"R {seq} {_write(result)}\n")

    def flush(self) -> None:
        """Write what is not written yet."""
        if self._unwritten:
            lines, self._unwritten = self._unwritten, []
            os.write(self._file, "".join(lines).encode())

    def close(self) -> None:
        """Keep it for whoever settles it."""
        self.flush()
        os.close(self._file)

    def remove(self) -> None:
        """The ledger has it all."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


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
        return dict(_read(path.read_text())) if path.exists() else {}

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


def _read(text: str) -> Iterator[tuple[int, mail.Result]]:
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):  # the last line of a full disk: its message did not leave
            return
        kind, seq, *rest = line.rstrip("\n").split(" ", 2)
        yield int(seq), unheard(int(seq)) if kind == "W" else _result(int(seq), rest[0])


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
