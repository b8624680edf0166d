"""The dashboard: where the people who publish see what is going on, and act.

Promises that no page is shown to anybody who may not see it: each view says whom it is for, and one that says nothing is
refused (`guard`). Each module adds its pages to the one blueprint.
"""

from flask import Flask

from newsletter.web import frame
from newsletter.web.dashboard import (
    account,
    corrections,
    dates,
    entries,
    entry_imports,
    guard,
    inbox,
    issue_approval,
    issue_checks,
    issue_comments,
    issue_editor,
    issue_history,
    issue_picker,
    issue_presence,
    issue_preview,
    issue_rich,
    issue_tests,
    issues,
    library,
    lists,
    look,
    mail_settings,
    overview,
    people,
    plain_words,
    readers_pages,
    rehearsal,
    review,
    rhythm,
    sending,
    sending_later,
    settings,
    sign_in,
    signing,
    sources,
    subscribers,
    workshop,
)
from newsletter.web.dashboard.desk import blueprint

PAGES = (
    account,
    corrections,
    entries,
    entry_imports,
    inbox,
    issue_checks,
    issue_approval,
    issue_comments,
    issue_editor,
    issue_history,
    issue_picker,
    issue_presence,
    issue_preview,
    issue_rich,
    issue_tests,
    issues,
    library,
    lists,
    look,
    mail_settings,
    overview,
    people,
    readers_pages,
    rehearsal,
    plain_words,
    review,
    rhythm,
    sending,
    sending_later,
    settings,
    sign_in,
    signing,
    sources,
    subscribers,
    workshop,
)
"""The modules of pages; importing them is what adds their views."""

__all__ = ["PAGES", "blueprint", "guard", "install"]


def install(app: Flask) -> None:
    """Set what the dashboard needs of the application."""
    frame.show_trouble_below(app, "/dashboard", "dashboard/error.html", guard.words_of_whoever_is_there)
    sign_in.install(app)
    dates.install(app)
