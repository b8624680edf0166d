"""The tables of the people who run the service."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock, mail
from newsletter.database import Model, UTCDateTime


class Role(StrEnum):
    """What a person may do; each role may do all that the ones after it may."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def rank(self) -> int:
        """How much the role may: the higher, the more."""
        return {Role.OWNER: 3, Role.EDITOR: 2, Role.VIEWER: 1}[self]


class User(Model):
    """A person who runs the service."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    """The address as it is compared: in small letters."""
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    role_name: Mapped[str] = mapped_column("role", String(10))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Empty until the person has chosen a password."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def role(self) -> Role:
        """What the person may do."""
        return Role(self.role_name)

    @property
    def called(self) -> str:
        """The name, or the address where no name was given."""
        return self.name or self.email


class Session(Model):
    """One browser that a person signed in with; the row goes when they sign out there."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class AuditRecord(Model):
    """One thing that somebody did; written once, never changed."""

    __tablename__ = "audit_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str] = mapped_column(String(320))
    """The person's address at that time; empty where the service itself acted."""
    what: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(400), default="")


def new_user(**columns: Any) -> User:
    """Return a row with its key and time filled in."""
    return User(email_key=mail.Address(columns["email"]).key, created_at=clock.now(), **columns)
