"""Sets a letter: blocks in, HTML for mail and its plain-text twin out.

Hides MJML, the sandbox that themes run in, mrml and its traps, the sanitising of foreign HTML, and how Japanese
is wrapped. Promises that no script survives, that marks (`mail.mark`) pass untouched, and that a broken theme
is reported with its line instead of a broken letter. Themes lie in `templates/themes/<name>/theme.mjml`.
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
from newsletter.rendering.contrast import Faint, contrast, faint_words
from newsletter.rendering.prose import plain
from newsletter.rendering.theme import set_html, themes
from newsletter.rendering.twin import write_twin


def render(content: Content, theme: str = "letter") -> Rendered:
    """Set a letter in a theme; a theme that is broken or missing raises `Invalid` with the line."""
    content = safe_addresses(content)
    return Rendered(html=set_html(content, theme), text=write_twin(content))


__all__ = [
    "CLIPPED_AT", "Block", "Button", "Call", "Columns", "Content", "DateFigures", "Divider", "EntryCard", "Faint", "Footer", "Heading", "Layout", "Link",
    "Picture", "Quote", "Remark", "Rendered", "Section", "Stacked", "Text", "check", "contrast", "faint_words", "has_endless_tag", "links", "markdown", "plain",
    "relink", "render", "sanitise", "themes",
]  # fmt: skip
