"""What the tests of entries share: files written on the spot, and a web of which they decide what it answers."""

import os
from pathlib import Path

import pytest

from newsletter.entries import Fetched
from newsletter.errors import Unreachable

NOW = "2026-10-12T09:00:00Z"


@pytest.fixture(autouse=True)
def _october(publication):
    """It is October 2026, and the Minato Institute publishes from Tokyo."""
    import time_machine

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def corpora():
    """The folder of real files by other hands."""
    folder = Path(os.environ.get("NEWSLETTER_CORPORA") or Path(__file__).parents[3] / "shared/corpora")
    if not folder.is_dir():
        pytest.skip(f"the real files are not here: {folder}")
    return folder


class Web:
    """Stands in for the world's HTTP: answers what it was told to, and remembers what it was asked."""

    def __init__(self):
        self.pages = {}
        self.asked = []

    def __call__(self, wanted):
        self.asked.append(wanted)
        page = self.pages.get(wanted.url)
        if page is None:
            raise Unreachable(f"“{wanted.url}” does not answer.")
        if page.etag and page.etag == wanted.etag:
            return Fetched(wanted.url, etag=page.etag, unchanged=True)
        return page

    def put(self, url, data, *, content_type="", etag=""):
        self.pages[url] = Fetched(url, data.encode() if isinstance(data, str) else data, content_type, etag)


@pytest.fixture
def web():
    return Web()


def ics(*events, head=""):
    """A calendar of events given as the lines between BEGIN:VEVENT and END:VEVENT."""
    parts = [
        f"BEGIN:VEVENT\r\n{event.strip().replace(chr(10), chr(13) + chr(10))}\r\nEND:VEVENT\r\n"
        for event in events
    ]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{head}{''.join(parts)}END:VCALENDAR\r\n".encode()


def rss(*items, language="", link="https://example.org/"):
    spoken = f"<language>{language}</language>" if language else ""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Site</title><link>{link}</link>{spoken}{inside}</channel></rss>'.encode()
