"""Links by mail that let a person choose a password: after forgetting the old one, or when invited."""

from datetime import timedelta
from hashlib import sha256

from newsletter import settings
from newsletter.accounts import letters
from newsletter.accounts.audit import audit
from newsletter.accounts.people import add, by_email
from newsletter.accounts.signing_in import set_password, welcome
from newsletter.accounts.tables import Role, User
from newsletter.database import db
from newsletter.errors import Conflict, Expired
from newsletter.tokens import Purpose

RESET_AGE = timedelta(hours=2)
INVITATION_AGE = timedelta(days=7)
_USED = "This link was used already, or a newer one was sent. Ask for a fresh one."


def request_reset(email: str, language: str) -> None:
    """Mail the person with this address a link; where nobody has it, take as long and say nothing else."""
    found = by_email(email)
    if found is None or not found.active:
        letters.rehearse_reset(language)
        return
    letters.post_reset(found, _link(found), found.language or language)
    audit(found, "asked for a password link")


def invite(email: str, role: Role, *, by: User | None, name: str = "", language: str = "en") -> User:
    """Add a person and mail them a link to choose a password; `by` nobody: the console. Raises `Invalid`."""
    invited = add(email, role, name=name, language=language, by=by)
    letters.post_invitation(invited, _link(invited), by)
    return invited


def invite_again(user: User, *, by: User) -> None:
    """Mail a person who has no password yet another link; the one before stays good until it is used."""
    if user.password_hash is not None:
        raise Conflict(f"{user.email} has a password already.")
    letters.post_invitation(user, _link(user), by)
    audit(by, "invited a person again", user.email)


def person_of_link(token: str) -> User:
    """Return whom a link was made for. Raises `Damaged` or `Expired`."""
    user_id, mark = settings.tokens().read(Purpose.RESET, token, max_age=INVITATION_AGE)
    found = db.session.get(User, user_id)
    if found is None or not found.active or mark != _mark(found):
        raise Expired(_USED)
    if found.password_hash is not None:
        settings.tokens().read(Purpose.RESET, token, max_age=RESET_AGE)
    return found


def answer_reset(token: str, password: str, *, language: str | None = None) -> User:
    """Set the password that a link allows, which uses the link up. Raises `Damaged`, `Expired`, `Invalid`.

    `language` is what the browser asks for; whoever comes in for the first time is given it.
    """
    person = person_of_link(token)
    db.session.refresh(person, with_for_update=True)  # whoever uses the link at the same time finds it used
    person = person_of_link(token)
    set_password(person, password)
    welcome(person, language)
    return person


def _link(user: User) -> str:
    token = settings.tokens().make(Purpose.RESET, user.id, _mark(user))
    return settings.url(f"/dashboard/reset/{token}")


def _mark(user: User) -> int:
    """Bind a link to the password it was made under: a change of that uses it up."""
    return int.from_bytes(sha256(str(user.password_hash).encode()).digest()[:6])
