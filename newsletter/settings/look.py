"""How the publication's mail looks, and a list's where it looks otherwise: what was chosen, and what letters then wear.

Letters that were sent keep the look they had: it was frozen with them.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import rendering
from newsletter.database import Json, Model, db
from newsletter.errors import Invalid
from newsletter.settings.installation import url
from newsletter.settings.own_themes import OwnTheme, ThemeVersion, own_theme_in_use, usable_themes

_OWN = "own-"
_PUBLICATION = 0
_WIDEST_ALT = 200


@dataclass(frozen=True)
class KeptLogo:
    """A logo by the digests of its stored pictures; `dark` is empty where one serves for both schemes."""

    digest: str
    width: int
    height: int
    dark: str = ""
    alts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChosenLook:
    """What was chosen: `theme` is a built-in one, or `own-3` for the third that was written here."""

    theme: str = "letter"
    accent: str = ""
    ground: str = ""
    faces: rendering.Faces = field(default_factory=rendering.Faces)
    logo: KeptLogo | None = None


class _LookRow(Model):
    __tablename__ = "looks"

    list_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The list that looks like this; 0 for the publication."""
    document: Mapped[dict[str, Any]] = mapped_column(Json)


def chosen_look(list_id: int = _PUBLICATION) -> ChosenLook:
    """Return what was chosen for a list, else for the publication, else the plain look."""
    row = _row(list_id) or _row(_PUBLICATION)
    return _read(row.document) if row else ChosenLook()


def has_own_look(list_id: int) -> bool:
    """Tell whether a list looks otherwise than the publication."""
    return _row(list_id) is not None


def look(list_id: int = _PUBLICATION) -> rendering.Look:
    """Return what letters of a list wear now; service mail wears the publication's."""
    return as_worn(chosen_look(list_id))


def as_worn(chosen: ChosenLook) -> rendering.Look:
    """Return what letters would wear. A theme that is gone or not in use gives way to the one it was made from."""
    own, base = None, chosen.theme
    if chosen.theme.startswith(_OWN):
        found = own_theme_in_use(int(chosen.theme.removeprefix(_OWN)))
        base = found.base if found else "letter"
        own = rendering.OwnTheme(found.title, found.source) if found and found.source else None
    return rendering.Look(base, chosen.accent, chosen.ground, chosen.faces, _logo(chosen.logo), own)


def change_look(chosen: ChosenLook, list_id: int = _PUBLICATION) -> None:
    """Choose a look. Raises `Invalid` with the field where a colour would make something hard to read."""
    chosen = with_colours_read(chosen)
    if chosen.theme not in usable_themes():
        raise Invalid("There is no such theme. Choose one of those on this page.", "theme")
    for trouble in rendering.judge(as_worn(chosen)):
        raise Invalid(f"{trouble.what} The nearest that reads well is {trouble.nearest}.", trouble.field)
    _check_logo(chosen)
    row = _row(list_id)
    if row is None:
        db.session.add(_LookRow(list_id=list_id, document=asdict(chosen)))
    else:
        row.document = asdict(chosen)
    db.session.flush()


def drop_look(list_id: int) -> None:
    """Let a list look as the publication does."""
    row = _row(list_id)
    if row is not None and list_id != _PUBLICATION:
        db.session.delete(row)
        db.session.flush()


def remove_own_theme(theme: OwnTheme) -> None:
    """Remove a theme with all its versions. Raises `Invalid` while a look names it."""
    looks = db.session.scalars(select(_LookRow)).all()
    if any(row.document.get("theme") == theme.key for row in looks):
        raise Invalid("Mail looks like this now. Choose another theme for it before you remove this one.")
    db.session.execute(delete(ThemeVersion).where(ThemeVersion.theme_id == theme.id))
    db.session.delete(theme)
    db.session.flush()


def with_colours_read(chosen: ChosenLook) -> ChosenLook:
    """Return a choice with its colours as `#rrggbb`. Raises `Invalid` with the field of one that is none."""
    return replace(chosen, accent=_colour(chosen.accent, "accent"), ground=_colour(chosen.ground, "ground"))


def _colour(typed: str, name: str) -> str:
    colour = rendering.read_colour(typed) if typed else ""
    if colour is None:
        raise Invalid(f"“{typed}” is no colour. Write one such as #17497b.", name)
    return colour


def _check_logo(chosen: ChosenLook) -> None:
    for language, words in chosen.logo.alts.items() if chosen.logo else ():
        if len(words) > _WIDEST_ALT:
            raise Invalid("Say what the logo shows in 200 characters or fewer.", f"alt-{language}")


def _logo(kept: KeptLogo | None) -> rendering.Logo | None:
    if kept is None:
        return None
    dark = url(f"/images/{kept.dark}") if kept.dark else ""
    return rendering.Logo(
        url(f"/images/{kept.digest}"), kept.width, kept.height, dark, tuple(kept.alts.items())
    )


def _row(list_id: int) -> _LookRow | None:
    row = db.session.get(_LookRow, list_id)
    db.session.info["look", list_id] = (
        row  # held, or the session's weak memory asks the database at each call
    )
    return row


def _read(document: dict[str, Any]) -> ChosenLook:
    logo = document.get("logo")
    return ChosenLook(
        theme=document.get("theme", "letter"),
        accent=document.get("accent", ""),
        ground=document.get("ground", ""),
        faces=rendering.Faces(**document.get("faces", {})),
        logo=KeptLogo(**logo) if logo else None,
    )
