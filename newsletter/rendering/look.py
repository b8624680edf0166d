"""How a publication looks in the mail: its theme, colours, faces and logo."""

from collections.abc import Mapping
from dataclasses import dataclass

LATIN: Mapping[str, str] = {
    "palatino": "'Iowan Old Style','Palatino Linotype',Palatino,'Source Serif 4',Georgia",
    "georgia": "Georgia,Cambria,'Noto Serif','Times New Roman'",
    "times": "'Times New Roman',Times,'Liberation Serif'",
    "system": "-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial",
    "helvetica": "'Helvetica Neue',Helvetica,Arial,'Liberation Sans'",
    "verdana": "Verdana,Geneva,'DejaVu Sans'",
    "trebuchet": "'Trebuchet MS','Lucida Grande',Tahoma",
}
"""Faces for Latin text that mail programs have, by name, each with what stands in for it."""

JAPANESE: Mapping[str, str] = {
    "mincho": "'Hiragino Mincho ProN','Yu Mincho','Noto Serif JP','Noto Serif CJK JP'",
    "gothic": "'Hiragino Sans','Hiragino Kaku Gothic ProN','Noto Sans JP','Noto Sans CJK JP','BIZ UDPGothic','Yu Gothic Medium',Meiryo",
    "round": "'Hiragino Maru Gothic ProN','BIZ UDPGothic','Zen Maru Gothic',Meiryo,'Noto Sans CJK JP'",
}
"""The same for Japanese text."""

_SERIFS = frozenset({"palatino", "georgia", "times", "mincho"})


@dataclass(frozen=True)
class Faces:
    """Names of faces, for titles and for text, in Latin and in Japanese; an empty one is as the theme has it."""

    title_latin: str = ""
    text_latin: str = ""
    title_japanese: str = ""
    text_japanese: str = ""


def stack(latin: str, japanese: str, language: str) -> str:
    """Write the `font-family` of text in a language. In Japanese its face comes first, or quotes and dashes come out Latin."""
    if language.startswith("ja"):
        return f"{JAPANESE[japanese]},{_generic(japanese)}"
    fallback = "'Noto Serif CJK JP'" if latin in _SERIFS else "'Noto Sans CJK JP'"
    return f"{LATIN[latin]},{fallback},{_generic(latin)}"


def _generic(face: str) -> str:
    return "serif" if face in _SERIFS else "sans-serif"


@dataclass(frozen=True)
class Logo:
    """A picture that stands at the head of each letter. `alts` says by language what it shows.

    `dark_url` is its form for dark screens; empty where one serves for both.
    """

    url: str
    width: int
    height: int
    dark_url: str = ""
    alts: tuple[tuple[str, str], ...] = ()

    def alt(self, language: str) -> str:
        """What it shows, in a language; else in the first that has words; else nothing."""
        texts = dict(self.alts)
        return texts.get(language) or next(filter(None, texts.values()), "")


@dataclass(frozen=True)
class OwnTheme:
    """A theme that an organisation wrote itself: what it calls it, and its MJML with Jinja."""

    title: str
    source: str


@dataclass(frozen=True)
class Look:
    """What is chosen of a look. `theme` is a built-in one: with `own`, the one that stands in where that fails.

    An empty colour is the theme's; `accent` colours links and buttons, `ground` what lies beneath the text or around it.
    """

    theme: str = "letter"
    accent: str = ""
    ground: str = ""
    faces: Faces = Faces()
    logo: Logo | None = None
    own: OwnTheme | None = None
