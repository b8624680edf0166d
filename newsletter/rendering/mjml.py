"""Reads the tags of a theme before mrml does, because mrml drops unknown tags without a word.

It reads the source with its Jinja parts blanked out, so each complaint names the line that its author wrote. For
this a theme closes its tags in the order in which it opens them, whatever conditions and loops stand between.
"""

import re
from collections.abc import Iterator

from newsletter.errors import Invalid

KNOWN = frozenset(
    "mjml mj-head mj-attributes mj-all mj-class mj-breakpoint mj-preview mj-raw mj-style mj-title mj-body mj-accordion "  # noqa: SIM905  (words read better as one list)
    "mj-accordion-element mj-accordion-title mj-accordion-text mj-button mj-carousel mj-carousel-image mj-column "
    "mj-divider mj-group mj-hero mj-image mj-navbar mj-navbar-link mj-section mj-social mj-social-element mj-spacer "
    "mj-table mj-text mj-wrapper".split()
)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"})
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^'\">])*?(?P<self>/?)>", re.DOTALL
)


def refuse_broken(source: str, name: str) -> None:
    """Raise `Invalid` with the line if a tag is unknown to MJML, not closed, or closed in the wrong place."""
    for line, sentence in _faults(source):
        raise Invalid(f"Theme {name}, line {line}: {sentence}", "theme")


def _faults(source: str) -> Iterator[tuple[int, str]]:
    bare = _JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    opened: list[tuple[str, int]] = []
    for tag in _TAG.finditer(bare):
        line, name = bare.count("\n", 0, tag.start()) + 1, tag["name"].lower()
        if name.startswith("mj") and name not in KNOWN:
            yield line, f"MJML knows no <{name}>."
        if tag["end"]:
            yield from _fault_of_closing(opened, name, line)
        elif not tag["self"]:
            if name in _VOID:
                yield line, f"<{name}> is not closed. Write <{name} />."
            opened.append((name, line))
    for name, line in reversed(opened):
        yield line, f"<{name}> is not closed."


def _fault_of_closing(opened: list[tuple[str, int]], name: str, line: int) -> Iterator[tuple[int, str]]:
    if not opened:
        yield line, f"</{name}> closes nothing."
        return
    last, where = opened.pop()
    if last != name:
        yield line, f"</{name}> stands where <{last}> of line {where} should be closed."
