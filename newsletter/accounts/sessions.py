"""Who is signed in with which browser: a row for each, so that a copy of its cookie is worth nothing once it has ended."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select

from newsletter import clock
from newsletter.accounts.audit import audit
from newsletter.accounts.tables import Session, User
from newsletter.database import db

LONGEST = timedelta(days=90)
"""However often somebody comes by: after so long they prove anew who they are."""


def begin_session(user: User) -> str:
    """Begin a session of a person and return its key for their browser to carry; only its hash is kept here."""
    key = secrets.token_urlsafe(24)
    over = Session.begun_at <= clock.now() - LONGEST
    db.session.execute(delete(Session).where(Session.user_id == user.id, over))
    db.session.add(Session(key_hash=_hash(key), user_id=user.id))
    db.session.flush()
    return key


def user_of_session(key: object) -> User | None:
    """Return the active person a session belongs to, or nobody."""
    if not isinstance(key, str):
        return None
    good = (Session.key_hash == _hash(key)) & (Session.begun_at > clock.now() - LONGEST) & User.active
    return db.session.scalar(select(User).join(Session).where(good))


def count_sessions(user: User) -> int:
    """Tell with how many browsers a person is signed in."""
    good = (Session.user_id == user.id) & (Session.begun_at > clock.now() - LONGEST)
    return db.session.scalar(select(func.count(Session.id)).where(good)) or 0


def end_session(key: object) -> None:
    """End one session, and with it every copy of its cookie."""
    if isinstance(key, str):
        db.session.execute(delete(Session).where(Session.key_hash == _hash(key)))


def sign_out_everywhere(user: User) -> None:
    """End every session of a person, at their own wish."""
    end_sessions(user)
    audit(user, "signed out everywhere")


def end_sessions(user: User) -> None:
    """End every session of a person."""
    db.session.execute(delete(Session).where(Session.user_id == user.id))


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()
