"""Proving who one is with a password, and changing it."""

from newsletter import clock
from newsletter.accounts import passwords
from newsletter.accounts.audit import audit
from newsletter.accounts.people import by_email
from newsletter.accounts.sessions import end_sessions
from newsletter.accounts.tables import User
from newsletter.database import db
from newsletter.errors import Invalid, NotAllowed


def sign_in(email: str, password: str, *, language: str | None = None) -> User:
    """Return the person whom address and password fit. Raises `NotAllowed`, alike for whatever was wrong.

    `language` is what their browser asks for: it becomes theirs at their first sign-in, and is theirs to change afterwards.
    """
    found = by_email(email)
    fits = passwords.fits(found.password_hash if found else None, password)
    if found is None or not fits or not found.active:
        audit(None, "refused a sign-in", email.strip()[:320])
        raise NotAllowed("The address and the password do not fit together.")
    if found.password_hash and passwords.is_stale(found.password_hash):
        found.password_hash = passwords.make(password)
    welcome(found, language)
    audit(found, "signed in")
    db.session.flush()
    return found


def welcome(user: User, language: str | None) -> None:
    """Write down that a person came in, the first time also in which language."""
    if user.signed_in_at is None and language:
        user.language = language
    user.signed_in_at = clock.now()


def change_password(user: User, old: str, new: str) -> None:
    """Change one's own password, which ends every session. Raises `Invalid`."""
    if not passwords.fits(user.password_hash, old):
        raise Invalid("That is not your present password.", "old")
    set_password(user, new)


def set_password(user: User, password: str) -> None:
    """Set a password and end every session and link of the person. Raises `Invalid`."""
    user.password_hash = passwords.make(password)
    end_sessions(user)
    audit(user, "set a password")
    db.session.flush()
