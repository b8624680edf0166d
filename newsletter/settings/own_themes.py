"""Themes that the organisation wrote itself: every version is kept, and one that works may be in use.

The newest version is the draft. What letters wear is the version that was put in use, so a draft half written changes
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock, rendering
from newsletter.database import Model, UTCDateTime, db
from newsletter.errors import Invalid, NotFound

MOST_VERSIONS = 200
"""The versions of a theme that are kept; the oldest that is not in use gives way."""
_LONGEST_TITLE = 60


class OwnTheme(Model):
    """A theme that was written here. `base` is the built-in one it began as, which stands in where it fails."""

    __tablename__ = "own_themes"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    base: Mapped[str]
    in_use: Mapped[int | None]
    """The number of the version that letters wear; none while it is a draft only."""

    @property
    def key(self) -> str:
        """How a look names it."""
        return f"own-{self.id}"


class ThemeVersion(Model):
    """What a theme was when somebody saved it."""

    __tablename__ = "theme_versions"
    __table_args__ = (UniqueConstraint("theme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("own_themes.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class InUse:
    """A theme of one's own as letters wear it; without a source none of its versions is in use."""

    title: str
    base: str
    source: str


def own_themes() -> Sequence[OwnTheme]:
    """Return the themes that were written here, by title."""
    return db.session.scalars(select(OwnTheme).order_by(OwnTheme.title, OwnTheme.id)).all()


def own_theme(theme_id: int) -> OwnTheme:
    """Return one theme. Raises `NotFound`."""
    found = db.session.get(OwnTheme, theme_id)
    if found is None:
        raise NotFound("There is no such theme.")
    return found


def own_theme_in_use(theme_id: int) -> InUse | None:
    """Return what letters wear of a theme; nothing where there is no such theme."""
    found = db.session.get(OwnTheme, theme_id)
    if found is None:
        return None
    version = _version(found, found.in_use) if found.in_use else None
    return InUse(found.title, found.base, version.source if version else "")


def usable_themes() -> list[str]:
    """Return the keys of all themes that a look may name."""
    return [*rendering.MANNERS, *(theme.key for theme in own_themes() if theme.in_use)]


def add_own_theme(title: str, base: str, by: str = "") -> OwnTheme:
    """Begin a theme as a copy of a built-in one. Raises `Invalid`."""
    if base not in rendering.MANNERS:
        raise Invalid("Choose the theme to begin with.", "base")
    theme = OwnTheme(title=_title(title), base=base, in_use=None)
    db.session.add(theme)
    db.session.flush()
    save_version(theme, rendering.source_of(base), by)
    return theme


def rename_own_theme(theme: OwnTheme, title: str) -> None:
    """Call a theme otherwise. Raises `Invalid`."""
    theme.title = _title(title)


def versions(theme: OwnTheme) -> Sequence[ThemeVersion]:
    """Return the versions of a theme, the newest first."""
    return db.session.scalars(
        select(ThemeVersion).where(ThemeVersion.theme_id == theme.id).order_by(ThemeVersion.number.desc())
    ).all()


def version(theme: OwnTheme, number: int | None = None) -> ThemeVersion:
    """Return a version of a theme, the newest where none is told. Raises `NotFound`."""
    newest = db.session.scalar(select(func.max(ThemeVersion.number)).where(ThemeVersion.theme_id == theme.id))
    found = _version(theme, number or newest or 0)
    if found is None:
        raise NotFound("There is no such version.")
    return found


def save_version(theme: OwnTheme, source: str, by: str = "") -> ThemeVersion:
    """Keep a draft; the same as the newest is not kept twice. Raises `Invalid` where it is too long to be a theme."""
    source = source.replace("\r\n", "\n")
    if len(source.encode()) > rendering.LONGEST_THEME:
        raise Invalid("A theme may have 200 kB. Take out what it does not need.", "source")
    kept = versions(theme)
    if kept and kept[0].source == source:
        return kept[0]
    number = kept[0].number + 1 if kept else 1
    made = ThemeVersion(theme_id=theme.id, number=number, source=source, saved_at=clock.now(), saved_by=by)
    db.session.add(made)
    for old in [one for one in kept if one.number != theme.in_use][MOST_VERSIONS - 1 :]:
        db.session.delete(old)
    db.session.flush()
    return made


def use_version(theme: OwnTheme, number: int) -> None:
    """Let letters wear a version from now on. Raises `Invalid` unless it sets every sample in every language."""
    chosen = version(theme, number)
    faults = rendering.try_theme(chosen.source, theme.base)
    if faults:
        raise Invalid("This version cannot be used yet. Mend what stands beside it.", "source")
    theme.in_use = chosen.number
    db.session.flush()


def _version(theme: OwnTheme, number: int) -> ThemeVersion | None:
    return db.session.scalar(
        select(ThemeVersion).where(ThemeVersion.theme_id == theme.id, ThemeVersion.number == number)
    )


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > _LONGEST_TITLE:
        raise Invalid("Give the theme a name of 1 to 60 characters.", "title")
    return title
