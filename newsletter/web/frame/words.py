"""The words that every template may use: sentences in the page's language, dates and numbers as it writes them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from newsletter import clock, languages, settings
from newsletter.web import drawing
from newsletter.web.frame.language_of_page import here, language, translate


def install(app: Flask) -> None:
    """Teach the templates of an application their words."""
    app.context_processor(_page_words)
    app.jinja_env.globals.update(
        now=clock.now,
        absolute=settings.url,
        here=here,
        switch_url=_switch_url,
        language_names=languages.NAMES,
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
        "said": lambda sentence: translate().filled(sentence),
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


def _switch_url(other: str) -> str:
    """Return this page's address in another language."""
    return here(language=other)


def _date(value: date | datetime, *, weekday: bool = True, year: bool = True) -> str:
    day = value.astimezone(settings.publication().zone).date() if isinstance(value, datetime) else value
    return languages.write_date(day, language(), weekday=weekday, year=year)


def _moment(value: datetime, zone: str | None = None) -> str:
    return languages.write_moment(value, zone or settings.publication().timezone, language())
