"""How well the words of a finished letter stand out from what is behind them (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

_TOKEN = re.compile(
    r"<!--.*?-->|<(style|head|title)\b.*?</\1>|<(/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)",
    re.DOTALL | re.IGNORECASE,
)
_STYLE = re.compile(r'\bstyle="([^"]*)"')
_BGCOLOR = re.compile(r'\bbgcolor="([^"]*)"')
_COLOUR = re.compile(
    r"(?<![\w-])(color|background-color|background|font-size|font-weight|display|visibility|opacity):\s*([^;]+)"
)
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)")
_NAMES = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0",
          "yellow": "#ffff00", "blue": "#0000ff", "green": "#008000", "orange": "#ffa500", "navy": "#000080"}  # fmt: skip
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)(px|pt)")
_LARGE, _LARGE_AND_BOLD, _BOLD = 24.0, 18.66, 600
_DARK = 0.04045
NEEDED, NEEDED_WHEN_LARGE = 4.5, 3.0


@dataclass(frozen=True)
class Faint:
    """Words that stand out too little: the first of this kind, both colours, the contrast and what is needed."""

    words: str
    colour: str
    behind: str
    contrast: float
    needed: float


@dataclass(frozen=True)
class _Ink:
    """How words are written within an element."""

    tag: str
    colour: str = "#000000"
    behind: str = "#ffffff"
    pixels: float = 16.0
    weight: int = 400
    hidden: bool = False

    @property
    def needed(self) -> float:
        large = self.pixels >= _LARGE or (self.pixels >= _LARGE_AND_BOLD and self.weight >= _BOLD)
        return NEEDED_WHEN_LARGE if large else NEEDED


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as #1a2b3c: 1 for the same ones, 21 for black on white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faint_words(html: str) -> list[Faint]:
    """Return the words of a letter that stand out too little, one for each pair of colours."""
    found: dict[tuple[str, str], Faint] = {}
    for words, ink in _written(html):
        pair = ink.colour, ink.behind
        if pair not in found and (measured := contrast(*pair)) < ink.needed:
            found[pair] = Faint(" ".join(words.split())[:60], *pair, measured, ink.needed)
    return list(found.values())


def _written(html: str) -> Iterator[tuple[str, _Ink]]:
    """Yield all words that readers see, each with its ink; styles are read where they stand in the tags themselves."""
    open_inks = [_Ink("")]
    for token in _TOKEN.finditer(html):
        _, closing, tag, given, words = token.groups()
        if words is not None:
            if (
                words.strip()
                and not open_inks[-1].hidden
                and unescape(words).strip(" \t\n\xa0\u200b\u200c\u034f\u2007")
            ):
                yield unescape(words), open_inks[-1]
        elif tag and closing:
            _close(open_inks, tag.lower())
        elif tag and tag.lower() not in _VOID and not given.endswith("/"):
            open_inks.append(_dipped(open_inks[-1], tag.lower(), given))


def _close(open_inks: list[_Ink], tag: str) -> None:
    for place in range(len(open_inks) - 1, 0, -1):
        if open_inks[place].tag == tag:
            del open_inks[place:]
            return


def _dipped(ink: _Ink, tag: str, given: str) -> _Ink:
    """Return the ink of an element within another."""
    style, ground = _STYLE.search(given), _BGCOLOR.search(given)
    worn = _worn(style[1]) if style else ()
    values = dict(worn)
    behind = _colour(
        values.get("background-color") or values.get("background") or (ground[1] if ground else "")
    )
    hidden = (
        values.get("display") == "none"
        or values.get("visibility") == "hidden"
        or values.get("opacity") == "0"
    )
    return _Ink(
        tag,
        _colour(values.get("color", "")) or ink.colour,
        behind or ink.behind,
        _pixels(values.get("font-size", "")) or ink.pixels,
        _weight(values.get("font-weight", ""), tag) or ink.weight,
        ink.hidden or hidden,
    )


@lru_cache(512)
def _worn(style: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value.strip().lower()) for name, value in _COLOUR.findall(unescape(style)))


@lru_cache(256)
def _colour(value: str) -> str:
    """Return a colour as #rrggbb; empty where it is none, or lets through what is behind it."""
    if found := _HEX.search(value):
        digits = found[1].lower()
        return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)  # noqa: PLR2004
    if found := _RGB.search(value):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    return _NAMES.get(value.removesuffix("!important").strip(), "")


def _pixels(value: str) -> float:
    found = _PIXELS.match(value)
    return float(found[1]) * (4 / 3 if found[2] == "pt" else 1) if found else 0.0


def _weight(value: str, tag: str) -> int:
    if value.isdigit():
        return int(value)
    if value == "bold" or (not value and tag in {"b", "strong", "h1", "h2", "h3", "th"}):
        return 700
    return 400 if value == "normal" else 0


@lru_cache(256)
def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (_linear(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Undo the gamma of sRGB."""
    return part / 12.92 if part <= _DARK else ((part + 0.055) / 1.055) ** 2.4
