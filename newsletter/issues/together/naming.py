"""Whom a comment names as `@Name`, and that it is noted for them."""

from sqlalchemy import delete, func, select

from newsletter import accounts
from newsletter.accounts import User
from newsletter.database import db, insert
from newsletter.issues.together.tables import Comment, CommentMention


def named_in(words: str) -> list[User]:
    """Return the people whom a text names as `@Name`, a name within a longer one left out."""
    rest = words.replace("＠", "@")  # as Japanese keyboards type it
    found = [one for one in accounts.people() if one.active and f"@{one.called}" in rest]
    return [one for one in found if not _only_within(one, found, rest)]


def _only_within(person: User, found: list[User], words: str) -> bool:
    """Tell whether a name stands there only as the beginning of a longer one."""
    for other in found:
        if other.called != person.called and other.called.startswith(person.called):
            words = words.replace(f"@{other.called}", "")
    return f"@{person.called}" not in words


def name(said: Comment, people: set[int]) -> None:
    """Note whom a comment names; who was told of it already is not told again."""
    gone = delete(CommentMention).where(
        CommentMention.comment_id == said.id, CommentMention.user_id.not_in(people)
    )
    db.session.execute(gone)
    for number in sorted(people):
        row = insert(CommentMention).values(comment_id=said.id, user_id=number)
        db.session.execute(row.on_conflict_do_nothing())


def mentions_of(person: User) -> list[Comment]:
    """Return the comments in open threads that name a person, the newest first."""
    first = select(Comment.id).where(Comment.thread_id.is_(None), Comment.resolved_at.is_(None))
    naming = select(CommentMention.comment_id).where(CommentMention.user_id == person.id)
    found = select(Comment).where(
        Comment.id.in_(naming), func.coalesce(Comment.thread_id, Comment.id).in_(first)
    )
    return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(20)))
