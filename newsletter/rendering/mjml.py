"""Reads the tags of a theme before mrml does, because mrml drops what it does not know without a word.

It reads the source with its Jinja parts blanked out, so each complaint names the line that its author wrote. For
this a theme closes its tags in the order in which it opens them, whatever conditions and loops stand between.
"""

import re
from collections.abc import Iterator

from newsletter.errors import Invalid
from newsletter.rendering.mjml_words import ATTRIBUTES, KNOWN, PARENTS

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"})
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<told>(?:\"[^\"]*\"|'[^']*'|[^'\">])*?)(?P<self>/?)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_MARKED = re.compile("\x02(\\d+)\x03")


def refuse_broken(source: str, name: str) -> None:
    """Raise `Invalid` with the line if a tag is unknown to MJML, not closed, or closed in the wrong place."""
    for line, sentence in faults_of_source(source):
        raise Invalid(f"Theme {name}, line {line}: {sentence}", "theme")


def faults_of_source(source: str) -> Iterator[tuple[int, str]]:
    """Return what is wrong with the tags of a theme, each with its line."""
    bare = _without_jinja(source)
    opened: list[tuple[str, int]] = []
    for tag in _TAG.finditer(bare):
        line, name = bare.count("\n", 0, tag.start()) + 1, tag["name"].lower()
        if name.startswith("mj") and name not in KNOWN:
            yield line, f"MJML knows no <{name}>."
        yield from _faults_of_attributes(tag, name, line)
        if tag["end"]:
            yield from _fault_of_closing(opened, name, line)
        elif not tag["self"]:
            if name in _VOID:
                yield line, f"<{name}> is not closed. Write <{name} />."
            opened.append((name, line))
    for name, line in reversed(opened):
        yield line, f"<{name}> is not closed."


def marked(source: str) -> str:
    """Return a theme with the number of its line before each MJML tag, for `unmarked` to find once it is set."""
    bare = _without_jinja(source)
    places = [tag.start() for tag in _TAG.finditer(bare) if tag["name"].startswith("mj") and not tag["end"]]
    for place in reversed(places):
        line = source.count("\n", 0, place) + 1
        source = f"{source[:place]}\x02{line}\x03{source[place:]}"
    return source


def unmarked(mjml: str) -> tuple[str, list[tuple[int, int]]]:
    """Return MJML without its numbers, and where each stood: pairs of an offset and a line."""
    parts = _MARKED.split(mjml)
    text, lines = parts[0], []
    for number, part in zip(parts[1::2], parts[2::2], strict=True):
        lines.append((len(text), int(number)))
        text += part
    return text, lines


def faults_of_nesting(mjml: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Return what stands where MJML would drop it, in a letter that was set, each with its line in the theme."""
    opened: list[str] = []
    for tag in _TAG.finditer(mjml):
        name = tag["name"].lower()
        if not name.startswith("mj"):
            continue
        if tag["end"]:
            del opened[-1:]
            continue
        parents = PARENTS.get(name)
        if parents and "mj-attributes" not in opened and (opened[-1:] or [""])[0] not in parents:
            within = " or ".join(f"<{parent}>" for parent in parents)
            yield line_at(tag.start(), lines), f"<{name}> must stand directly in {within}."
        if not tag["self"]:
            opened.append(name)


def line_at(offset: int, lines: list[tuple[int, int]]) -> int:
    """Return the line of a theme that wrote what stands at an offset, or the last before it that is known."""
    return max((one for one in lines if one[0] <= offset), default=(0, 1))[1]


def _without_jinja(source: str) -> str:
    return _JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def _faults_of_attributes(tag: re.Match[str], name: str, line: int) -> Iterator[tuple[int, str]]:
    for attribute in _ATTRIBUTE.findall(tag["told"]) if name in ATTRIBUTES else ():
        if attribute not in ATTRIBUTES[name]:
            yield line, f"<{name}> knows no “{attribute}”."


def _fault_of_closing(opened: list[tuple[str, int]], name: str, line: int) -> Iterator[tuple[int, str]]:
    if not opened:
        yield line, f"</{name}> closes nothing."
        return
    last, where = opened.pop()
    if last != name:
        yield line, f"</{name}> stands where <{last}> of line {where} should be closed."
        if name in dict(opened):  # what stands around is right again after this
            while opened.pop()[0] != name:
                pass
