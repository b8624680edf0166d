"""Words that only the public pages need of a language other than their own."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import request

from newsletter import languages, settings
from newsletter.web import frame
from newsletter.web.public import blueprint

_TELLING = ("kind", "topic", "list", "when", "page")
"""What in a query makes another page of one."""


@blueprint.app_template_filter("issue_number")
def issue_number(number: int, language: str) -> str:
    """Write which issue it is, in the language of the issue."""
    return languages.write_issue_number(number, language)


@blueprint.app_template_filter("date_in")
def date_in(moment: datetime, language: str) -> str:
    """Write the day of a moment in a language, on the publication's clocks."""
    day = moment.astimezone(settings.publication().zone).date()
    return languages.write_date(day, language, weekday=language == "ja")


@blueprint.app_template_filter("only")
def only(shown: str) -> str:
    """Label a text that stands in another language than the page: `Japanese only`; empty where it is the same."""
    return languages.only_in(shown, frame.language()) if shown != frame.language() else ""


@blueprint.app_template_filter("languages_in_words")
def languages_in_words(offered: Sequence[str]) -> str:
    """Name languages in the page's own, which comes first: `English and Japanese`."""
    page = frame.language()
    own_first = sorted(offered, key=lambda code: code != page)
    return languages.write_list([languages.language_name(code, page) for code in own_first], page)


@blueprint.app_template_global("own_address")
def own_address(language: str) -> str:
    """Return the address by which search engines should know this page in a language, without what others hang on it."""
    said = {name: request.args[name] for name in _TELLING if request.args.get(name)}
    return settings.url(f"{quote(request.path)}?{urlencode(said | {'language': language})}")


@blueprint.app_template_global("page_language")
def page_language() -> str:
    """Return the language of the page, which imported macros cannot see by themselves."""
    return frame.language()
