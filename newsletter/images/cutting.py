"""Cuts a part out of a picture that was taken in, and makes it fit for mail: sharp on fine screens, and no heavier than need be."""

import io

from PIL import Image

from newsletter.images.pictures import QUALITY, Picture, bound, encoded, written

HEAVIEST = 250 * 1024
"""Bytes that a picture in a mail has at most; readers on the road pay for each of them."""

_QUALITIES = (QUALITY, 76, 68, 60)
_SMALLER = 0.8
_COLOURS = 256

Part = tuple[int, int, int, int]
"""A rectangle in hundredths of a picture's width and height: from the left, from the top, width, height."""


def cut(data: bytes, part: Part, widest: int, heaviest: int = HEAVIEST) -> Picture:
    """Cut a part out of a picture of ours, not wider than `widest` pixels; it grows coarser, then smaller, until it is light."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        opened.load()
        image = opened.convert("RGB" if opened.mode == "RGB" else "RGBA").crop(_box(opened.size, part))
    if image.width > widest:
        image = _narrowed(image, widest)
    while (made := _light(image, heaviest)) is None:
        image = _narrowed(image, max(1, round(image.width * _SMALLER)))
    return made


def _box(size: tuple[int, int], part: Part) -> tuple[int, int, int, int]:
    (across, down), (left, top, width, height) = size, part
    box = (across * left / 100, down * top / 100, across * (left + width) / 100, down * (top + height) / 100)
    first, upper, last, lower = map(round, box)
    return first, upper, max(last, first + 1), max(lower, upper + 1)


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _light(image: Image.Image, heaviest: int) -> Picture | None:
    """Write it as well as its weight allows; nothing where even the coarsest is too heavy."""
    best = written(image)
    if len(best.data) <= heaviest:
        return best
    if image.mode == "RGB":
        tries = (bound(image, encoded(image, "JPEG", quality), "jpeg") for quality in _QUALITIES)
    else:
        tries = (bound(image, encoded(image.quantize(_COLOURS), "PNG"), "png") for _ in range(1))
    return next((made for made in tries if len(made.data) <= heaviest), None)
