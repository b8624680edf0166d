"""What the editor of texts needs: how Markdown is set, by the same rules as the letter itself, and what is known of readers."""

from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, request

from newsletter import issues, languages
from newsletter.accounts import Role
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint


@blueprint.post("/issues/rich")
@guard.needs(Role.EDITOR)
def set_as_html() -> Response:
    """Answer each `text` of the form with its safe HTML, in the same order: `{"html": ["<p>…</p>"]}`."""
    texts = (text.replace("\r\n", "\n") for text in request.form.getlist("text"))
    return jsonify(html=[issues.rich(text) for text in texts])


def reader_places(t: languages.Translate, editions: Iterable[str]) -> list[dict[str, Any]]:
    """Say which places for readers' data a text can have: the name, and what stands for it by default in each edition."""
    fallbacks = {code: languages.translator(code)("dear reader") for code in editions}
    return [{"name": "name", "label": t("Reader’s name"), "fallbacks": fallbacks}]
