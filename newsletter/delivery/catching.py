"""The built-in inbox as a relay: where nobody named one, mail is caught on this machine instead of going out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter import settings
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter import inbox
else:
    inbox = later("newsletter.inbox")


@contextmanager
def catching() -> Iterator[None]:
    """Open the inbox for the length of the block, if mail is to be caught; else do nothing."""
    environment = settings.environment()
    if not environment.catches_mail or environment.smtp_urls:
        yield
        return
    catcher = inbox.Inbox(environment.data_dir / "inbox")
    url = f"smtp://127.0.0.1:{catcher.start()}?name=inbox"  # a name that lasts longer than its port
    settings.bind(replace(environment, smtp_urls=(url,)))
    try:
        yield
    finally:
        catcher.stop()
        settings.bind(environment)
