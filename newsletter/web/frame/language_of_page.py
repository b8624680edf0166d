"""The language of the page: what the link says, else the person's own, else the browser's choice among the publication's."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, has_request_context, request

from newsletter import languages, settings


def install(app: Flask) -> None:
    """Begin each request without a language, and let the one that a link chose travel on."""
    app.before_request(_forget_language)
    app.url_defaults(_keep_language)


def language() -> str:
    """Return the language of this page."""
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


def speak_unless_asked(own: str) -> None:
    """Let the rest of this page be in a person's own language, unless the link asks for another."""
    language()
    if not g.language_in_link:
        speak(own)


def translate() -> languages.Translate:
    """Return the translator of this page's language."""
    return languages.translator(language())


def here(**changes: Any) -> str:
    """Return the address of this very page with some of its query changed, such as `here(page=2)`; `[]` takes a part out."""
    query = urlencode(request.args.to_dict(flat=False) | changes, doseq=True)
    path = quote(request.script_root + request.path)
    return f"{path}?{query}" if query else path


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" and has_request_context() and g.get("language_in_link"):
        values.setdefault("language", g.language)


def _forget_language() -> None:
    """Begin each request without the language of an earlier one, should they share a context."""
    g.pop("language", None)
    g.pop("language_in_link", None)
