"""Wraps plain text at a column where Japanese characters count two and break without spaces."""

import re
from unicodedata import combining, east_asian_width

COLUMNS = 72

# mail.mark, whose width nobody knows before it is filled.
_MARK = re.compile("\ue000([^\ue001]*)\ue001[0-9a-f]*\ue002")
_WIDE = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd"
# Characters that must not begin a line, and those that must not end one (kinsoku shori).
_CLOSE = r"、。,.,．・:;:;??!!)）\]］}｝」』】〉》〕’”…‥ー〜々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜%%"
_OPEN = r"(（\[［{｛「『【〈《〔‘“"
_ATOM = re.compile(
    rf"[{_OPEN}]*(?:\d+[年月日時分回号人円]|[{_WIDE}]|[^{_WIDE}\s]+)[{_CLOSE}]*|[{_OPEN}{_CLOSE}]+"
)


def width(text: str) -> int:
    """How many columns a text takes on a screen of fixed pitch; a mark counts as its name."""
    if text.isascii():
        return len(text)
    text = _MARK.sub(r"\1", text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, columns: int = COLUMNS, indent: str = "", first: str | None = None) -> str:
    """Break one paragraph into lines, none longer than `columns` unless a single word (an address) is.

    `indent` stands before each line, `first` before the first instead.
    """
    lines, empty = [indent if first is None else first], True
    used, margin = width(lines[0]), width(indent)
    for glue, atom in _pieces(text):
        wide = width(atom)
        if not empty and used + len(glue) + wide > columns:
            lines.append(indent)
            used, empty = margin, True
        lines[-1] += atom if empty else glue + atom
        used += wide if empty else len(glue) + wide
        empty = False
    return "\n".join(line.rstrip() for line in lines)


def _pieces(text: str) -> list[tuple[str, str]]:
    """The smallest parts that stay whole, each with what stands before it when no line is broken there."""
    pieces: list[tuple[str, str]] = []
    for word in text.split():
        atoms = [word] if "://" in word else _ATOM.findall(word)
        pieces += [(" " if place == 0 else "", atom) for place, atom in enumerate(atoms)]
    return pieces
