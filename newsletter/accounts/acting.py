"""Who acts in the session at hand: what a domain function writes down about its doer without being handed one."""

from newsletter.accounts.tables import User
from newsletter.database import db

_WHO = "acting"


def act_as(user: User | None) -> None:
    """Say who acts from now on, until the session of this request or test ends; nobody: the service itself."""
    db.session().info[_WHO] = user.id if user else None


def acting() -> int | None:
    """Return the number of the person who acts; nothing where the service itself does, or a command."""
    number: int | None = db.session().info.get(_WHO)
    return number
