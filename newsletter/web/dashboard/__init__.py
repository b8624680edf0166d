"""The dashboard: where the people who publish see what is going on, and act.

Promises that no page is shown to anybody who may not see it: each view says whom it is for, and one that says nothing is
refused (`guard`). Each module adds its pages to the one blueprint.
"""

from flask import Flask

from newsletter.web.dashboard import account, guard, inbox, people, settings, sign_in
from newsletter.web.dashboard.desk import blueprint

__all__ = ["account", "blueprint", "guard", "inbox", "install", "people", "settings", "sign_in"]


def install(app: Flask) -> None:
    """Set what the dashboard needs of the application."""
    sign_in.install(app)
