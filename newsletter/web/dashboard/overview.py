"""The first page: one sentence that says what is going on, then what stands behind it."""

from collections.abc import Iterator

from flask import current_app, render_template, url_for
from werkzeug.routing import Rule

from newsletter import clock, insights, languages, settings
from newsletter.accounts import Role
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint

_REMEDIES = {
    "issue": ("issue", "issues"),
    "sending": ("sending", "issues"),
    "source": ("sources", "entries"),
    "entry": ("entry", "entries"),
    "correction": ("correction", "issues"),
    "relay": ("mail_settings",),
    "list": ("lists",),
    "publication": ("settings",),
}


@blueprint.get("/")
@guard.needs(Role.VIEWER)
def overview() -> str:
    """Answer what is going on."""
    publication = settings.publication()
    return render_template(
        "dashboard/overview.html",
        today=clock.now().astimezone(publication.zone).date(),
        seen=insights.overview(frame.language()),
        place=languages.place_of(publication.timezone, frame.language()),
        remedy=lambda need: _page(*_REMEDIES.get(need.about, ()), number=need.number),
        issue_url=lambda number: _page("issue", "issues", number=number),
        sending_url=lambda number: _page("sending", "issues", number=number),
        entry_url=lambda event: _page("entry", "entries", number=event.entry_id),
    )


def _page(*names: str, number: int | None) -> str:
    """Return the address of the first of these pages that there is, with the number it asks for."""
    for name in names:
        rule = next(_rules(f"dashboard.{name}"), None)
        if rule is None or (rule.arguments and number is None):
            continue
        return url_for(f"dashboard.{name}", **dict.fromkeys(rule.arguments, number))
    return url_for("dashboard.overview")


def _rules(endpoint: str) -> Iterator[Rule]:
    known = endpoint in current_app.view_functions
    return current_app.url_map.iter_rules(endpoint) if known else iter(())
