"""Visits an address on the web, politely and without being led astray.

Only public addresses are visited: each host is looked up once, checked, and that very address is connected to, after
every redirect anew. An answer is read in pieces up to a cap, whatever it says about its own length; what a redirect
carries is not read at all. The whole visit ends after a time, however slowly a server lets its answer drip.
"""

from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from newsletter.errors import Invalid, Unreachable
from newsletter.fetching.fetched import LARGEST, Fetched, Request
from newsletter.fetching.line import CONNECT_AND_READ, Clock, open_line

_SECONDS = 30.0
_REDIRECTS = 5
_PIECE = 64 * 1024
_ACCEPT = "text/calendar, application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"
_WHO = "Newsletter/1.0 (takes in entries for a newsletter)"


def visit(wanted: Request) -> Fetched:
    """Fetch an address. Raises `Invalid` if it cannot be visited, `Unreachable` if it may answer later."""
    session, clock = open_line(_WHO), Clock(_SECONDS)
    try:
        with clock.over(session), _answer(session, wanted) as answer:
            fetched = _read(wanted, answer)
    except (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL) as error:
        raise Invalid(f"“{wanted.url}” leads to an address that cannot be visited.", "url") from error
    except requests.exceptions.TooManyRedirects as error:
        raise Invalid(
            f"“{wanted.url}” redirects in circles; give the address it should end at.", "url"
        ) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise (_too_slow(wanted.url) if clock.rang else _in_words(wanted.url, error)) from error
    finally:
        session.close()
    if clock.rang:  # being hung up on looks like the end of an answer that never told its length
        raise _too_slow(wanted.url)
    return fetched


def _answer(session: Any, wanted: Request) -> requests.Response:
    """Ask, and follow redirects to the answer, which is still to be read."""
    url = wanted.url
    for _ in range(_REDIRECTS + 1):
        answer: requests.Response = session.get(
            url, headers=_headers(wanted), stream=True, timeout=CONNECT_AND_READ
        )
        if not answer.is_redirect:
            return answer
        answer.close()
        url = urljoin(answer.url, answer.headers["Location"].encode("latin-1").decode("utf-8", "replace"))
        if urlsplit(url).scheme not in ("http", "https"):
            raise requests.exceptions.InvalidSchema(url)
    raise requests.exceptions.TooManyRedirects


def _headers(wanted: Request) -> dict[str, str]:
    headers = {"Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
    if wanted.etag:
        headers["If-None-Match"] = wanted.etag
    if wanted.last_modified:
        headers["If-Modified-Since"] = wanted.last_modified
    return headers


def _read(wanted: Request, answer: requests.Response) -> Fetched:
    if answer.status_code == requests.codes.not_modified:
        return Fetched(wanted.url, etag=wanted.etag, last_modified=wanted.last_modified, unchanged=True)
    if answer.status_code != requests.codes.ok:
        raise _refused(wanted.url, answer.status_code)
    return Fetched(
        url=answer.url or wanted.url,
        data=_body(wanted.url, answer),
        content_type=answer.headers.get("Content-Type", "")[:200],
        etag=answer.headers.get("ETag", "")[:500],
        last_modified=answer.headers.get("Last-Modified", "")[:100],
    )


def _body(url: str, answer: requests.Response) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in answer.iter_content(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise Invalid(
                f"“{url}” is larger than {LARGEST // 1024 // 1024} MB; nothing was taken in.", "url"
            )
        pieces.append(piece)
    return b"".join(pieces)


def _too_slow(url: str) -> Unreachable:
    return Unreachable(f"“{url}” took longer than {_SECONDS:.0f} seconds; try again later.")


def _refused(url: str, status: int) -> Exception:
    if status in (404, 410):
        return Invalid(
            f"There is nothing at “{url}” (the server answered {status}); check the address.", "url"
        )
    if status in (401, 403):
        return Invalid(
            f"“{url}” is not open to us (the server answered {status}); ask its owner, or hand in the file.",
            "url",
        )
    return Unreachable(f"“{url}” cannot be had now (the server answered {status}); try again later.")


def _in_words(url: str, error: Exception) -> Exception:
    """Say what went wrong; a private address is named as such, whatever stood in the way first."""
    if "InvalidIPAddress" in type(error).__name__:
        return Invalid(
            f"“{url}” leads to a private address, which is not visited; hand in the file instead.", "url"
        )
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(f"“{url}” has no valid certificate, so what it says cannot be trusted.")
    if isinstance(error, requests.exceptions.Timeout):
        return Unreachable(f"“{url}” does not answer in time; try again later.")
    if isinstance(error, requests.exceptions.ConnectionError):
        return Unreachable(f"“{url}” does not answer; check the address, or try again later.")
    return Unreachable(f"“{url}” sent an answer that cannot be read; try again later.")
