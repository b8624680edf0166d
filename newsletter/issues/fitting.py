"""Makes the pictures of blocks fit for mail: cut as the editor says, twice as wide as they are shown, and light.

The picture as it was uploaded stays, so that it can be cut otherwise at any time.
"""

from dataclasses import replace

from newsletter import entries
from newsletter.errors import NotFound
from newsletter.issues.blocks import Block, Blocks, Kind
from newsletter.issues.cropping import Crop

_WHOLE = Crop(0, 0, 100, 100)
WIDEST, WIDEST_AT_HALF = 1120, 536
"""Pixels of a picture across the letter (shown at 560), and of one at half of it or in a column (shown at 268)."""


def with_pictures_fit(blocks: Blocks) -> Blocks:
    """Return blocks that show their pictures cut and fit for mail; one whose picture is gone shows none."""
    return tuple(_fit(block) if block.kind is Kind.PICTURE else block for block in blocks)


def _fit(block: Block) -> Block:
    original = block.original or block.image
    if not original:
        return replace(block, image="", crop=None)
    part = block.crop or _WHOLE
    widest = WIDEST_AT_HALF if block.half or block.side else WIDEST
    try:
        shown = entries.cut_image(original, (part.left, part.top, part.width, part.height), widest)
    except NotFound:
        return replace(block, image="", original="", crop=None)
    return replace(block, original=original, image=shown.digest)
