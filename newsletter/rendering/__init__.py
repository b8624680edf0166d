"""Sets a letter: blocks in, HTML for mail and its plain-text twin out.

Hides MJML, the sandbox that themes run in, mrml and its traps, the sanitising of foreign HTML, and how Japanese
is wrapped. Promises that no script survives, that marks (`mail.mark`) pass untouched, and that a broken theme
is reported with its line instead of a broken letter. Themes lie in `templates/themes/<name>/theme.mjml`; those that an
organisation writes itself run in a process apart, with limits, and give way to a built-in one where they fail.
"""

from newsletter.rendering.anchors import links, relink
from newsletter.rendering.blocks import (
    Block,
    Button,
    Call,
    Columns,
    Content,
    DateFigures,
    Divider,
    EntryCard,
    Footer,
    Heading,
    Layout,
    Link,
    Picture,
    Quote,
    Rendered,
    Section,
    Stacked,
    Text,
)
from newsletter.rendering.checks import CLIPPED_AT, Remark, check
from newsletter.rendering.cleaning import has_endless_tag, markdown, safe_addresses, sanitise
from newsletter.rendering.colours import read_colour
from newsletter.rendering.contrast import Faint, contrast, faint_words
from newsletter.rendering.look import JAPANESE, LATIN, Faces, Logo, Look, OwnTheme
from newsletter.rendering.own import LONGEST_THEME, Fault
from newsletter.rendering.prose import plain
from newsletter.rendering.samples import samples
from newsletter.rendering.styles import MANNERS, Manner, Unreadable, judge, style_of
from newsletter.rendering.theme import themes
from newsletter.rendering.twin import write_twin
from newsletter.rendering.wearing import preview_theme, set_in_look, source_of, try_theme


def render(content: Content, theme: str = "") -> Rendered:
    """Set a letter in the look that its content tells of, or in another built-in theme, in its colours."""
    content = safe_addresses(content)
    html, trouble = set_in_look(content, theme)
    return Rendered(html, write_twin(content), trouble)


__all__ = [
    "CLIPPED_AT", "JAPANESE", "LATIN", "LONGEST_THEME", "MANNERS", "Block", "Button", "Call", "Columns",
    "Content", "DateFigures", "Divider", "EntryCard", "Faces", "Faint", "Fault", "Footer", "Heading", "Layout",
    "Link", "Logo", "Look", "Manner", "OwnTheme", "Picture", "Quote", "Remark", "Rendered", "Section", "Stacked",
    "Text", "Unreadable", "check", "contrast", "faint_words", "has_endless_tag", "judge", "links", "markdown",
    "plain", "preview_theme", "read_colour", "relink", "render", "samples", "sanitise", "source_of", "style_of", "themes", "try_theme",
]  # fmt: skip
