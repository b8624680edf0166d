"""What a process needs that serves pages or looks at every table; others import what they use, and start sooner."""

from flask import Flask

from newsletter import accounts, audience, delivery, entries, feedback, insights, issues, settings
from newsletter.app.logs import set_up_logs
from newsletter.web import dashboard, frame, public, watch

_TABLES = (
    accounts,
    audience,
    delivery,
    entries,
    feedback,
    insights,
    issues,
    settings,
)  # imported, so their tables are known


def install(app: Flask) -> None:
    """Give an application its pages, and its process the logs of a server."""
    set_up_logs()
    frame.install(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(dashboard.blueprint)
    app.register_blueprint(watch.blueprint)
    dashboard.install(app)
