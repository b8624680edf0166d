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
