"""Makes the pictures of blocks fit for mail: cut as the editor says, twice as wide as they are shown, and light.

The picture as it was uploaded stays, so that it can be cut otherwise at any time.
"""

from dataclasses import replace

from newsletter import entries
from newsletter.errors import NotFound
from newsletter.issues.blocks import Block, Blocks, Kind
from newsletter.issues.cropping import Crop

_WIDEST_AT_HALF = 536
"""Pixels of a picture at half the width of a letter or in a column: twice as many as it is shown at."""


def with_pictures_fit(blocks: Blocks) -> Blocks:
    """Return blocks that show their pictures cut and fit for mail; one whose picture is gone shows none."""
    return tuple(_fit(block) if block.kind is Kind.PICTURE else block for block in blocks)


def _fit(block: Block) -> Block:
    original = block.original or block.image
    if not original:
        return replace(block, image="", crop=None)
    widest = _WIDEST_AT_HALF if block.half or block.side else entries.WIDEST
    try:
        shown = entries.cut_image(original, _part(block.crop), widest)
    except NotFound:
        return replace(block, image="", original="", crop=None)
    return replace(block, original=original, image=shown.digest)


def _part(crop: Crop | None) -> tuple[int, int, int, int]:
    return (crop.left, crop.top, crop.width, crop.height) if crop else entries.WHOLE
