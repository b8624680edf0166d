"""The one place where the parts are put together.

Promises an application whose settings were checked, whose database engine is prepared, and whose pages, guards and error
pages stand. Hides the order in which that must happen.
"""

from newsletter.app.assembly import create_app
from newsletter.app.migrations import migrate, revise

__all__ = ["create_app", "migrate", "revise"]
