"""Two columns in a letter: side by side, one after the other where there is no room, and in a theme that knows none."""

from dataclasses import replace

from newsletter.rendering import Button, Columns, EntryCard, Heading, Link, Picture, Quote, Text, render
from newsletter.rendering.theme import set_html
from tests.rendering import rendering_samples as samples

PAIR = Columns(
    (Heading("Read", 3), Text("<p>On the left, <a href='https://example.org/a'>here</a>.</p>")),
    (
        EntryCard("Event", "Dialogue", "https://example.org/d", summary="Summed up.", layout="card"),
        Picture("https://example.org/p.jpg", "A hall", 536, 300, caption="The hall"),
        Quote("Said.", "Ada"),
        Button(Link("Go", "https://example.org/go")),
    ),
)
LETTER = replace(samples.ENGLISH, blocks=(PAIR,))


def test_each_kind_of_block_stands_in_a_column_of_half_the_width():
    html = render(LETTER).html
    assert html.count('class="mj-outlook-group-fix mj-column-per-50"') == 2
    for words in ("Read", "On the left", "Dialogue", "Summed up.", "The hall", "Said.", "Ada", "Go"):
        assert words in html
    assert 'width="268" height="150"' in html


def test_in_plain_text_one_column_follows_the_other():
    text = render(LETTER).text
    places = [
        text.index(words) for words in ("Read", "On the left", "[1] https://example.org/a", "Dialogue", "Go:")
    ]
    assert places == sorted(places)


def test_a_theme_that_knows_no_columns_shows_what_stands_in_them(tmp_path):
    (tmp_path / "own").mkdir()
    inner = "{% for block in content.blocks %}{% if block | kind == 'Quote' %}<mj-text>{{ block.text }}</mj-text>{% endif %}{% endfor %}"
    (tmp_path / "own" / "theme.mjml").write_text(
        f"<mjml><mj-body><mj-section><mj-column>{inner}</mj-column></mj-section></mj-body></mjml>"
    )
    assert "Said." in set_html(LETTER, "own", tmp_path)


def test_addresses_in_columns_are_made_safe():
    letter = replace(LETTER, blocks=(Columns((Button(Link("Go", "javascript:alert(1)")),), (Heading("x"),)),))
    assert "javascript" not in render(letter).html
