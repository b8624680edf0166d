"""Knocks at links: asks for the head of an answer, and for the answer itself only where the head says too little.

Many servers answer HEAD wrongly, so nothing is called gone before GET was told the same. A page is read up to a small
cap. Hosts are visited side by side, but each by one visitor at a time.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from newsletter.fetching.knocked import Answer, Knock, Outcome
from newsletter.fetching.line import Clock, open_line

_SECONDS = 12.0
_CONNECT_AND_READ = (4.0, 6.0)
_REDIRECTS = 8
_PAGE = 96 * 1024
_AT_ONCE = 6
_WHO = "Mozilla/5.0 (compatible; Newsletter/1.0; looks whether links lead somewhere)"
_FOR_GOOD = (301, 308)
_TURNED_AWAY = (401, 403, 405, 406, 407, 408, 409, 412, 418, 425, 429, 451)
_ENOUGH = range(200, 400)


@dataclass
class _Way:
    """Where redirects have led so far."""

    url: str
    for_good: bool = True


def knock(url: str, read: bool = False) -> Answer:
    """Say whether an address leads somewhere; with `read`, also the beginning of the page there. Never raises."""
    session, clock = open_line(_WHO), Clock(_SECONDS)
    try:
        with clock.over(session):
            answer = _asked(session, url, read=read)
    except Exception as error:  # noqa: BLE001 - whatever a foreign server does, it tells about the link and no more
        return Answer(url, Outcome.UNKNOWN if clock.rang else _outcome_of(error))
    finally:
        session.close()
    # being hung up on looks like the end of an answer
    return Answer(url, Outcome.UNKNOWN) if clock.rang else answer


def knock_at(wanted: Mapping[str, bool], knock: Knock = knock) -> Iterator[Answer]:
    """Knock at addresses, and yield each host's answers as they come; the values say which pages are to be read."""
    hosts: dict[str, list[str]] = {}
    for url in wanted:
        hosts.setdefault(_host(url), []).append(url)

    def visit(urls: list[str]) -> list[Answer]:
        return [knock(url, wanted[url]) for url in urls]

    with ThreadPoolExecutor(_AT_ONCE) as visitors:
        for answers in as_completed([visitors.submit(visit, urls) for urls in hosts.values()]):
            yield from answers.result()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _asked(session: Any, url: str, *, read: bool) -> Answer:
    if not read:
        answer = _answer(session, "HEAD", url, read=False)
        if answer.outcome is Outcome.FINE:
            return answer
    return _answer(session, "GET", url, read=read)


def _answer(session: Any, method: str, url: str, *, read: bool) -> Answer:
    way = _Way(url)
    with _at_the_end(session, method, way) as answer:
        page = _page(answer) if read and answer.status_code in _ENOUGH else ""
        moved = way.url != url
        return Answer(
            url, _outcome(answer.status_code), answer.status_code, way.url, moved and way.for_good, page
        )


def _at_the_end(session: Any, method: str, way: _Way) -> requests.Response:
    for _ in range(_REDIRECTS):
        answer: requests.Response = session.request(
            method, way.url, headers={"Accept": "text/html,*/*;q=0.8"}, stream=True, timeout=_CONNECT_AND_READ
        )
        if not answer.is_redirect:
            return answer
        answer.close()
        way.for_good = way.for_good and answer.status_code in _FOR_GOOD
        way.url = urljoin(way.url, answer.headers["Location"].encode("latin-1").decode("utf-8", "replace"))
        if urlsplit(way.url).scheme not in ("http", "https"):
            raise requests.exceptions.InvalidSchema(way.url)
    raise requests.exceptions.TooManyRedirects


def _page(answer: requests.Response) -> str:
    if not answer.headers.get("Content-Type", "text/html").startswith("text/"):
        return ""
    raw = b""
    for piece in answer.iter_content(16 * 1024):
        raw += piece
        if len(raw) >= _PAGE:
            break
    named = re.search(
        rb"charset=[\"']?([\w-]+)", answer.headers.get("Content-Type", "").encode() + raw[:2048]
    )
    try:
        return raw[:_PAGE].decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return raw[:_PAGE].decode("utf-8", "replace")


def _outcome(status: int) -> Outcome:
    if status in _ENOUGH:
        return Outcome.FINE
    if status in _TURNED_AWAY:
        return Outcome.UNKNOWN
    return Outcome.BROKEN if status >= requests.codes.server_error else Outcome.GONE


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, socket.gaierror):
        # a resolver that is away itself (EAI_AGAIN) says nothing about the name
        return Outcome.UNKNOWN if error.errno == socket.EAI_AGAIN else Outcome.NO_HOST
    if "InvalidIPAddress" in type(error).__name__:
        return Outcome.SHUT
    if isinstance(error, requests.exceptions.SSLError):
        return Outcome.UNSAFE
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return Outcome.CIRCLE
    wrong = requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL | UnicodeError
    return Outcome.SHUT if isinstance(error, wrong) else Outcome.UNKNOWN
