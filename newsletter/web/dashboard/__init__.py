"""The dashboard: where the people who publish see what is going on, and act.

Promises that no page is shown to anybody who may not see it: each view says whom it is for, and one that says nothing is
refused (`guard`). Each module adds its pages to the one blueprint.
"""

from flask import Flask

from newsletter.web import frame
from newsletter.web.dashboard import (
    account,
    composing,
    dates,
    entries,
    guard,
    inbox,
    overview,
    sending,
    settings,
    sign_in,
    subscribers,
)
from newsletter.web.dashboard.desk import blueprint

PAGES = (
    sign_in,
    account,
    overview,
    inbox,
    subscribers,
    *composing.PAGES,
    *sending.PAGES,
    *entries.PAGES,
    *settings.PAGES,
)
"""The modules of pages; importing them is what adds their views."""

__all__ = ["PAGES", "blueprint", "guard", "install"]


def install(app: Flask) -> None:
    """Set what the dashboard needs of the application."""
    frame.show_trouble_below(app, "/dashboard", "dashboard/error.html", guard.words_of_whoever_is_there)
    sign_in.install(app)
    dates.install(app)
