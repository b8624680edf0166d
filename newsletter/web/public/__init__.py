"""The public site: what anybody may read, and what readers do with their subscriptions.

Every GET and HEAD here changes nothing, because mail scanners and robots open every link.
"""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from newsletter.web.public import feeds, filters, site  # noqa: E402, F401 - their views register themselves

__all__ = ["blueprint"]
