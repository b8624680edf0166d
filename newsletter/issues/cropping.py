"""Which part of a picture a block shows: a rectangle in hundredths of its width and height."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.errors import Invalid

LEAST = 5
"""Hundredths that a crop leaves at least of either side."""


@dataclass(frozen=True)
class Crop:
    """A rectangle within a picture: where it begins from the left and the top, how wide and high it is, all in per cent."""

    left: int
    top: int
    width: int
    height: int

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is cut away."""
        return (self.width, self.height) == (100, 100)


def crop(left: int, top: int, width: int, height: int) -> Crop | None:
    """Return the rectangle; nothing where it is the whole picture. Raises `Invalid` where it is none."""
    made = Crop(left, top, width, height)
    if min(left, top) < 0 or min(width, height) < LEAST or left + width > 100 or top + height > 100:  # noqa: PLR2004 - per cent
        raise Invalid(
            "The crop does not lie within the picture. Left and width may be 100 per cent together at most, so may top "
            "and height, and neither side may be less than 5."
        )
    return None if made.is_whole else made


def dump_crop(made: Crop) -> list[int]:
    """Write a crop as JSON: left, top, width, height."""
    return [made.left, made.top, made.width, made.height]


def load_crop(numbers: Any) -> Crop | None:
    """Read a crop from JSON; nothing for a whole picture. Raises `Invalid`."""
    if not numbers:
        return None
    if isinstance(numbers, Mapping) or len(numbers) != 4:  # noqa: PLR2004 - the sides of a rectangle
        raise Invalid("A crop is four numbers: left, top, width and height, in per cent.")
    left, top, width, height = (int(number) for number in numbers)
    return crop(left, top, width, height)


def clamped(left: int, top: int, width: int, height: int) -> Crop | None:
    """Return the rectangle that is nearest to these numbers and lies within the picture; nothing where that is all of it."""
    left, top = (max(0, min(start, 100 - LEAST)) for start in (left, top))
    width, height = (max(LEAST, min(size, 100 - start)) for start, size in ((left, width), (top, height)))
    return crop(left, top, width, height)


SHAPES = {"16:9": 16 / 9, "3:2": 3 / 2, "4:3": 4 / 3, "1:1": 1.0, "3:4": 3 / 4}
"""Shapes that a picture can be cut to, by name: its width by its height."""

FOCUSES = {"left top": (0, 0), "top": (50, 0), "right top": (100, 0), "left": (0, 50), "": (50, 50), "right": (100, 50),
           "left bottom": (0, 100), "bottom": (50, 100), "right bottom": (100, 100)}  # fmt: skip
"""What of a picture must stay, by name: hundredths from the left and from the top."""


def to_shape(shape: str, focus: str, width: int, height: int) -> Crop | None:
    """Return the largest rectangle of a shape in a picture of so many pixels, as near to the focus as it can lie.

    Nothing where the shape is not known, or is the picture's own.
    """
    ratio = SHAPES.get(shape)
    if ratio is None:
        return None
    across = min(100, round(100 * height * ratio / width))
    down = min(100, round(100 * width / ratio / height))
    x, y = FOCUSES.get(focus, FOCUSES[""])
    return clamped(round((100 - across) * x / 100), round((100 - down) * y / 100), across, down)
