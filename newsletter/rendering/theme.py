r"""Sets a letter in a theme: sandboxed Jinja2, then MJML, then HTML.

mrml never sees what people wrote. Each text of a letter goes through it spelled in hexadecimal, and is put in its
place, escaped, afterwards. So nobody's words can become tags, and two traps of mrml stay shut: it writes
private-use characters in attributes as `\u{e000}`, and stops at a `<br>` that is not closed.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from newsletter.errors import Invalid
from newsletter.rendering.blocks import Content, in_one_row
from newsletter.rendering.cleaning import dress
from newsletter.rendering.mjml import refuse_broken
from newsletter.rendering.styles import style_of

FOLDER = Path(__file__).parents[2] / "templates" / "themes"

# Where one conditional comment for Outlook ends and the next begins; one will do, and letters grow smaller.
_BETWEEN_CONDITIONS = "<![endif]--><!--[if mso | IE]>"
_STAND_IN = re.compile(r"zq([0-9a-f]*)qz")
RAISED_BY_TEMPLATES = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)


def themes(folder: Path = FOLDER) -> list[str]:
    """The names of all themes."""
    return sorted(path.parent.name for path in folder.glob("*/theme.mjml"))


def set_html(content: Content, theme: str, folder: Path = FOLDER) -> str:
    """The letter as HTML; a theme that is broken or missing raises `Invalid` with the line."""
    if theme not in themes(folder):
        raise Invalid(f"There is no theme “{theme}”; there are: {', '.join(themes(folder))}.", "theme")
    template = _template(theme, folder)
    if not _knows_columns(theme, folder):
        content = in_one_row(content)
    try:
        source = template.render(content=content, look=style_of(content.look))
    except RAISED_BY_TEMPLATES as error:
        raise Invalid(f"Theme {theme}, {_where(error, folder)}: {error}.", "theme") from error
    try:
        return restored(to_html(source))
    except OSError as error:
        raise Invalid(f"Theme {theme}: its MJML is broken: {error}.", "theme") from error


def to_html(source: str) -> str:
    """Return the HTML of MJML, in which texts are still spelled. Raises `OSError` where mrml cannot read it."""
    output = mrml.to_html(source, render_options=mrml.RenderOptions(fonts={}))  # or it links web fonts
    html: str = output.content
    return html.replace(_BETWEEN_CONDITIONS, "")


def restored(html: str) -> str:
    """Return HTML with its texts in their places."""
    return _STAND_IN.sub(lambda found: bytes.fromhex(found[1]).decode(), html)


def sandbox(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    """Return what themes run in: they see what they are given, and what they write is escaped."""
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        finalize=_stand_in,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dress"] = _dress
    environment.filters["kind"] = lambda block: Markup(type(block).__name__)  # noqa: S704  (a class of ours)
    return environment


@cache
def _template(theme: str, folder: Path) -> Template:
    """A theme that was read, checked and compiled once; the service restarts to read it anew."""
    try:
        for path in (folder / theme / "theme.mjml", *folder.glob("*.mjml")):
            refuse_broken(path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix())
        return _environment(folder).get_template(f"{theme}/theme.mjml")
    except TemplateSyntaxError as error:
        raise Invalid(f"Theme {error.name}, line {error.lineno}: {error.message}", "theme") from error


@cache
def _knows_columns(theme: str, folder: Path) -> bool:
    """Tell whether a theme sets two columns; one that was written without them shows what stands in them all the same."""
    return "Columns" in (folder / theme / "theme.mjml").read_text(encoding="utf-8")


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return sandbox(FileSystemLoader(folder))


def _stand_in(value: Any) -> Any:
    """Spell plain text so that it passes MJML unread; what a theme itself wrote (Markup, numbers) stays readable."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else _spelled(escape(value))


def _dress(html: str, **styles: str) -> Markup:
    """Foreign HTML, made safe, each tag with a class and an inline style: `html | dress(a="link|color: …")`."""
    return _spelled(dress(html, styles))


def _spelled(html: str) -> Markup:
    return Markup(f"zq{html.encode().hex()}qz")  # noqa: S704  (letters and digits only)


def _where(error: BaseException, folder: Path) -> str:
    """The innermost line of a theme that an error went through."""
    where, trace = "some line", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(str(folder)):
            path = Path(trace.tb_frame.f_code.co_filename)
            where = f"line {trace.tb_lineno} of {path.relative_to(folder).as_posix()}"
        trace = trace.tb_next
    return where
