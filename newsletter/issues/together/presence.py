"""Who else is at an issue now, and in which block: each open page says so every few seconds.

A page that only says the same again is written down every `WRITTEN_EVERY` alone, so that a look costs no writing most
times; one that is silent for `GONE_AFTER` is gone, as is one that says goodbye. Pages ask rather than being held on to by
server-sent events: an open stream would keep one of a web process's few threads for as long as somebody writes.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select

from newsletter.accounts import User
from newsletter.database import db, insert, moment
from newsletter.issues.together.presence_tables import Presence

WRITTEN_EVERY = timedelta(seconds=5)
GONE_AFTER = timedelta(seconds=12)
_LONGEST = 40


@dataclass(frozen=True)
class Here:
    """Somebody at an issue, and the blocks in which their cursors are."""

    user_id: int
    called: str
    blocks: tuple[str, ...]


def be_here(issue_id: int, person: User, page: str, block_id: str = "") -> None:
    """Say that a page of a person is open at an issue, with the cursor in a block or in none."""
    connection = db.session.connection()
    values = {"issue_id": issue_id, "user_id": person.id, "page": page[:_LONGEST]}
    row = insert(Presence).values(**values, block_id=block_id[:_LONGEST], seen_at=moment(connection))
    stale = Presence.seen_at < moment(connection, -WRITTEN_EVERY)
    again = row.on_conflict_do_update(
        index_elements=["issue_id", "user_id", "page"],
        set_={"block_id": row.excluded.block_id, "seen_at": row.excluded.seen_at},
        where=or_(stale, Presence.block_id != row.excluded.block_id),
    )
    db.session.execute(again)


def leave(issue_id: int, person: User, page: str) -> None:
    """Say that a page is closed."""
    mine = delete(Presence).where(Presence.issue_id == issue_id, Presence.user_id == person.id)
    db.session.execute(mine.where(Presence.page == page[:_LONGEST]))


def who_is_here(issue_id: int, besides: User) -> list[Here]:
    """Return who else is at an issue now, in the order of their names."""
    since = moment(db.session.connection(), -GONE_AFTER)
    query = (
        select(User.id, User.name, User.email, Presence.block_id)
        .join(Presence, Presence.user_id == User.id)
        .where(Presence.issue_id == issue_id, Presence.seen_at > since, User.id != besides.id, User.active)
        .order_by(User.name, User.id)
    )
    found: dict[int, tuple[str, set[str]]] = {}
    for number, name, email, block_id in db.session.execute(query):
        found.setdefault(number, (name or email, set()))[1].add(block_id)
    return [Here(number, called, tuple(sorted(blocks - {""}))) for number, (called, blocks) in found.items()]


def forget_who_was_here() -> None:
    """Drop the rows of pages that are gone."""
    before = moment(db.session.connection(), -GONE_AFTER)
    db.session.execute(delete(Presence).where(Presence.seen_at < before))
