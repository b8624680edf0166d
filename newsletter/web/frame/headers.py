"""The headers that every answer carries, and those of pages that belong to one reader."""

from flask import Flask, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_ALWAYS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def install(app: Flask) -> None:
    """Put the headers on every answer that has not chosen its own, and let no redirect name the host that was asked for."""
    app.after_request(_headers)
    app.after_request(_stay_here)


def private(response: AnyResponse | str) -> Response:
    """Mark a page that belongs to one reader: kept by no cache, told to no other site, found by no search engine."""
    answer = make_response(response)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = (
        "same-origin"  # to ourselves it is told: a form over HTTPS must say whence it comes
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _headers(response: Response) -> Response:
    for name, value in _ALWAYS:
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _stay_here(response: Response) -> Response:
    """Redirect by the path alone within this site: whoever asks chooses the host, and a proxy in front may speak another scheme."""
    target = response.headers.get("Location", "")
    if target.startswith(request.host_url):
        response.headers["Location"] = "/" + target.removeprefix(request.host_url).lstrip("/")
    return response
