"""Sets letters in foreign themes, in a process apart that is stopped when it takes too long or too much.

A sandbox keeps a theme from what it must not touch, but not from working for ever or filling the memory: neither a thread
nor a signal stops a multiplication of long strings, and deep nesting ends mrml with the whole process. So a theme of one's
own runs in a child that knows no secrets, has a limit of memory, and is killed after some seconds. A child serves many
letters, so that one costs a few milliseconds more than in the house.
"""

import atexit
import json
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from newsletter.rendering.blocks import Content
from newsletter.rendering.own import Fault, Faulty

SECONDS = 4.0
"""How long a theme may take for all that is asked of it at once."""
_MOST_CHILDREN = 2
_ROOT = Path(__file__).parents[2]
_LARGEST_ANSWER = 40_000_000

_idle: list["_Child"] = []
_places = threading.BoundedSemaphore(_MOST_CHILDREN)


def set_apart(source: str, contents: tuple[Content, ...], seconds: float = SECONDS) -> list[str]:
    """Set letters in a theme. Raises `Faulty`, also where the theme was stopped."""
    with _places:
        child = _take()
        answer = child.ask(pickle.dumps((source, contents)), seconds)
        if answer is None:
            child.end()
            raise Faulty([Fault(_stopped(child, seconds))])
        _idle.append(child)
    if "faults" in answer:
        raise Faulty(Fault(str(sentence), line) for sentence, line in answer["faults"])
    return [str(html) for html in answer["html"]]


def _stopped(child: "_Child", seconds: float) -> str:
    if child.late:
        return f"It was stopped after {seconds:g} seconds. Look for a loop that runs too often."
    return "It was stopped because it needs more memory, or is nested deeper, than a theme may be."


def _take() -> "_Child":
    while _idle:
        child = _idle.pop()
        if child.lives():
            return child
        child.end()
    return _Child()


@atexit.register
def end_all() -> None:
    """End the children that wait for work."""
    while _idle:
        _idle.pop().end()


class _Child:
    """A process that sets letters, one question at a time."""

    def __init__(self) -> None:
        environment = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self.late = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "newsletter.rendering.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=environment,
        )
        self._read(b"", 30)  # it says that it is there; starting is not held against the theme

    def lives(self) -> bool:
        return self._process.poll() is None

    def ask(self, question: bytes, seconds: float) -> dict[str, Any] | None:
        """Return the answer; nothing where the child died of the question or was stopped."""
        answer = self._read(len(question).to_bytes(8) + question, seconds)
        try:
            return json.loads(answer) if answer else None
        except ValueError:  # stopped in the middle of a word
            return None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _read(self, question: bytes, seconds: float) -> bytes:
        assert self._process.stdin
        assert self._process.stdout
        stop = threading.Timer(seconds, self._stop)
        stop.daemon = True
        stop.start()
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            size = int.from_bytes(self._process.stdout.read(8))
            return self._process.stdout.read(size) if size < _LARGEST_ANSWER else b""
        except OSError:
            return b""
        finally:
            stop.cancel()

    def _stop(self) -> None:
        self.late = True
        self._process.kill()
