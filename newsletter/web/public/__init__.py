"""The public site: what anybody may read, and what readers do with their subscriptions.

Every GET and HEAD here changes nothing, because mail scanners and robots open every link; a counted link of a mail only
notes that somebody came by.
"""

from flask import Blueprint

from newsletter.web import frame

blueprint = Blueprint("public", __name__)
# Its forms stand on other sites too; a signed link, or the mail that is asked for, guards what they do.
frame.csrf.exempt(blueprint)

from newsletter.web.public import (  # noqa: E402 - they register their views
    choices,  # noqa: F401
    clicks,  # noqa: F401
    embed,  # noqa: F401
    feeds,  # noqa: F401
    filters,  # noqa: F401
    leaving,  # noqa: F401
    readers,  # noqa: F401
    site,  # noqa: F401
)

__all__ = ["blueprint"]
