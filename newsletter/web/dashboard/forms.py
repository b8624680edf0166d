"""What the pages with forms share: reading texts by language, and showing what was wrong where it was typed."""

from collections.abc import Mapping
from datetime import time
from os import SEEK_END
from typing import Any

from flask import flash, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from newsletter import entries, errors, images, settings
from newsletter.database import db
from newsletter.web import frame


def typed(name: str) -> str:
    """Return what was typed into a field, without spaces around it."""
    return request.form.get(name, "").strip()


def texts(name: str) -> dict[str, str]:
    """Return the texts of the fields `name-en`, `name-ja` … by language, empty ones left out."""
    found = {language: typed(f"{name}-{language}") for language in settings.publication().languages}
    return {language: text.replace("\r\n", "\n") for language, text in found.items() if text}


def keep_picture(upload: FileStorage) -> str:
    """Keep an uploaded picture at once, so that a mistake elsewhere in the form does not lose it; return its digest.

    Raises `Invalid`. What the request has open is committed before: nobody waits while a picture is read.
    """
    db.session.commit()
    with upload.stream as stream:
        images.check_weight(stream.seek(0, SEEK_END))
        stream.seek(0)
        digest = entries.store_image(stream.read()).digest
    db.session.commit()
    return digest


def clock_time(value: str) -> time:
    """Read a time such as `9:30` from a form. Raises `errors.Invalid`."""
    try:
        hour, _, minute = value.strip().partition(":")
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise errors.Invalid(f"“{value}” is no time; write one such as 9:30.") from error


def page_number() -> int:
    """Return which page of a long list was asked for; 1 where that is no number."""
    return max(1, request.args.get("page", 1, type=frame.number))


def say(sentence: str, kind: str = "ok", **values: object) -> None:
    """Put a sentence above the next page, in the page's language; an error's has its values in it. Kinds: ok, warn, bad."""
    t = frame.translate()
    flash(t(sentence, **values) if values else t.filled(sentence), kind)


def refill(template: str, error: errors.NewsletterError, **values: Any) -> Response:
    """Show a form again with what was typed and what was wrong with it; nothing of it was saved."""
    db.session.rollback()
    page = render_template(template, errors=frame.wrong(error), form=Typed(request.form), **values)
    return make_response(page, 422)


class Typed(Mapping[str, str]):
    """What a form shows: what was typed, else what is stored, else nothing."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def by_language(name: str, stored: Mapping[str, str]) -> dict[str, str]:
    """Spread stored texts over the fields `name-en`, `name-ja` … of a form."""
    return {f"{name}-{language}": text for language, text in stored.items()}
