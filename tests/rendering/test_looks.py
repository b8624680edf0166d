"""How the three themes look to those who read them, in whatever colours, and in mail programs that drop half of it."""

import re
from dataclasses import replace
from itertools import product

import pytest

from newsletter.rendering import (
    MANNERS,
    Faces,
    Logo,
    Look,
    contrast,
    faint_words,
    judge,
    render,
    samples,
    style_of,
)

ACCENTS = ["", "#ffcc00", "#ff0000", "#00aaff", "#111111", "#e91e63", "#ffffff", "#7fff00", "#17497b"]
READ = [
    *product(("ink", "ink2", "ink3", "link"), ("paper", "tint")), ("on_fill", "fill"), ("on_band", "band"),
]  # fmt: skip
EVERY = list(product(MANNERS, ("en", "ja")))
LOGO = Logo(
    "https://letters.example.org/images/a",
    440,
    120,
    "https://letters.example.org/images/b",
    (("en", "Minato Institute"),),
)


def set_in(theme, language, **look):
    return render(replace(samples()[language], look=Look(theme, **look))).html


def hard_to_read(look):
    style = style_of(look)
    return [
        (scheme, ink, ground)
        for scheme in ("light", "dark")
        for ink, ground in READ
        for shades in [getattr(style, scheme)]
        if contrast(getattr(shades, ink), getattr(shades, ground)) < 4.5
    ]


@pytest.mark.parametrize("theme", MANNERS)
def test_a_colour_that_passes_reads_everywhere_and_one_that_does_not_is_offered_the_nearest(theme):
    for accent in ACCENTS:
        look = Look(theme, accent)
        for trouble in judge(look):
            assert trouble.ratio < 4.5
            look = replace(look, accent=trouble.nearest)
        assert judge(look) == []
        assert hard_to_read(look) == [], accent


def test_a_dark_paper_is_refused_with_the_nearest_that_reads():
    for ground in ("#333333", "#c0c0c0", "#000000"):
        look = Look("gazette", ground=ground)
        [trouble] = judge(look)
        assert trouble.field == "ground"
        for again in judge(replace(look, ground=trouble.nearest)):
            assert again.field == "accent"


@pytest.mark.parametrize(("theme", "language"), EVERY)
def test_text_is_large_enough_and_japanese_has_room(theme, language):
    html = set_in(theme, language)
    body = html[html.index("<body") :]
    sizes = {int(size) for size in re.findall(r"font-size:(\d+)px", body)}
    assert min(sizes - {0, 1}) >= 13
    assert {16, 17} & sizes
    if language == "ja":
        assert "line-height:1.85" in body


@pytest.mark.parametrize(("theme", "language"), EVERY)
def test_nothing_is_asked_of_mail_programs_that_many_do_not_know(theme, language):
    """Gmail drops a style sheet beyond 8,192 characters or with what it cannot read; Outlook knows neither flex nor position."""
    html = set_in(theme, language, logo=LOGO)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert all(len(style) < 8192 for style in styles)
    assert not re.search(r"\[[a-z-]+[~|^$*]?=", "".join(styles))
    inline = re.findall(r'style="([^"]*)"', html)
    declared = {part.split(":")[0].strip() for one in inline for part in one.split(";") if ":" in part}
    assert not declared & {
        "position",
        "float",
        "flex",
        "grid",
        "gap",
        "transform",
        "background-image",
        "object-fit",
        "inset",
    }
    assert not re.search(r"var\(|calc\(|rgba?\(|oklch\(|url\(|<svg|<video|<form", html)
    assert not re.search(r"margin[^:;\"]*:[^;\"]*-\d", "".join(inline))


@pytest.mark.parametrize(("theme", "language"), EVERY)
def test_without_style_sheets_every_colour_still_stands_beside_what_wears_it(theme, language):
    html = re.sub(r"<style.*?</style>", "", set_in(theme, language), flags=re.DOTALL)
    light = style_of(Look(theme)).light
    for colour in (light.ink, light.ink3, light.link, light.paper):
        assert colour in html
    for found in re.finditer(r"<(h[1-3]|a(?= href=\"[^\"]*\" class)) [^>]*>", html):
        assert "color:" in found[0], found[0]


@pytest.mark.parametrize(("theme", "language"), EVERY)
def test_the_look_that_was_chosen_is_worn(theme, language):
    html = set_in(
        theme, language, accent="#7a1f5c", faces=Faces("verdana", "times", "round", "mincho"), logo=LOGO
    )
    face = "'Hiragino Maru Gothic ProN'" if language == "ja" else "Verdana"
    assert re.search(rf"<h1[^>]*font-family:{face}", html)
    assert "#7a1f5c" in html
    assert faint_words(html) == []
    assert str(style_of(Look(theme)).light.link) not in html
    logo = re.search(r'<img[^>]*images/a"[^>]*>', html)[0]
    assert 'alt="Minato Institute"' in logo
    assert 'width="220" height="60"' in logo
    assert re.search(r'<img class="ink logo-dark"[^>]*images/b"[^>]*display:none', html)
