"""The port through which the domain asks for work to be done soon, after its transaction has committed.

A job carries numbers, never content; the row in the database is the queue, and whoever is woken looks there. A wake that
gets lost loses nothing: the sweep finds the row a second or two later. The worker binds the port to Celery; unbound,
nothing happens.
"""

from collections.abc import Callable
from enum import StrEnum

from newsletter import database


class Job(StrEnum):
    """What can be asked for."""

    DELIVER = "deliver"
    REFRESH_SOURCE = "refresh_source"
    LOOK_AT_LINKS = "look_at_links"
    REHEARSE = "rehearse"


Port = Callable[..., None]


def _nobody(job: Job, *numbers: int) -> None:
    """Stand in until a worker binds the port."""


_port: Port = _nobody


def bind(port: Port) -> None:
    """Let `port(job, *numbers)` be called for each wake from now on; it returns quickly and never raises."""
    global _port  # noqa: PLW0603 - the one port of this process
    _port = port


def unbind() -> None:
    """Let wakes go nowhere again."""
    bind(_nobody)


def wake(job: Job, *numbers: int) -> None:
    """Ask for `job` once the current transaction is committed."""
    database.after_commit(lambda: _port(job, *numbers))
