"""Words that only the public pages need of a language other than their own."""

from collections.abc import Sequence
from datetime import datetime

from newsletter import languages, settings
from newsletter.web import frame
from newsletter.web.public import blueprint


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
    """Label a text that stands in another language than the page: `Japanese only`."""
    return languages.only_in(shown, frame.language())


@blueprint.app_template_filter("written_in")
def written_in(offered: Sequence[str]) -> str:
    """Say in which languages something appears: `in English and Japanese`."""
    names = [languages.language_name(code, frame.language()) for code in offered]
    return frame.translate()("in %(languages)s", languages=languages.write_list(names, frame.language()))
