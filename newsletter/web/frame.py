"""What all pages share: the language of the page, the words templates may use, headers, limits, and pages for errors."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from flask import Flask, Response, g, has_request_context, make_response, render_template, request, url_for
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from newsletter import clock, errors, languages, settings
from newsletter.database import db
from newsletter.web import drawing

log = structlog.get_logger()
limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=True)
"""Limits for single doors: `@frame.limiter.limit("20/hour")`. Off where RATE_LIMITS says so."""
csrf = CSRFProtect()

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_STATUS: dict[type[errors.NewsletterError], HTTPStatus] = {
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Expired: HTTPStatus.GONE,
    errors.BadLink: HTTPStatus.NOT_FOUND,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unreachable: HTTPStatus.BAD_GATEWAY,
    errors.Misconfigured: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def install(app: Flask) -> None:
    """Give an application what all pages share."""
    environment = settings.environment()
    app.config.setdefault("RATELIMIT_ENABLED", environment.rate_limits)
    app.config.setdefault("RATELIMIT_STORAGE_URI", environment.redis_url or "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)  # a broker that is away closes no door
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a form left open over lunch still works
    limiter.init_app(app)
    csrf.init_app(app)
    _words(app)
    app.before_request(_forget_language)
    app.url_defaults(_keep_language)
    app.after_request(_headers)
    app.get_send_file_max_age = _kept_for  # type: ignore[method-assign]  # the seam that Flask offers
    app.register_error_handler(errors.NewsletterError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Exception, _accident)


# The language of the page


def language() -> str:
    """Return the language of this page: what the link says, else the browser's choice among the publication's."""
    if not has_request_context():
        return settings.publication().languages[0]
    if "language" not in g:
        offered = settings.publication().languages
        asked = request.args.get("language", "")
        g.language_in_link = asked in offered
        g.language = (
            asked
            if asked in offered
            else languages.choose(request.headers.get("Accept-Language", ""), offered)
        )
    return str(g.language)


def speak(chosen: str) -> None:
    """Let the rest of this page be in another language, such as the one a reader has chosen for their mail."""
    language()
    if chosen in settings.publication().languages:
        g.language = chosen


def translate() -> languages.Translate:
    """Return the translator of this page's language."""
    return languages.translator(language())


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let the language chosen in a link travel on in every link of the page."""
    if endpoint != "static" and has_request_context() and g.get("language_in_link"):
        values.setdefault("language", g.language)


def here(**changes: Any) -> str:
    """Return the address of this very page with some of its query changed, such as `here(page=2)`."""
    query = request.args.to_dict(flat=False) | changes
    return f"{quote(request.script_root + request.path)}?{urlencode(query, doseq=True)}"


def _switch_url(other: str) -> str:
    """Return this page's address in another language."""
    return here(language=other)


def _forget_language() -> None:
    """Begin each request without the language of an earlier one, should they share a context."""
    g.pop("language", None)
    g.pop("language_in_link", None)


# Words for templates


def _words(app: Flask) -> None:
    app.context_processor(_page_words)
    app.jinja_env.globals.update(
        asset=_asset,
        now=clock.now,
        absolute=settings.url,
        here=here,
        switch_url=_switch_url,
        language_names=languages.NAMES,
        has_endpoint=lambda endpoint: endpoint in app.view_functions,
        _=_say,  # here as well as in the context, so that imported macros know it
        ngettext=_say_plural,
        tally_parts=drawing.tally_parts,
        line_over_time=drawing.line_over_time,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    filters: dict[str, Callable[..., str]] = {
        "date": _date,
        "days": lambda first, last: languages.write_days(first, last, language()),
        "time": lambda start, end=None: languages.write_time(start, end, language()),
        "moment": _moment,
        "number": lambda n: languages.write_number(n, language()),
        "percent": lambda part, whole: languages.write_percent(part, whole, language()),
    }
    app.jinja_env.filters.update(filters)


def _page_words() -> dict[str, Any]:
    t = translate()
    publication = settings.publication()
    return {
        "_": _marking(t),
        "ngettext": _marking(t.plural),
        "language": language(),
        "languages": publication.languages,
        "publication": publication,
        "environment": settings.environment(),
    }


def _say(*parts: Any, **values: Any) -> str:
    return _marking(translate())(*parts, **values)


def _say_plural(*parts: Any, **values: Any) -> str:
    return _marking(translate().plural)(*parts, **values)


def _marking(translate_plain: Callable[..., str]) -> Callable[..., str]:
    """Let a sentence carry markup in its values (`Markup`), while plain values are escaped as everywhere."""

    def translated(*parts: Any, **values: Any) -> str:
        if not any(isinstance(value, Markup) for value in values.values()):
            return translate_plain(*parts, **values)
        marks = {name: f"\ue100{name}\ue101" for name in values}
        sentence = Markup.escape(translate_plain(*parts, **marks))
        for name, value in values.items():
            sentence = Markup(sentence.replace(f"\ue100{name}\ue101", Markup.escape(value)))  # noqa: S704 - escaped
        return sentence

    return translated


def _date(value: date | datetime, *, weekday: bool = True, year: bool = True) -> str:
    day = value.astimezone(settings.publication().zone).date() if isinstance(value, datetime) else value
    return languages.write_date(day, language(), weekday=weekday, year=year)


def _moment(value: datetime, zone: str | None = None) -> str:
    return languages.write_moment(value, zone or settings.publication().timezone, language())


_DIST = Path(__file__).parent.parent / "static" / "dist"


def _asset(name: str) -> str:
    """Return the address of a built style sheet or script, which changes with its content."""
    built = _DIST / "manifest.json"
    known = _manifest(built.stat().st_mtime_ns) if built.exists() else {}
    return url_for("static", filename=f"dist/{known.get(name, name)}")


@lru_cache(maxsize=2)
def _manifest(_changed: int) -> dict[str, str]:
    return dict(json.loads((_DIST / "manifest.json").read_text()))


def _kept_for(filename: str | None) -> int:
    """Return how many seconds a browser may keep a static file: a year where its name carries a hash."""
    return 31_536_000 if filename and "-" in filename and filename.startswith("dist/") else 86_400


# Headers


def _headers(response: Response) -> Response:
    for name, value in (
        ("Content-Security-Policy", _POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def private(response: Response | str) -> Response:
    """Mark a page that belongs to one reader: kept by no cache, told to no other site, found by no search engine."""
    answer = make_response(response)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


# Pages for errors


def _domain_error(error: errors.NewsletterError) -> Response:
    db.session.rollback()
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    answer = _error_page(status, translate().filled(str(error)))
    if isinstance(error, errors.TooMany):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = HTTPStatus(error.code or 500)
    answer = _error_page(status, "")
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _too_many(error: RateLimitExceeded) -> Response:
    window = error.limit.limit.get_expiry() if error.limit else 60
    answer = _error_page(HTTPStatus.TOO_MANY_REQUESTS, "")
    answer.headers["Retry-After"] = str(min(window, 3600))
    return answer


def _stale_form(_error: CSRFError) -> Response:
    return _error_page(
        HTTPStatus.BAD_REQUEST,
        translate()("This form was open too long. Go back, load the page again, and send it once more."),
    )


def _accident(error: Exception) -> Response:
    """Answer what nobody foresaw: log it whole, tell the visitor nothing of it, lose nothing that was committed."""
    db.session.rollback()
    log.error("accident", path=request.path, method=request.method, exc_info=error)
    return _error_page(HTTPStatus.INTERNAL_SERVER_ERROR, "")


def _error_page(status: HTTPStatus, sentence: str) -> Response:
    try:
        body = render_template("public/error.html", status=status, sentence=sentence)
    except (TemplateError, errors.NewsletterError, OSError, RuntimeError, ValueError):
        body = f"{status.value} {status.phrase}\n{sentence}\n"
        return Response(body, status=status, mimetype="text/plain")
    return Response(body, status=status)
