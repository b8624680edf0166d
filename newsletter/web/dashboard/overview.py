"""The first page: one sentence that says what is going on, then what stands behind it."""

from typing import Any

from flask import render_template, url_for

from newsletter import accounts, clock, insights, languages, settings
from newsletter.accounts import Role
from newsletter.insights import About, Need
from newsletter.web import frame
from newsletter.web.dashboard import dates, guard
from newsletter.web.dashboard.desk import blueprint

_REMEDIES = {
    About.ISSUE: ("dashboard.issue", "issue_id"),
    About.SENDING: ("dashboard.sending", "issue_id"),
    About.CORRECTION: ("dashboard.correction", "number"),
    About.SOURCE: ("dashboard.sources", None),
    About.RELAY: ("dashboard.mail_settings", None),
    About.SIGNING: ("dashboard.signing", None),
    About.LIST: ("dashboard.new_list", None),
    About.PUBLICATION: ("dashboard.settings", None),
}
"""Where to set right what needs somebody, by what it is about, and what that page calls its number."""


@blueprint.get("/")
@guard.needs(Role.VIEWER)
def overview() -> str:
    """Answer what is going on."""
    for_owner = accounts.allowed(guard.person(), Role.OWNER)
    publication, seen = settings.publication(), insights.overview(frame.language(), for_owner=for_owner)
    points = seen.growth.points if seen.growth else ()
    return render_template(
        "dashboard/overview.html",
        today=clock.now().astimezone(publication.zone).date(),
        seen=seen,
        growth_line=[(dates.month(point.month), point.confirmed) for point in points],
        place=languages.place_of(publication.timezone, frame.language()),
        remedy=_remedy,
    )


def _remedy(need: Need) -> str:
    endpoint, number = _REMEDIES[need.about]
    values: dict[str, Any] = {number: need.number} if number else {}
    return url_for(endpoint, **values)
