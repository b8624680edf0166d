"""The library: blocks that are kept under a name, to be put into any issue again. An issue that took one has its own copy."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock, entries, languages, settings
from newsletter.database import Json, Model, UTCDateTime, db
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.issues.arranging import copied, find, rows, tidy
from newsletter.issues.blocks import KIND_NAMES, Block, Blocks, Side, dump, load
from newsletter.issues.passages import words_of

LONGEST_NAME = 120
_NAME_FROM_TEXT = 60


class SavedBlock(Model):
    """A block under a name; two columns with all that stands in them."""

    __tablename__ = "saved_blocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sought: Mapped[str]
    """What a search looks through: its name and all its texts, as `languages.sought` writes them."""
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(default="")

    @property
    def pieces(self) -> Blocks:
        """The block, read; behind columns follows what stands in them."""
        return load(self.blocks)


def keep(blocks: Blocks, block_id: str, by: str, language: str) -> SavedBlock:
    """Keep a block of an issue in the library, under a name taken from its words. Raises `NotFound`."""
    block = find(blocks, block_id)
    whole = next((row.blocks for row in rows(blocks) if row.block.id == block_id), (block,))
    name = _free_name(_proposed_name(whole, language))
    alone = tuple(_untaken(replace(one, side=Side.NONE) if one is block else one) for one in whole)
    kept = SavedBlock(name=name, blocks=dump(alone), changed_at=clock.now(), changed_by=by)
    kept.sought = _sought(name, alone)
    db.session.add(kept)
    db.session.flush()
    return kept


def _untaken(block: Block) -> Block:
    """Return a block as it can be used again: an entry list takes anew."""
    return replace(block, rule=replace(block.rule, taken=None)) if block.rule else block


def _proposed_name(blocks: Blocks, language: str) -> str:
    order = dict.fromkeys((language, *settings.publication().languages))
    for block in blocks:
        for code in order:
            words = " ".join(_words_in(block, code).split())
            if words:
                return words if len(words) <= _NAME_FROM_TEXT else f"{words[: _NAME_FROM_TEXT - 1]}…"
    return languages.translator(language)(KIND_NAMES[blocks[0].kind])


def _words_in(block: Block, language: str) -> str:
    if block.entry:
        return next((one.title(language) for one in entries.by_ids([block.entry])), "")
    return block.main_text(language).replace("#", "").replace("*", "")


def _free_name(name: str, besides: int = 0) -> str:
    taken = set(db.session.scalars(select(SavedBlock.name).where(SavedBlock.id != besides)))
    return next(one for one in (name, *(f"{name} {n}" for n in range(2, 10_000))) if one not in taken)


def _sought(name: str, blocks: Iterable[Block]) -> str:
    texts = (text for block in blocks for own in block.texts.values() for text in own.values())
    return languages.sought("\n".join([name, *map(words_of, texts)]))


def saved_blocks(text: str = "") -> list[SavedBlock]:
    """Return the saved blocks that hold every word of `text` in their name or texts, by name."""
    query = select(SavedBlock).order_by(SavedBlock.name, SavedBlock.id)
    for word in languages.sought(text).split()[:10]:
        query = query.where(SavedBlock.sought.contains(word, autoescape=True))
    return list(db.session.scalars(query))


def saved_block(number: int) -> SavedBlock:
    """Return one saved block. Raises `NotFound`."""
    found = db.session.scalar(
        select(SavedBlock).where(SavedBlock.id == number).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("This block is no longer in the library; somebody has deleted it.")
    return found


def change_saved(
    number: int, version: int, name: str, texts: Mapping[str, Mapping[str, Mapping[str, str]]], by: str
) -> SavedBlock:
    """Rename a saved block and change its texts, which are given by block, language and field.

    Raises `NotFound`, `Invalid` with the field, and `Conflict` where somebody has changed it since `version`.
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid("Give the block a name, by which it is found.", "name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"The name has {len(name)} letters; {LONGEST_NAME} are the most.", "name")
    if _free_name(name, number) != name:
        raise Invalid(f"Another block of the library is called “{name}”. Choose another name.", "name")
    blocks = load(dump(rewritten(saved_block(number).pieces, texts)))
    values = {"name": name, "blocks": dump(blocks), "sought": _sought(name, blocks), "version": version + 1}
    mine = update(SavedBlock).where(SavedBlock.id == number, SavedBlock.version == version)
    changed = db.session.execute(mine.values(changed_at=clock.now(), changed_by=by, **values))
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("Somebody has changed this block since you opened it. Look at it again.")
    return saved_block(number)


def rewritten(blocks: Blocks, texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Blocks:
    """Return blocks with other texts, which are given by block, language and field."""
    return tuple(replace(block, texts={**block.texts, **texts.get(block.id, {})}) for block in blocks)


def delete_saved(number: int) -> None:
    """Take a block out of the library; issues that took it keep their own. One that is gone already is no error."""
    found = db.session.get(SavedBlock, number)
    if found:
        db.session.delete(found)
        db.session.flush()


def with_saved(blocks: Blocks, number: int) -> Blocks:
    """Put a copy of a saved block at the end of an issue, before its call for support. Raises `NotFound`."""
    taken = copied(saved_block(number).pieces)
    closing = len(blocks)
    if blocks and blocks[-1].kind == "call" and taken[0].kind != "call":
        closing -= 1
    return tidy((*blocks[:closing], *taken, *blocks[closing:]))
