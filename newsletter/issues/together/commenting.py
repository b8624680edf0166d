"""Comments on an issue and its blocks: threads that are answered, resolved and opened again, by those who may edit.

Who writes may reword and take back what is theirs. Whom a comment names as `@Name` is told by mail, see `comment_mail`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from newsletter import accounts, clock, rendering
from newsletter.accounts import Role, User
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NotAllowed, NotFound
from newsletter.issues.blocks import Block
from newsletter.issues.composing import rich
from newsletter.issues.drafting import issue
from newsletter.issues.materials import gather
from newsletter.issues.together.naming import name, named_in
from newsletter.issues.together.tables import Comment

LONGEST_COMMENT = 4000
_EXCERPT = 80


@dataclass(frozen=True)
class Thread:
    """A comment with the answers to it, the first one first."""

    first: Comment
    answers: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be resolved."""
        return self.first.resolved_at is None


def threads(issue_id: int) -> list[Thread]:
    """Return all that was said about an issue, the oldest thread first."""
    rows = db.session.scalars(select(Comment).where(Comment.issue_id == issue_id).order_by(Comment.id))
    answers: dict[int, list[Comment]] = {}
    for row in rows:
        if row.thread_id is None:
            answers.setdefault(row.id, []).insert(0, row)
        else:
            answers.setdefault(row.thread_id, []).append(row)
    return [Thread(first, tuple(rest)) for first, *rest in answers.values()]


def open_threads(issue_id: int) -> dict[str, int]:
    """Count the threads that are still to be resolved by block; those about the issue as a whole under no name."""
    counted = select(Comment.block_id, func.count()).where(
        Comment.issue_id == issue_id, Comment.thread_id.is_(None), Comment.resolved_at.is_(None)
    )
    rows = db.session.execute(counted.group_by(Comment.block_id))
    return {str(block_id): int(count) for block_id, count in rows}


def comment(comment_id: int) -> Comment:
    """Return one comment as it is now. Raises `NotFound`."""
    found = db.session.get(Comment, comment_id, populate_existing=True)
    if found is None or found.taken_back_at is not None:
        raise NotFound("This comment is not there any more.")
    return found


def say(issue_id: int, by: User, words: str, block_id: str = "", tell: Collection[int] = ()) -> Comment:
    """Begin a thread about a block, or about the issue as a whole; `tell` are people to name who are not named yet.

    Raises `Invalid` without words, `Conflict` where the block was dropped.
    """
    _refuse_readers(by)
    found = issue(issue_id)
    block = next((one for one in found.pieces if one.id == block_id), None)
    if block_id and block is None:
        raise Conflict("This block has been dropped meanwhile. Comment on the issue as a whole instead.")
    said = Comment(
        issue_id=issue_id,
        block_id=block_id,
        block_kind=block.kind.value if block else "",
        block_words=_excerpt(issue_id, block) if block else "",
        by_id=by.id,
        by=by.called,
        words=_good(words, tell),
        at=clock.now(),
    )
    return _keep(said)


def answer(thread_id: int, by: User, words: str, tell: Collection[int] = ()) -> Comment:
    """Answer in a thread; one that was resolved is open again. Raises `Invalid` and `NotFound`."""
    _refuse_readers(by)
    first = _first(thread_id)
    said = Comment(
        issue_id=first.issue_id,
        thread_id=first.id,
        block_id=first.block_id,
        by_id=by.id,
        by=by.called,
        words=_good(words, tell),
        at=clock.now(),
    )
    first.resolved_at, first.resolved_by = None, ""
    return _keep(said)


def reword(comment_id: int, by: User, words: str, tell: Collection[int] = ()) -> Comment:
    """Say it otherwise; only who wrote it may. Raises `Invalid`, `NotAllowed` and `NotFound`."""
    found = _own(comment_id, by)
    found.words, found.reworded_at = _good(words, tell), clock.now()
    return _keep(found)


def take_back(comment_id: int, by: User) -> None:
    """Take a comment back; only who wrote it may. It stays as a gap while there are answers. Raises `NotAllowed`."""
    found = _own(comment_id, by)
    first_id = found.thread_id or found.id
    name(found, set())
    if found.thread_id is None and _has_answers(first_id):
        found.words, found.taken_back_at = "", clock.now()
    else:
        db.session.delete(found)
    db.session.flush()
    first = db.session.get(Comment, first_id)
    if first and first.taken_back_at and not _has_answers(first_id):
        db.session.delete(first)
        db.session.flush()


def resolve(thread_id: int, by: User) -> None:
    """Call a thread resolved; one that is stays so."""
    _turn(thread_id, by, resolved=True)


def reopen(thread_id: int, by: User) -> None:
    """Open a resolved thread again."""
    _turn(thread_id, by, resolved=False)


def _turn(thread_id: int, by: User, *, resolved: bool) -> None:
    _refuse_readers(by)
    first = _first(thread_id)
    stands = Comment.resolved_at.is_(None) if resolved else Comment.resolved_at.is_not(None)
    values = {"resolved_at": clock.now() if resolved else None, "resolved_by": by.called if resolved else ""}
    db.session.execute(update(Comment).where(Comment.id == first.id, stands).values(**values))
    db.session.refresh(first)


def _keep(said: Comment) -> Comment:
    db.session.add(said)
    db.session.flush()
    name(said, {one.id for one in named_in(said.words)} - {said.by_id})
    return said


def _first(thread_id: int) -> Comment:
    """Return the comment that begins a thread, also where its writer took it back."""
    found = db.session.get(Comment, thread_id, populate_existing=True)
    if found is None or found.thread_id is not None:
        raise NotFound("This comment is not there any more.")
    return found


def _own(comment_id: int, by: User) -> Comment:
    _refuse_readers(by)
    found = comment(comment_id)
    if found.by_id != by.id:
        raise NotAllowed("Only who wrote a comment changes it.")
    return found


def _refuse_readers(by: User) -> None:
    db.session.refresh(by)
    if not accounts.allowed(by, Role.EDITOR):
        raise NotAllowed("You may read comments, and not write any.")


def _has_answers(thread_id: int) -> bool:
    return db.session.scalar(select(Comment.id).where(Comment.thread_id == thread_id).limit(1)) is not None


def _good(words: str, tell: Collection[int]) -> str:
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("Write what you want to say.", "words")
    unnamed = [accounts.user(number) for number in dict.fromkeys(tell)]
    named = {one.id for one in named_in(words)}
    words = " ".join([*(f"@{one.called}" for one in unnamed if one.id not in named), words])
    if len(words) > LONGEST_COMMENT:
        raise Invalid(
            f"This has {len(words)} characters; {LONGEST_COMMENT} are the most. Shorten it.", "words"
        )
    return words


def _excerpt(issue_id: int, block: Block) -> str:
    """Say what a block says, so that it is known again: its first text without its markup, or the title of its entry."""
    materials = gather(issue(issue_id), (block,))
    texts = (rendering.plain(rich(block.main_text(code))) for code in materials.languages)
    titles = (one.title(materials.languages[0]) for one in materials.entries_of(block))
    line = " ".join(next((text for text in (*texts, *titles) if text.strip()), "").split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"
