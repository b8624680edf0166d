"""How long a library may work on what somebody else wrote."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType

_SELDOM = 64
"""To ask the clock at each call would take longer than most calls."""


class TooLong(Exception):
    """Something asks for more work than a newsletter's entry can be worth."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop this thread's work with `TooLong` after some seconds of it: a rule that never matches would be tried until year 9999.

    Python asks the profiler at each call, and it may answer with an error; that reaches loops inside of libraries.
    """
    until = time.thread_time() + seconds
    before = sys.getprofile()
    calls = count()

    def watch(_frame: FrameType, _event: str, _argument: object) -> None:
        if next(calls) % _SELDOM == 0 and time.thread_time() > until:
            sys.setprofile(before)
            raise TooLong

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)
