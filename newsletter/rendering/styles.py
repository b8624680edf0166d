"""What a look comes to: every colour of a letter in both schemes, and its faces.

A theme is given these beside the content. A person chooses one accent and perhaps a ground; all else follows from them, so
that what is read stands out enough, in the dark as well.
"""

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from markupsafe import Markup

from newsletter.rendering import colours
from newsletter.rendering.contrast import NEEDED, contrast
from newsletter.rendering.look import Faces, Logo, Look, stack

_FAINT = 3.0
_TRIES = 5


@dataclass(frozen=True)
class Shades:
    """The colours of one scheme.

    `around` lies around the paper, `tint` is a quiet ground on it; three strengths of ink; `rule` is a hairline and
    `heavy` a strong one; `link` colours links and figures, `fill` the ground of buttons, `band` that of the call and of
    great heads.
    """

    paper: str
    around: str
    tint: str
    ink: str
    ink2: str
    ink3: str
    rule: str
    heavy: str
    link: str
    fill: str
    on_fill: str
    band: str
    on_band: str


@dataclass(frozen=True)
class Manner:
    """What a built-in theme brings: its colours where none are chosen, its faces, how strong its titles are.

    `inks` and `dark_inks` are paper, around, and three inks. `tints_paper` tells that the ground is the paper itself;
    without a ground there is none to choose.
    """

    accent: str
    ground: str
    inks: tuple[str, str, str]
    dark: tuple[str, str, str, str, str]
    faces: Faces
    weight: int
    tints_paper: bool = False


MANNERS = {
    "letter": Manner(
        "#17497b",
        "#f4f5f6",
        ("#14181d", "#454d56", "#5d6670"),
        ("#14171a", "#1b1f24", "#eceef0", "#bcc4cb", "#9ca6af"),
        Faces("palatino", "system", "mincho", "gothic"),
        600,
    ),
    "gazette": Manner(
        "#8c2330",
        "#faf6ec",
        ("#1f1b16", "#4a443a", "#635b4e"),
        ("#1a1815", "#100f0d", "#f0ebe1", "#cbc4b7", "#a69e90"),
        Faces("georgia", "georgia", "mincho", "mincho"),
        700,
        tints_paper=True,
    ),
    "poster": Manner(
        "#0b5d4e",
        "",
        ("#111111", "#3b3b3b", "#595959"),
        ("#141414", "#0b0b0b", "#f4f4f4", "#c9c9c9", "#a6a6a6"),
        Faces("helvetica", "helvetica", "gothic", "gothic"),
        800,
    ),
}
"""The themes that an issue can wear, in the order in which they are shown."""


@dataclass(frozen=True)
class Style:
    """A look as a theme is given it: `look.light.ink`, `look.titles(language)`, `look.logo`."""

    light: Shades
    dark: Shades
    faces: Faces
    weight: int
    logo: Logo | None = None

    def titles(self, language: str) -> Markup:
        """The `font-family` of titles in a language."""
        return Markup(stack(self.faces.title_latin, self.faces.title_japanese, language))  # noqa: S704 - our own stacks

    def text(self, language: str) -> Markup:
        """The `font-family` of text in a language."""
        return Markup(stack(self.faces.text_latin, self.faces.text_japanese, language))  # noqa: S704 - our own stacks


@lru_cache(maxsize=256)
def style_of(look: Look) -> Style:
    """Work out what a look comes to; its colours were checked by `judge` when they were chosen."""
    manner = MANNERS[look.theme]
    accent = look.accent or manner.accent
    chosen = (
        getattr(look.faces, name) or getattr(manner.faces, name) for name in (f.name for f in fields(Faces))
    )
    return Style(
        light=_plain(_light(manner, accent, look.ground or manner.ground)),
        dark=_plain(_dark(manner, accent)),
        faces=Faces(*chosen),
        weight=manner.weight,
        logo=look.logo,
    )


def _plain(shades: Shades) -> Shades:
    """Mark the colours as what a theme may write as it is."""
    return Shades(*(Markup(getattr(shades, field.name)) for field in fields(Shades)))  # noqa: S704 - colours


def _light(manner: Manner, accent: str, ground: str) -> Shades:
    ink, ink2, ink3 = manner.inks
    paper = ground if manner.tints_paper else "#ffffff"
    around = colours.mixed(ground, ink, 0.07) if manner.tints_paper else ground or "#ffffff"
    on_accent = colours.ink_on(accent)
    return Shades(
        paper=paper,
        around=around,
        tint=colours.mixed(paper, accent, 0.07),
        ink=ink,
        ink2=ink2,
        ink3=ink3,
        rule=colours.mixed(paper, ink2, 0.24),
        heavy=ink,
        link=accent,
        fill=accent,
        on_fill=on_accent,
        band=accent,
        on_band=on_accent,
    )


def _dark(manner: Manner, accent: str) -> Shades:
    paper, around, ink, ink2, ink3 = manner.dark
    tint = colours.mixed(paper, colours.at_lightness(accent, 0.6, 0.1), 0.14)
    link = colours.nearest(colours.at_lightness(accent, 0.8, 0.085), (paper, around, tint))
    band = colours.at_lightness(accent, 0.33, 0.07)
    return Shades(
        paper=paper,
        around=around,
        tint=tint,
        ink=ink,
        ink2=ink2,
        ink3=colours.nearest(ink3, (paper, around, tint)),
        rule=colours.mixed(paper, ink2, 0.2),
        heavy=colours.nearest(colours.mixed(paper, ink2, 0.6), (paper,), _FAINT),
        link=link,
        fill=link,
        on_fill=colours.ink_on(link),
        band=band,
        on_band=ink,
    )


@dataclass(frozen=True)
class Unreadable:
    """A colour with which something becomes hard to read: what, how far apart they stand, and what would pass.

    `field` is `accent` or `ground`; `what` is an English sentence for translating.
    """

    field: str
    what: str
    ratio: float
    nearest: str


def judge(look: Look) -> list[Unreadable]:
    """Say what would be hard to read in a look on a light screen; the dark one is worked out so that it reads."""
    shades = style_of(look).light
    found = []
    if MANNERS[look.theme].tints_paper:
        found += _judge_ground(shades)
    grounds = (str(shades.paper), str(shades.tint))
    ratio = min(contrast(shades.link, ground) for ground in grounds)
    if ratio < NEEDED and not found:
        better = _better_accent(look, shades)
        found.append(Unreadable("accent", "Links would be hard to read on the paper.", ratio, better))
    return found


def _judge_ground(shades: Shades) -> list[Unreadable]:
    for ink, what in (
        (shades.ink, "The text would be hard to read on this background."),
        (
            shades.ink3,
            "Dates, places and the small print at the foot would be hard to read on this background.",
        ),
    ):
        ratio = contrast(ink, shades.paper)
        if ratio < NEEDED:
            return [Unreadable("ground", what, ratio, colours.nearest(shades.paper, (shades.ink3,)))]
    return []


def _better_accent(look: Look, shades: Shades) -> str:
    """Return the nearest accent that reads. The tint moves with it, so it is found step by step."""
    better, grounds = shades.link, (shades.paper, shades.tint)
    for _ in range(_TRIES):
        better = colours.nearest(look.accent or MANNERS[look.theme].accent, grounds)
        grounds = (shades.paper, style_of(replace(look, accent=better)).light.tint)
        if min(contrast(better, ground) for ground in grounds) >= NEEDED:
            break
    return str(better)
