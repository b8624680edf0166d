"""What an editor does to the row of blocks: adds, moves, doubles and drops them, and puts them into columns and out again.

Nothing changes a tuple of blocks: each verb returns a new one, in which every stack stands behind its columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from newsletter.errors import Invalid, NotFound
from newsletter.issues.blocks import IN_COLUMNS, Block, Blocks, Kind, Side, new_id


@dataclass(frozen=True)
class Row:
    """A block that stands by itself; where it is two columns, with the stacks in them."""

    block: Block
    left: Blocks = ()
    right: Blocks = ()

    @property
    def blocks(self) -> Blocks:
        """All its blocks, as the issue keeps them."""
        return (self.block, *self.left, *self.right)


def rows(blocks: Iterable[Block]) -> list[Row]:
    """Return the blocks row by row. What has a side and stands behind no columns, or cannot stand in them, is a row of its own."""
    found: list[tuple[Block, list[Block]]] = []
    stack: list[Block] | None = None
    for block in blocks:
        if block.side and stack is not None and block.kind in IN_COLUMNS:
            stack.append(block)
            continue
        if block.kind is Kind.COLUMNS:
            stack = []
            found.append((block, stack))
        else:
            stack = stack if block.side else None
            found.append((block, []))
    return [_row(block, inside) for block, inside in found]


def _row(block: Block, inside: list[Block]) -> Row:
    left, right = (tuple(one for one in inside if one.side is side) for side in (Side.LEFT, Side.RIGHT))
    return Row(replace(block, side=Side.NONE) if block.side else block, left, right)


def flat(parts: Iterable[Row]) -> Blocks:
    """Return rows as the one row of blocks that an issue keeps."""
    return tuple(block for row in parts for block in row.blocks)


def tidy(blocks: Iterable[Block]) -> Blocks:
    """Put every stack behind its columns, the left one first."""
    return flat(rows(blocks))


def find(blocks: Blocks, block_id: str) -> Block:
    """Return the block of this id. Raises `NotFound`."""
    for block in blocks:
        if block.id == block_id:
            return block
    raise NotFound("This block is no longer in the issue; somebody has dropped it.")


def edited(blocks: Blocks, block_id: str, **changes: Any) -> Blocks:
    """Change settings or texts of one block. Raises `NotFound`."""
    changed = replace(find(blocks, block_id), **changes)
    return tuple(changed if block.id == block_id else block for block in blocks)


def added(blocks: Blocks, block: Block, before: str | None = None) -> Blocks:
    """Put a block before another one, or at the end."""
    if before is None:
        return (*blocks, block)
    place = blocks.index(find(blocks, before))
    return tidy((*blocks[:place], block, *blocks[place:]))


def dropped(blocks: Blocks, block_id: str) -> Blocks:
    """Take a block out, columns with all that stands in them; one that is gone already is no error."""
    gone = {block.id for row in rows(blocks) if row.block.id == block_id for block in row.blocks}
    return tuple(block for block in blocks if block.id not in gone | {block_id})


def duplicated(blocks: Blocks, block_id: str) -> Blocks:
    """Put a second block of the same content behind a block, columns with all that stands in them. Raises `NotFound`."""
    find(blocks, block_id)
    made: list[Block] = []
    for row in rows(blocks):
        made += row.blocks if row.block.id == block_id else _doubled(row.blocks, block_id)
        made += copied(row.blocks) if row.block.id == block_id else ()
    return tuple(made)


def copied(blocks: Iterable[Block]) -> Blocks:
    """Return blocks of the same content with ids of their own."""
    return tuple(replace(block, id=new_id()) for block in blocks)


def _doubled(blocks: Blocks, block_id: str) -> Blocks:
    return tuple(
        one for block in blocks for one in ((block, *copied([block])) if block.id == block_id else (block,))
    )


# Moving


def moved(blocks: Blocks, block_id: str, steps: int) -> Blocks:
    """Move a block up (negative) or down by some places, at most to the end. Raises `NotFound`.

    Columns move with all that stands in them, and others pass them in one step. In columns a block passes from the left
    stack to the right one, and beyond either end of them out into the issue.
    """
    find(blocks, block_id)
    for _ in range(abs(steps)):
        blocks = _step(blocks, block_id, -1 if steps < 0 else 1)
    return blocks


def _step(blocks: Blocks, block_id: str, step: int) -> Blocks:
    parts = rows(blocks)
    place = next(place for place, row in enumerate(parts) if block_id in {one.id for one in row.blocks})
    row = parts[place]
    if row.block.id == block_id:
        to = max(0, min(place + step, len(parts) - 1))
        parts.insert(to, parts.pop(place))
        return flat(parts)
    stays, leaves = _within(row, block_id, step)
    outside = [Row(block) for block in leaves]
    parts[place : place + 1] = [*outside, stays] if step < 0 else [stays, *outside]
    return flat(parts)


def _within(row: Row, block_id: str, step: int) -> tuple[Row, Blocks]:
    """Move a block within columns; return them, and the block where it went out."""
    block = find(row.blocks, block_id)
    own, other = (row.left, row.right) if block.side is Side.LEFT else (row.right, row.left)
    place = own.index(block)
    rest = (*own[:place], *own[place + 1 :])
    to = place + step
    if 0 <= to <= len(rest):
        return _filled(row, block.side, (*rest[:to], block, *rest[to:]), other), ()
    if (block.side is Side.LEFT) is (step > 0):
        turned = replace(block, side=Side.RIGHT if block.side is Side.LEFT else Side.LEFT)
        grown = (turned, *other) if step > 0 else (*other, turned)
        return _filled(row, block.side, rest, grown), ()
    return _filled(row, block.side, rest, other), (replace(block, side=Side.NONE),)


def _filled(row: Row, side: Side, own: Blocks, other: Blocks) -> Row:
    return Row(row.block, own, other) if side is Side.LEFT else Row(row.block, other, own)


def put_into(blocks: Blocks, block_id: str, side: Side) -> Blocks:
    """Put a block at the end of a column: of the columns it stands in, else of the next above, else of the next below.

    Raises `NotFound`, and `Invalid` where it cannot stand in columns or there are none.
    """
    block = find(blocks, block_id)
    if block.kind not in IN_COLUMNS:
        raise Invalid("This kind of block cannot stand in a column.")
    columns = _nearest(blocks, block_id)
    parts = rows(one for one in blocks if one.id != block_id)
    place = next(place for place, row in enumerate(parts) if row.block.id == columns.id)
    parts[place] = _row(columns, [*parts[place].left, *parts[place].right, replace(block, side=side)])
    return flat(parts)


def _nearest(blocks: Blocks, block_id: str) -> Block:
    place = [block.id for block in blocks].index(block_id)
    above = [block for block in blocks[:place] if block.kind is Kind.COLUMNS]
    below = [block for block in blocks[place:] if block.kind is Kind.COLUMNS]
    if not above and not below:
        raise Invalid("There are no columns in this issue. Add two columns first.")
    return above[-1] if above else below[0]


def taken_out(blocks: Blocks, block_id: str) -> Blocks:
    """Put a block behind the columns it stands in. Raises `NotFound`."""
    block = find(blocks, block_id)
    parts = rows(blocks)
    for place, row in enumerate(parts):
        if block in (*row.left, *row.right):
            left, right = (tuple(one for one in stack if one is not block) for stack in (row.left, row.right))
            parts[place : place + 1] = [Row(row.block, left, right), Row(replace(block, side=Side.NONE))]
            break
    return flat(parts)


def taken_apart(blocks: Blocks, block_id: str) -> Blocks:
    """Take columns away and leave what stood in them, one under the other. Raises `NotFound`."""
    find(blocks, block_id)
    made: list[Block] = []
    for row in rows(blocks):
        inside = (*row.left, *row.right)
        made += (
            [replace(one, side=Side.NONE) for one in inside]
            if row.block.id == block_id and inside
            else row.blocks
        )
    return tuple(made)
