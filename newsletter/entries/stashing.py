"""Keeps what was handed in for import until somebody has seen what it holds and says yes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from newsletter import clock
from newsletter.database import db
from newsletter.entries.tables import Stash
from newsletter.errors import NotFound
from newsletter.fetching import Fetched

_KEPT = timedelta(hours=6)


def stash(handed: Fetched, name: str, options: dict[str, Any]) -> Stash:
    """Keep bytes for a few hours, with what was chosen for them; what is older goes."""
    db.session.execute(delete(Stash).where(Stash.created_at < clock.now() - _KEPT))
    kept = Stash(
        name=name[:300], url=handed.url, media_type=handed.content_type, data=handed.data, options=options
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def stashed(stash_id: int) -> tuple[Stash, Fetched]:
    """Return what was kept. Raises `NotFound` once it is gone."""
    kept = db.session.scalar(select(Stash).options(undefer(Stash.data)).where(Stash.id == stash_id))
    if kept is None:
        raise NotFound("This import was finished, or is older than six hours. Hand the file in again.")
    db.session.expunge(kept)  # it is only looked at, and may be gone from the table before that is over
    return kept, Fetched(kept.url, kept.data, kept.media_type)


def unstash(stash_id: int) -> None:
    """Forget what was kept."""
    db.session.execute(delete(Stash).where(Stash.id == stash_id))
