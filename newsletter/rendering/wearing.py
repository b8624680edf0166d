"""Sets a letter in the look that it wears, and keeps a broken theme from stopping a letter.

Where a theme of one's own fails, or leaves out what a letter must have, the letter is set in the built-in theme that it was
made from, in the same colours, and says so (`Rendered.trouble`).
"""

from dataclasses import replace

from newsletter.rendering.apart import set_apart
from newsletter.rendering.blocks import Content
from newsletter.rendering.cleaning import safe_addresses
from newsletter.rendering.look import Look
from newsletter.rendering.own import Fault, Faulty
from newsletter.rendering.samples import samples
from newsletter.rendering.theme import FOLDER, set_html


def set_in_look(content: Content, theme: str = "") -> tuple[str, str]:
    """Return the letter's HTML, and what kept its own theme from setting it; nothing where all is well."""
    own = content.look.own
    if theme or own is None:
        return set_html(content, theme or content.look.theme), ""
    try:
        return set_apart(own.source, (content,))[0], ""
    except Faulty as faulty:
        return set_html(content, content.look.theme), said(faulty.faults[0])


def try_theme(source: str, base: str) -> list[Fault]:
    """Set every sample in every language in a theme; return what is wrong with it."""
    contents = tuple(replace(content, look=Look(base)) for content in samples().values())
    try:
        set_apart(source, contents)
    except Faulty as faulty:
        return faulty.faults
    return []


def preview_theme(source: str, content: Content) -> str | list[Fault]:
    """Return a letter set in a theme that is being written, or what is wrong with it."""
    try:
        return set_apart(source, (safe_addresses(content),))[0]
    except Faulty as faulty:
        return faulty.faults


def source_of(theme: str) -> str:
    """Return the source of a built-in theme, to begin one's own with."""
    return (FOLDER / theme / "theme.mjml").read_text(encoding="utf-8")


def said(fault: Fault) -> str:
    """Say a fault with its line, in English."""
    return f"Line {fault.line}: {fault.sentence}" if fault.line else fault.sentence
