"""Who there is, in which role."""

from sqlalchemy import select

from newsletter import mail
from newsletter.accounts import passwords
from newsletter.accounts.audit import audit
from newsletter.accounts.sessions import end_sessions
from newsletter.accounts.tables import Role, User, new_user
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NotFound


def allowed(user: User | None, role: Role) -> bool:
    """Tell whether `user` may do what `role` may."""
    return user is not None and user.active and user.role.rank >= role.rank


def people() -> list[User]:
    """Return everybody, active first, in the order of their addresses."""
    return list(db.session.scalars(select(User).order_by(User.active.desc(), User.email_key)))


def user(user_id: int) -> User:
    """Return one person. Raises `NotFound`."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def by_email(email: str) -> User | None:
    """Return the person with an address, in whatever letters it is written."""
    return db.session.scalar(select(User).where(User.email_key == key_of(email)))


def key_of(email: str) -> str:
    """Return what an address is compared by, in whatever letters it is written; also of what is no address."""
    try:
        return mail.read_address(email).key
    except Invalid:
        return email.strip().casefold()


def add(
    email: str,
    role: Role,
    password: str | None = None,
    *,
    name: str = "",
    language: str = "en",
    by: User | None = None,
) -> User:
    """Add a person; without a password they choose one through a link. Raises `Invalid`."""
    email = mail.read_address(email).email
    if by_email(email):
        raise Invalid(f"{email} is among your people already.", "email")
    hashed = passwords.make(password) if password is not None else None
    added = new_user(
        email=email,
        role_name=Role(role),
        password_hash=hashed,
        name=_on_one_line(name),
        language=language,
    )
    db.session.add(added)
    db.session.flush()
    audit(by, "added a person", f"{email}, {added.role}")
    return added


def change_role(user: User, role: Role, *, by: User | None = None) -> None:
    """Give a person another role. Raises `Conflict` where no active owner would remain."""
    if user.role is role:
        return
    _keep_an_owner(user)
    audit(by, "changed a role", f"{user.email}: {user.role} → {role}")
    user.role_name = role
    db.session.flush()


def deactivate(user: User, *, by: User | None = None) -> None:
    """Let a person in no more; their sessions end. Raises `Conflict` where no active owner would remain."""
    if not user.active:
        return
    _keep_an_owner(user)
    user.active = False
    end_sessions(user)
    audit(by, "deactivated a person", user.email)
    db.session.flush()


def activate(user: User, *, by: User | None = None) -> None:
    """Let a person in again, with the password they had."""
    if not user.active:
        user.active = True
        audit(by, "activated a person", user.email)
        db.session.flush()


def change_name(user: User, name: str) -> None:
    """Change what a person is called."""
    user.name = _on_one_line(name)
    db.session.flush()


def change_language(user: User, language: str) -> None:
    """Change the language a person is written to in."""
    user.language = language
    db.session.flush()


def _keep_an_owner(leaving: User) -> None:
    if leaving.role is not Role.OWNER or not leaving.active:
        return
    owners = select(User.id).where(User.role_name == Role.OWNER, User.active)
    if set(db.session.scalars(owners.with_for_update())) <= {
        leaving.id
    }:  # locked, or two could leave at once
        raise Conflict("One active owner has to remain. Make somebody else an owner first.")


def _on_one_line(name: str) -> str:
    """Return a name fit to stand in the head of a letter: with a line break in it none would ever be delivered."""
    return "".join(sign for sign in " ".join(name.split()) if sign.isprintable())[:200]
