"""Colours for reading: how far two stand apart (WCAG 2.2), and the nearest one of the same hue that stands far enough.

A colour is written `#rrggbb`. Hue and strength are kept in OKLCH (Björn Ottosson, 2020), where equal steps look equal.
"""

import math
import re
from collections.abc import Sequence

from newsletter.rendering.contrast import NEEDED, contrast

DARK_INK, LIGHT_INK = "#000000", "#ffffff"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 200
_SLACK = 1e-4
_KNEE = 0.04045  # where sRGB turns from a line into a curve
_Three = tuple[float, float, float]


def read_colour(text: str) -> str | None:
    """Return `#rrggbb` of what a person wrote, such as `#ABC` or `17497b`; nothing where it is no colour."""
    digits = text.strip().lower().removeprefix("#")
    if len(digits) == 3:  # noqa: PLR2004 - one digit for each of red, green, blue
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if _COLOUR.fullmatch(f"#{digits}") else None


def ink_on(ground: str) -> str:
    """Return the ink, dark or light, that reads better on a ground; one of the two always reads well."""
    return max((LIGHT_INK, DARK_INK), key=lambda ink: contrast(ink, ground))


def mixed(one: str, other: str, share: float) -> str:
    """Return `one` with a share of `other` in it: 0 is `one`, 1 is `other`."""
    return _written(
        tuple(a + (b - a) * share for a, b in zip(_parts(one), _parts(other), strict=True))  # type: ignore[arg-type]
    )


def nearest(colour: str, against: Sequence[str], least: float = NEEDED) -> str:
    """Return the colour of the same hue, lighter or darker by as little as will do, that reads against all of them.

    Where no such colour exists, it is the one that comes closest.
    """
    lightness, strength, hue = _oklch(colour)
    moves = (move for step in range(1, _STEPS + 1) for move in (-step / _STEPS, step / _STEPS))
    moved = [_of_oklch(lightness + move, strength, hue) for move in moves if 0 <= lightness + move <= 1]
    candidates = [colour, *moved]
    return next(
        (one for one in candidates if _least(one, against) >= least),
        max(candidates, key=lambda one: _least(one, against)),
    )


def at_lightness(colour: str, lightness: float, most_strength: float) -> str:
    """Return a colour of the same hue at another lightness (0 to 1), and no stronger than told."""
    _, strength, hue = _oklch(colour)
    return _of_oklch(lightness, min(strength, most_strength), hue)


def _least(colour: str, against: Sequence[str]) -> float:
    return min(contrast(colour, ground) for ground in against)


def _parts(colour: str) -> _Three:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(parts: _Three) -> str:
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= _KNEE else float(((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    return part * 12.92 if part <= _KNEE / 12.92 else 1.055 * float(part ** (1 / 2.4)) - 0.055


def _oklch(colour: str) -> _Three:
    r, g, b = map(_linear, _parts(colour))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _of_oklch(lightness: float, strength: float, hue: float) -> str:
    """Write a colour; one too strong for a screen gives up strength, never hue or lightness."""
    while strength > 0 and not all(
        -_SLACK <= part <= 1 + _SLACK for part in _light(lightness, strength, hue)
    ):
        strength = max(0, strength - 0.004)
    return _written(tuple(_curved(max(0, part)) for part in _light(lightness, strength, hue)))  # type: ignore[arg-type]


def _light(lightness: float, strength: float, hue: float) -> _Three:
    a, b = strength * math.cos(hue), strength * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
