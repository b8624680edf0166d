"""The one blueprint of the dashboard, with the guard before it. Each module of pages imports it from here."""

from flask import Blueprint

from newsletter.web.dashboard import guard

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")
blueprint.before_request(guard.check)
blueprint.after_request(guard.keep_private)
blueprint.context_processor(guard.words)
