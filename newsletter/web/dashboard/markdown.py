"""Shows stored HTML in a text field as people write it: as Markdown where nothing is lost by it, else as the HTML it is."""

import re
from html.parser import HTMLParser

from newsletter import rendering

_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_HEADS = {"h2": "## ", "h3": "### ", "h4": "#### "}


def as_typed(html: str) -> str:
    """Return Markdown that makes this very HTML, or the HTML itself if there is none."""
    if not html:
        return ""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    written = re.sub(r"\n{3,}", "\n\n", "".join(writer.parts)).strip()
    return written if _same(rendering.markdown(written), html) else html


def _same(one: str, other: str) -> bool:
    return re.sub(r"\s+", "", one) == re.sub(r"\s+", "", rendering.sanitise(other))


class _Writer(HTMLParser):
    """Writes the few tags that Markdown has; whoever asks compares what comes of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.parts.append("[")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "hr":
            self.parts.append("\n\n---\n\n")
        elif tag == "blockquote":
            self.parts.append("\n\n> ")
        else:
            self.parts.append(_MARKS.get(tag) or "\n\n" * (tag == "p" or tag in _HEADS) + _HEADS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self.parts.append("\n\n")
        elif tag == "a" and self._links:
            self.parts.append(f"]({self._links.pop()})")
        elif tag in _MARKS:
            self.parts.append(_MARKS[tag])
        elif tag == "p" or tag in _HEADS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if data.strip() or not data.startswith("\n"):
            self.parts.append(
                re.sub(r"\s*\n\s*", " " if self.parts and self.parts[-1][-1:] not in ("\n", "") else "", data)
            )

    def _begin_item(self) -> None:
        number = self._lists[-1] if self._lists else None
        indent = "   " * (len(self._lists) - 1)
        self.parts.append(f"\n{indent}- " if number is None else f"\n{indent}{number}. ")
        if number is not None:
            self._lists[-1] = number + 1
