"""Bars on standard error while long work goes on."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error while long work goes on.

    Gives a function that takes how much is done by now and, where it is known by then, out of how much.
    """
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done, of=total: bar.update(task, completed=done, total=of)


def counted(title: str, things: Iterable[T], total: int | None) -> Iterator[T]:
    """Pass things through, and show a bar that counts them."""
    with progress(title, total) as done:
        for number, thing in enumerate(things, 1):
            yield thing
            done(number)
