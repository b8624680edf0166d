"""Figures for the templates to draw: bars whose parts add up, and lines over time.

Only numbers come from here; the templates turn them into SVG with attributes, so that no page needs an inline style.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

_GAP = 0.2  # per cent of the bar's width between two parts
_SMALLEST = 0.8  # per cent: about 3 px on a phone, so that no part is too thin to be seen


@dataclass(frozen=True)
class Part:
    """One part of a tally; `x` and `width` are per cent of the bar."""

    name: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    """A line over time in a picture of `width` × `height` units, its grid lines and the words at its edges."""

    width: int
    height: int
    line: str
    area: str
    end: tuple[float, float]
    grid: tuple[tuple[float, int], ...]


def tally_parts(progress: object) -> list[Part]:
    """Share a bar among the outcomes of a mailing in proportion; a part that is there at all can be seen.

    Takes anything with the counts of a mailing as attributes or keys. The counts of the parts add up to its recipients.
    """
    counts = {
        name: _count(progress, name)
        for name in ("sent", "deferred", "refused", "unknown", "sending", "queued")
    }
    counts["left"] = _count(progress, "withdrawn") + _count(progress, "suppressed")
    shown = {name: count for name, count in counts.items() if count}
    parts, x = [], 0.0
    for name, width in _widths(shown).items():
        parts.append(Part(name, shown[name], round(x, 2), round(width, 2)))
        x += width + _GAP
    return parts


def _widths(counts: Mapping[str, int]) -> dict[str, float]:
    room = 100 - _GAP * (len(counts) - 1)
    total = sum(counts.values())
    small = {name for name, count in counts.items() if count * room < total * _SMALLEST}
    large = sum(count for name, count in counts.items() if name not in small)
    left = room - _SMALLEST * len(small)
    return {name: _SMALLEST if name in small else left * count / large for name, count in counts.items()}


def _count(progress: object, name: str) -> int:
    found = progress.get(name, 0) if isinstance(progress, Mapping) else getattr(progress, name, 0)
    return int(found or 0)


def line_over_time(
    values: Sequence[int], width: int = 400, height: int = 120, *, from_zero: bool = False
) -> Line:
    """Draw values as a line with two to five grid lines at round numbers; a flat line lies in the middle.

    With `from_zero` the picture begins at zero, so that half as high is half as much.
    """
    least = 0 if from_zero else min(values)
    step = _round_step(max(values) - least)
    low = least // step * step
    high = max(low + step, -(-max(values) // step) * step)
    across = width / max(1, len(values) - 1)

    def down(value: float) -> float:
        return round(height - (value - low) / (high - low) * height, 1)

    points = [(round(number * across, 1), down(value)) for number, value in enumerate(values)]
    line = "M" + "L".join(f"{x} {y}" for x, y in points)
    area = f"{line}V{height}H0z"
    grid = tuple((down(value), value) for value in range(low, high + 1, step))
    return Line(width, height, line, area, points[-1], grid)


def _round_step(span: int) -> int:
    if span <= 4:  # noqa: PLR2004 - few enough for one line each
        return max(1, span)
    rough: float = span / 3
    power = 10 ** floor(log10(rough))
    return int(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough))
