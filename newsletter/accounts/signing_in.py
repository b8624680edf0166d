"""Proving who one is, and staying signed in."""

import secrets

from newsletter import clock
from newsletter.accounts import passwords
from newsletter.accounts.audit import audit
from newsletter.accounts.people import by_email
from newsletter.accounts.tables import User
from newsletter.database import db
from newsletter.errors import Invalid, NotAllowed


def sign_in(email: str, password: str) -> User:
    """Return the person whom address and password fit. Raises `NotAllowed`, alike for whatever was wrong."""
    found = by_email(email)
    fits = passwords.fits(found.password_hash if found else None, password)
    if found is None or not fits or not found.active:
        audit(None, "refused a sign-in", email.strip()[:320])
        raise NotAllowed("The address and the password do not fit together.")
    if found.password_hash and passwords.is_stale(found.password_hash):
        found.password_hash = passwords.make(password)
    found.signed_in_at = clock.now()
    audit(found, "signed in")
    db.session.flush()
    return found


def session_key(user: User) -> str:
    """Return what a session carries to say whose it is; good until the password changes."""
    return f"{user.id}.{user.session_secret}"


def user_of_session(key: object) -> User | None:
    """Return the active person a session belongs to, or nobody."""
    number, _, secret = str(key or "").partition(".")
    found = db.session.get(User, int(number)) if number.isascii() and number.isdecimal() else None
    if found is None or not found.active or not secrets.compare_digest(found.session_secret, secret):
        return None
    return found


def change_password(user: User, old: str, new: str) -> None:
    """Change one's own password, which ends every session. Raises `Invalid`."""
    if not passwords.fits(user.password_hash, old):
        raise Invalid("That is not your present password.", "old")
    set_password(user, new)


def set_password(user: User, password: str) -> None:
    """Set a password and end every session and link of the person. Raises `Invalid`."""
    user.password_hash = passwords.make(password)
    user.session_secret = secrets.token_hex(16)
    audit(user, "set a password")
    db.session.flush()
