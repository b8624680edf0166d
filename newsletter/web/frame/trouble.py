"""What a visitor sees when something goes wrong: a sentence at the field of a form, or one page in the frame they came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from newsletter import errors, languages
from newsletter.database import db
from newsletter.web.frame.language_of_page import translate

log = structlog.get_logger()
_PLACES = "newsletter.trouble"
_LONGEST_WAIT = 3600
_Sentence = Callable[[languages.Translate], str]
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


@dataclass(frozen=True)
class Trouble:
    """What went wrong, in the language of the page: a title, and one sentence that says what to do."""

    status: HTTPStatus
    title: str
    sentence: str


@dataclass(frozen=True)
class _Place:
    """A part of the site that shows errors in a frame of its own."""

    template: str
    prepare: Callable[[], Mapping[str, Any]]


_PUBLIC = _Place("public/error.html", dict)


def install(app: Flask) -> None:
    """Answer every error of an application, foreseen or not."""
    app.extensions[_PLACES] = {}
    app.register_error_handler(errors.NewsletterError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Exception, _accident)


def show_trouble_below(
    app: Flask, path: str, template: str, prepare: Callable[[], Mapping[str, Any]]
) -> None:
    """Let `template` show what goes wrong at every address below `path`, also where there is no such page.

    `prepare` finds out who is there, which may change the language, and returns what else the template needs.
    """
    app.extensions[_PLACES][path.rstrip("/") + "/"] = _Place(template, prepare)


def wrong(error: errors.NewsletterError) -> dict[str, str]:
    """Return an error by the field of the form that it belongs to, in the page's language."""
    return {getattr(error, "field", None) or "": translate().filled(str(error))}


def _domain_error(error: errors.NewsletterError) -> Response:
    db.session.rollback()
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    answer = _answer(status, lambda t: t.filled(str(error)))
    if isinstance(error, errors.TooMany):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    answer = _answer(HTTPStatus(error.code or 500))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _too_many(error: RateLimitExceeded) -> Response:
    window = error.limit.limit.get_expiry() if error.limit else 60
    answer = _answer(HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(min(window, _LONGEST_WAIT))
    return answer


def _stale_form(_error: CSRFError) -> Response:
    return _answer(
        HTTPStatus.BAD_REQUEST,
        lambda t: t("This form was open too long. Go back, load the page again, and send it once more."),
    )


def _accident(error: Exception) -> Response:
    """Answer what nobody foresaw: log it whole, tell the visitor nothing of it, lose nothing that was committed."""
    db.session.rollback()
    log.error("accident", path=request.path, method=request.method, exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(status: HTTPStatus, sentence: _Sentence | None = None) -> Response:
    """Show an error in its frame, or in one line of plain text where the frame itself is out of order."""
    try:
        place = _place()
        values = place.prepare()
        answer = make_response(render_template(place.template, trouble=_told(status, sentence), **values))
    except (TemplateError, errors.NewsletterError, SQLAlchemyError, OSError, RuntimeError, ValueError):
        return Response(f"{status.value} {status.phrase}\n", status=status, mimetype="text/plain")
    answer.status_code = status
    return answer


def _place() -> _Place:
    places: dict[str, _Place] = current_app.extensions[_PLACES]
    return next((place for path, place in places.items() if f"{request.path}/".startswith(path)), _PUBLIC)


def _told(status: HTTPStatus, sentence: _Sentence | None) -> Trouble:
    t = translate()
    title, remedy = _words(t).get(status, (t("This page cannot be shown"), t("Nothing was changed.")))
    return Trouble(status, title, sentence(t) if sentence else remedy)


def _words(t: languages.Translate) -> dict[int, tuple[str, str]]:
    return {
        400: (
            t("This could not be read"),
            t("Something was missing from what was sent. Nothing was changed."),
        ),
        403: (t("This is not open to you"), t("You may need to sign in, or to ask for more rights.")),
        404: (
            t("There is nothing at this address"),
            t("The page may have moved, or the address was cut on its way."),
        ),
        405: (
            t("This cannot be done here"),
            t("The address takes another kind of request. Nothing was changed."),
        ),
        409: (
            t("Somebody was faster"),
            t("What you changed has changed meanwhile. Load the page again and look."),
        ),
        410: (t("This link has grown too old"), t("Ask for a fresh one.")),
        413: (t("This is too large"), t("Send something smaller. Nothing was changed.")),
        422: (
            t("Something has to be mended"),
            t("Go back and look at what you entered. Nothing was changed."),
        ),
        429: (t("Too many tries"), t("Wait a little, then try again. Nothing is lost.")),
        500: (
            t("Something went wrong on our side"),
            t("It has been noted. Nothing you did before is lost. Try again in a minute."),
        ),
        502: (t("Somebody else does not answer"), t("A service that we need is away. Try again later.")),
    }
