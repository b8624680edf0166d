"""Modules that load when they are first used, so that nobody pays for what they never do.

A command that counts readers needs no calendar reader and no pages; loading them would take longer than counting. This is the one
place where code is loaded by name. The name stands twice, so that readers, type checkers and the floors' contracts see the import:

    if TYPE_CHECKING:
        import feedparser
    else:
        feedparser = later("feedparser")
"""

from importlib import import_module
from typing import Any


class _Later:
    """Stands for a module until it is used. Threads that use it at once load it once: Python holds a lock for that."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def later(name: str) -> Any:
    """Return what behaves like the module `name`, which is loaded when something of it is asked for."""
    return _Later(name)
