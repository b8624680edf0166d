"""What the author of a theme is told."""

import pytest

from newsletter.errors import Invalid
from newsletter.rendering import render, themes
from newsletter.rendering.mjml_words import KNOWN
from newsletter.rendering.theme import FOLDER, set_html
from tests.rendering import rendering_samples as samples

FRAME = "<mjml>\n<mj-body>\n<mj-section><mj-column>\n%s\n</mj-column></mj-section>\n</mj-body>\n</mjml>"


def set_with(tmp_path, inner):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "theme.mjml").write_text(FRAME % inner)
    return set_html(samples.ENGLISH, "own", tmp_path)


def test_there_are_three_themes_for_issues_and_one_for_service_mail():
    assert themes() == ["gazette", "letter", "notice", "poster"]
    assert all("mj-include" not in path.read_text() for path in FOLDER.rglob("*.mjml"))
    assert "mj-include" not in KNOWN


def test_a_theme_of_ones_own_is_set(tmp_path):
    html = set_with(
        tmp_path,
        '<mj-text>{{ content.title }}</mj-text><mj-button href="{{ content.web.url }}">Go</mj-button>',
    )
    assert "Tokyo Letter" in html
    assert f'href="{samples.ENGLISH.web.url}"' in html


@pytest.mark.parametrize(
    ("inner", "complaint"),
    [
        (
            "<mj-text>a</mj-text>\n<mj-buton>b</mj-buton>",
            "Theme own/theme.mjml, line 5: MJML knows no <mj-buton>.",
        ),
        ("<mj-text>a<br></mj-text>", "Theme own/theme.mjml, line 4: <br> is not closed. Write <br />."),
        (
            "<mj-text><b>a</mj-text>",
            "Theme own/theme.mjml, line 4: </mj-text> stands where <b> of line 4 should be closed.",
        ),
        ("{% if 1 %}\n<mj-text>a</mj-text>", "Theme own/theme.mjml, line 5: Unexpected end"),
        ("<mj-text>{{ content.titel }}</mj-text>", "Theme own, line 4 of own/theme.mjml: "),
        ("<mj-text>{{ 1 // 0 }}</mj-text>", "Theme own, line 4 of own/theme.mjml: "),
        ("<mj-text>{{ content.__class__.__mro__ }}</mj-text>", "Theme own, line 4 of own/theme.mjml: "),
        ("<mj-text>{% include '/etc/passwd' %}</mj-text>", "Theme own, line 4 of own/theme.mjml: "),
        ("<mj-text>{% include '../../../etc/passwd' %}</mj-text>", "Theme own, line 4 of own/theme.mjml: "),
    ],
)
def test_a_broken_theme_is_reported_with_its_line(tmp_path, inner, complaint):
    with pytest.raises(Invalid) as caught:
        set_with(tmp_path, inner)
    assert str(caught.value).startswith(complaint)


@pytest.mark.parametrize("name", ["none", "../letter"])
def test_a_theme_that_is_not_there_is_named(name):
    with pytest.raises(Invalid, match="there are: gazette, letter, notice, poster"):
        render(samples.ENGLISH, name)
