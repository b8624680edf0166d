"""The form of a block beyond its texts: who sees it, where it stands, and what its further buttons do.

The field `order` names blocks one after the other. Around what stands in two columns it also names the stacks: `ID.left`,
`ID.right`, `ID.end`; so whoever carries a block elsewhere on the page carries it into a column, and out again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from newsletter import entries, issues
from newsletter.errors import Invalid
from newsletter.issues import Block, Blocks, Kind, Side
from newsletter.web import frame

CROP = ("left", "top", "across", "down")
"""The fields that say which part of a picture is shown, in per cent."""
_ENDS = {"left": Side.LEFT, "right": Side.RIGHT, "end": Side.NONE}


def placed(order: Sequence[str]) -> Iterator[tuple[str, Side | None]]:
    """Yield each block of a form with the column it stands in; nothing where the form knows of no columns."""
    side = Side.NONE if any("." in word for word in order) else None
    for word in dict.fromkeys(order):
        block_id, _, end = word.partition(".")
        if end in _ENDS:
            side = _ENDS[end]
        else:
            yield block_id, side


def with_readers(form: MultiDict[str, str], block: Block, languages: tuple[str, ...]) -> Block:
    """Put over a block what was said about who sees it. A form that says nothing of it leaves it as it is."""
    if f"{block.id}.more" not in form:
        return block
    shown = form.getlist(f"{block.id}.in") if len(languages) > 1 else languages
    elsewhere = tuple(language for language in block.hidden if language not in languages)
    hidden = (*elsewhere, *(language for language in languages if language not in shown))
    who, circle = form.get(f"{block.id}.readers", ""), form.get(f"{block.id}.circle", "")
    word = f"{'not ' if who == 'not' else ''}{circle}" if who and circle else ""
    return replace(block, hidden=hidden, readers=issues.load_condition(word))


def with_picture(form: MultiDict[str, str], block: Block) -> Block:
    """Put over a picture what was said about it: which it is, where it leads, how wide it is, and what of it is shown.

    The field `ID.image` names the picture as it was uploaded. Another one begins whole.
    """
    name, kept = f"{block.id}.{{}}".format, block.original or block.image
    original = form.get(name("image"), kept)
    block = replace(block, link=form.get(name("link"), block.link).strip())
    if name("width") in form:
        block = replace(block, half=form.get(name("width")) == "half")
    if original != kept:
        return replace(block, original="", image=original, crop=None)
    if name("crop") in form:
        sides = ((name(side), 100 if side in ("across", "down") else 0) for side in CROP)
        left, top, across, down = (form.get(field, usual, type=frame.number) for field, usual in sides)
        block = replace(block, crop=issues.clamped_crop(left, top, across, down))
    return block


def cut_to_shape(blocks: Blocks, what: str) -> Blocks:
    """Cut a picture to a shape: `ID,4:3,left top`; without a shape it is whole again."""
    block_id, shape, focus = what.split(",")
    block = next((one for one in blocks if one.id == block_id), None)
    if block is None:
        return blocks
    picture = entries.image(block.original or block.image)
    return issues.edited(
        blocks, block_id, crop=issues.crop_to_shape(shape, focus, picture.width, picture.height)
    )


def _into(side: Side) -> Callable[[Blocks, str], Blocks]:
    def put(blocks: Blocks, block_id: str) -> Blocks:
        try:
            return issues.put_into(blocks, block_id, side)
        except Invalid:
            return blocks  # its columns were dropped meanwhile

    return put


def _added_into(blocks: Blocks, what: str) -> Blocks:
    """Add a block to a column: `ID.left.text`."""
    columns, side, kind = what.split(".")
    block = issues.new_block(kind, side=Side(side))
    made = [one for row in issues.rows(blocks) for one in _with(row, columns, block)]
    return tuple(made)


def _with(row: issues.Row, columns: str, block: Block) -> Blocks:
    if row.block.id != columns:
        return row.blocks
    if block.side is Side.LEFT:
        return (row.block, *row.left, block, *row.right)
    return (*row.blocks, block)


def _added_behind(blocks: Blocks, what: str) -> Blocks:
    """Add a block behind another one, into its column too: `ID.text`. Where that is gone, it comes to the end."""
    block_id, kind = what.split(".")
    block = issues.new_block(kind)
    made = tuple(one for row in issues.rows(blocks) for one in _row_and(row, block_id, block))
    return made if len(made) > len(blocks) else issues.added(blocks, block)


def _row_and(row: issues.Row, block_id: str, block: Block) -> Blocks:
    neighbour = next((one for one in row.blocks if one.id == block_id), None)
    if neighbour is None:
        return row.blocks
    if not neighbour.side or not can_stand_in_columns(block):
        return (*row.blocks, block)
    place = row.blocks.index(neighbour) + 1
    return (*row.blocks[:place], replace(block, side=neighbour.side), *row.blocks[place:])


ACTS: Mapping[str, Callable[[Blocks, str], Blocks]] = {
    "duplicate": issues.duplicated,
    "left": _into(Side.LEFT),
    "right": _into(Side.RIGHT),
    "out": issues.taken_out,
    "apart": issues.taken_apart,
    "add-into": _added_into,
    "cut": cut_to_shape,
    "add-behind": _added_behind,
}
"""What the further buttons of a block do; each stays at its block."""


_STAYS = frozenset({*ACTS, "keep", "up", "down", "upload", "clear"})
"""Verbs after which the page shows the block they were about."""
_PLACES = {"add": "#add", "add-saved": "#add", "find": "#picker", "more": "#picker", "show": "#picker"}


def place_of(verb: str, what: str) -> str:
    """Return the place of the page to show after a button was pressed, as a fragment; nothing for its head."""
    return f"#block-{re.split('[.,]', what)[0]}" if verb in _STAYS else _PLACES.get(verb, "")


def can_stand_in_columns(block: Block) -> bool:
    """Tell whether a block may be put into a column."""
    return block.kind in issues.IN_COLUMNS


def addable() -> tuple[Kind, ...]:
    """Return the kinds that a column offers to add; entries come from the picker."""
    return tuple(kind for kind in issues.IN_COLUMNS if kind is not Kind.ENTRY)
