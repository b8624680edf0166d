"""Sets letters in a theme that an organisation wrote itself, and says what is wrong with it, at the line.

It believes nothing of the theme but that its author means well: `apart` runs it in a process of its own, with limits.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    FileSystemLoader,
    Template,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.meta import find_undeclared_variables

from newsletter.rendering.blocks import (
    Block,
    Button,
    Call,
    Columns,
    Content,
    EntryCard,
    Heading,
    Picture,
    Quote,
    Section,
    Text,
    in_one_row,
)
from newsletter.rendering.jinja_words import why_unknown, why_unreadable
from newsletter.rendering.mjml import faults_of_nesting, faults_of_source, line_at, marked, unmarked
from newsletter.rendering.prose import plain
from newsletter.rendering.styles import style_of
from newsletter.rendering.theme import FOLDER, RAISED_BY_TEMPLATES, restored, sandbox, to_html

LONGEST_THEME = 200_000
"""Bytes of source that a theme may have."""
_LARGEST_LETTER = 2_000_000
_MOST_FAULTS = 30
_NAME = "theme.mjml"
_GIVEN = frozenset({"content", "look"})
_POSITION = re.compile(r"position (\d+)")
_FIRST_WORDS = 24


@dataclass(frozen=True)
class Fault:
    """What is wrong with a theme: one English sentence, and the line where one is to blame."""

    sentence: str
    line: int | None = None


class Faulty(Exception):
    """A theme cannot set a letter."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(dict.fromkeys(faults))[:_MOST_FAULTS]
        super().__init__("; ".join(fault.sentence for fault in self.faults))


def set_own(content: Content, source: str) -> str:
    """Set a letter. Raises `Faulty` where the theme is broken, or leaves out what a letter must have."""
    template = _compiled(source)
    if "Columns" not in source:
        content = in_one_row(content)
    try:
        written = template.render(content=content, look=style_of(content.look))
    except (*RAISED_BY_TEMPLATES, MemoryError) as error:
        raise Faulty([Fault(_say(error), _line(error))]) from error
    if len(written) > _LARGEST_LETTER:
        raise Faulty([Fault("The letter grows beyond 2 MB. Look for a loop that runs too often.")])
    html = _set(*unmarked(written))
    missing = list(_left_out(content, html))
    if missing:
        raise Faulty(missing)
    return html


def _set(mjml: str, lines: list[tuple[int, int]]) -> str:
    nested = [Fault(sentence, line) for line, sentence in faults_of_nesting(mjml, lines)]
    if nested:
        raise Faulty(nested)
    try:
        return restored(to_html(mjml))
    except OSError as error:
        found = _POSITION.search(str(error))
        raise Faulty(
            [Fault(f"MJML cannot be read: {error}.", line_at(int(found[1]), lines) if found else None)]
        ) from error


@lru_cache(maxsize=32)
def _compiled(source: str) -> Template:
    """Read a theme, and compile it once as long as it stays the same. Raises `Faulty`."""
    faults = [Fault(sentence, line) for line, sentence in faults_of_source(source)]
    loader = ChoiceLoader([DictLoader({_NAME: marked(source)}), FileSystemLoader(FOLDER)])
    environment = sandbox(loader)
    try:
        tree = environment.parse(source)
        template = environment.get_template(_NAME)
    except TemplateSyntaxError as error:
        raise Faulty([Fault(why_unreadable(error.message or ""), error.lineno), *faults]) from error
    unknown = find_undeclared_variables(tree) - _GIVEN - set(environment.globals)
    faults += [
        Fault(f"There is no “{name.name}” here. A theme is given “content” and “look”.", name.lineno)
        for name in tree.find_all(nodes.Name)
        if name.ctx == "load" and name.name in unknown
    ]
    if faults:
        raise Faulty(sorted(faults, key=lambda fault: fault.line or 0))
    return template


def _say(error: BaseException) -> str:
    match error:
        case RecursionError():
            return "A macro calls itself without end."
        case MemoryError() | OverflowError():
            return "This needs more memory than a theme may have."
        case UndefinedError():
            return why_unknown(error.message or "")
        case _:
            return f"This cannot be worked out: {error}."


def _line(error: BaseException) -> int | None:
    """The innermost line of the theme itself that an error went through."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# What a letter must have


def _left_out(content: Content, html: str) -> Iterator[Fault]:
    for link in content.footer.links[:2]:
        if f'href="{escape(link.url)}"' not in html:
            yield Fault(f"The letter lacks the link “{link.text}” of content.footer.links.")
    for line in content.footer.address_lines:
        if str(escape(line, quote=False)) not in _unquoted(html):
            yield Fault(f"The letter lacks “{line}”, a line of content.footer.address_lines.")
    if content.footer.reason and content.footer.reason not in _unquoted(html):
        yield Fault("The letter does not say why it came: content.footer.reason.")
    body = _unquoted(html)
    for block in content.blocks:
        for words in _words(block):
            if words and escape(words, quote=False) not in body:
                yield Fault(f"The letter leaves out what stands in a {type(block).__name__}: “{words}”.")
                break


def _unquoted(html: str) -> str:
    return html.replace("&#34;", '"').replace("&#39;", "'").replace("&quot;", '"').replace("&#x27;", "'")


def _words(block: Block) -> Iterator[str]:
    """Return words of a block that a letter must show."""
    match block:
        case Columns():
            for piece in (*block.left, *block.right):
                yield from _words(piece)
        case Section():
            yield block.title
            yield from (card.title for card in block.cards)
        case EntryCard() | Call():
            yield block.title
        case Heading() | Quote():
            yield block.text
        case Picture():
            yield block.alt
        case Button():
            yield block.link.text
        case Text():
            yield _first_words(block.html)


def _first_words(html: str) -> str:
    """Return the first words of a text that stand in one tag."""
    runs = (plain(run).strip() for run in re.split(r"<[^>]*>", html))
    return next((run[:_FIRST_WORDS].strip() for run in runs if run), "")
