"""What a reader sees of a letter, in a mail program that shows HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from newsletter.mail import mark
from newsletter.rendering import (
    Button,
    Call,
    Content,
    EntryCard,
    Heading,
    Link,
    Picture,
    Quote,
    Section,
    Text,
    check,
    render,
    themes,
)
from tests.rendering import rendering_samples as samples

LETTERS = [
    *(
        (content, theme)
        for theme in ("letter", "gazette", "poster")
        for content in (samples.ENGLISH, samples.JAPANESE)
    ),
    (samples.CONFIRMATION, "notice"),
]
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs for tag, attrs in self.seen if tag == name]


def letter(*blocks, **fields):
    return Content(**{"language": "en", "title": "Tokyo Letter", "subject": "S", "blocks": blocks} | fields)


@pytest.mark.parametrize(("content", "theme"), LETTERS)
def test_a_letter_has_nothing_that_should_be_mended(content, theme):
    assert check(render(content, theme)) == []


@pytest.mark.parametrize(("content", "theme"), LETTERS)
def test_no_mjml_tag_and_no_stand_in_is_left_over(content, theme):
    html = render(content, theme).html
    assert not re.search(r"</?mj-|zq[0-9a-f]|\\u\{", html)


@pytest.mark.parametrize(("content", "theme"), LETTERS)
def test_every_image_has_a_description_and_a_size(content, theme):
    for image in Tags(render(content, theme).html).all("img"):
        assert image["alt"]
        assert int(image["width"]) <= 560
        assert int(image["height"]) > 0


@pytest.mark.parametrize(("content", "theme"), LETTERS)
def test_every_layout_table_is_hidden_from_screen_readers(content, theme):
    assert all(
        table.get("role") == "presentation" for table in Tags(render(content, theme).html).all("table")
    )


@pytest.mark.parametrize(("content", "theme"), LETTERS)
def test_nothing_is_fetched_but_pictures(content, theme):
    html = render(content, theme).html
    assert "@import" not in html
    assert "url(" not in html
    assert "fonts.googleapis" not in html
    assert not Tags(html).all("link")


def test_the_language_is_told_for_the_letter_and_at_each_change():
    tags = Tags(render(samples.JAPANESE).html)
    assert tags.all("html")[0]["lang"] == "ja"
    assert any(div.get("lang") == "en" for div in tags.all("div"))
    assert [a["href"] for a in tags.all("a") if a.get("lang") == "en"] == [
        f"{samples.SITE}/issues/42?language=en"
    ]


def test_japanese_text_is_set_in_a_japanese_face_first():
    html = render(samples.JAPANESE).html
    title = re.search(r"<h1[^>]*>東京だより", html)[0]
    assert "font-family:'Hiragino Mincho ProN'" in title
    assert re.search(r"<h3[^>]*'Iowan Old Style'[^>]*><a[^>]*>Two fellowships", html)


def test_both_colour_schemes_are_there_and_light_ones_need_no_style_sheet():
    html = render(samples.ENGLISH).html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "@media (prefers-color-scheme: dark)" in html
    bare = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    for colour in ("#14181d", "#17497b", "#ffffff", "#5d6670"):
        assert colour in bare


def test_the_preheader_stands_first_and_is_not_seen():
    html = render(samples.ENGLISH).html
    body = html[html.index("<body") :]
    assert body.index("The programme of the Dialogue") < body.index("No. 42")
    assert re.search(r'<div style="display:none[^"]*">The programme of the Dialogue', body)


def test_the_ways_out_and_the_sender_stand_at_the_foot():
    html = render(samples.ENGLISH).html
    foot = html[html.index("You get this because") :]
    assert f'href="{samples.UNSUBSCRIBE}"' in foot
    assert f'href="{samples.PREFERENCES}"' in foot
    assert "Shimbashi, Minato-ku" in foot


def test_each_block_is_shown():
    html = render(samples.ENGLISH).html
    for words in (
        "10–11", "November 2026, Tuesday and Wednesday", "Register by Friday 30 October", "Agenda (PDF)", "Also coming",
        "Two fellowships for 2027", "Japanese only", "From the reading room", "Shipyards &amp; ports", "Harbour proverb",
        "Visit the reading room", "Ways to support us", "Read on the web",
    ):  # fmt: skip
        assert words in html, words


def test_marks_come_through_text_and_addresses_untouched():
    name, token = mark("name", "O’Reilly & “friends”"), mark("token:click")
    url = f"https://example.org/click/{token}?a=1&b={token}"
    content = letter(
        Text(f'<p title="{name}">Dear {name}, <a href="https://example.org/{token}">look</a></p>'),
        Heading(f"For {name}"),
        Picture(f"https://example.org/{token}.png", name, 100, 50, link=url),
        Button(Link(name, url)),
        Call(name, name, Link("Give", url)),
        Section("S", (EntryCard("News", name, url, summary=name),)),
        preheader=f"Dear {name}",
        subject=f"{name}, hello",
        web=Link("Read on the web", url),
    )
    for theme in themes():
        rendered = render(content, theme)
        for text in (rendered.html, rendered.text):
            assert name in text
            assert token in text
            assert text.count("\ue000") == text.count("\ue001") == text.count("\ue002")
            rest = re.sub("\ue000[A-Za-z0-9:_.-]+\ue001[0-9a-f]*\ue002", "", text)
            assert not re.search("[\ue000-\uf8ff]", rest)


def test_nothing_that_mallory_types_becomes_a_tag():
    url = f"https://example.org/{ATTACK}"
    card = EntryCard(
        ATTACK,
        ATTACK,
        url,
        ATTACK,
        ATTACK,
        facts=(ATTACK,),
        label=ATTACK,
        language=ATTACK,
        button=Link(ATTACK, url),
    )
    content = letter(
        Text(ATTACK), Heading(ATTACK), Quote(ATTACK, ATTACK), Call(ATTACK, ATTACK, Link(ATTACK, url)),
        Picture(url, ATTACK, 10, 10, url, ATTACK), Section(ATTACK, (card, replace(card, layout="feature"))),
        replace(card, layout="line"), title=ATTACK, subject=ATTACK, preheader=ATTACK, kicker=ATTACK, language=ATTACK,
    )  # fmt: skip
    for theme in themes():
        tags = Tags(render(content, theme).html)
        assert not tags.all("script")
        assert not [attrs for _, attrs in tags.seen if any(name.startswith("on") for name in attrs)]
        assert not [image for image in tags.all("img") if "style" not in image]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "VBScript:x", "\x01javascript:x"],
)
def test_an_address_that_could_run_something_leads_nowhere(url):
    content = letter(Button(Link("Go", url)), EntryCard("News", "T", url), Text(f'<a href="{url}">x</a>'))
    rendered = render(content)
    assert "script:" not in rendered.html.lower()
    assert "data:" not in rendered.html
    assert "script:" not in rendered.text.lower()


def test_mjml_typed_by_an_editor_is_text():
    html = render(
        letter(Heading("</mj-text></mj-column> {{ 7 * 7 }} {% raw %}"), Text("<mj-raw><b>bold</b></mj-raw>"))
    ).html
    assert "&lt;/mj-text&gt;&lt;/mj-column&gt; {{ 7 * 7 }} {% raw %}" in html
    assert "<b>bold</b>" in html


def test_a_letter_of_thirty_entries_is_not_clipped():
    card = samples.ENGLISH.blocks[3].cards[0]
    rendered = render(letter(Section("All", (card,) * 30)))
    assert check(rendered) == []


def test_a_letter_that_would_be_clipped_and_careless_links_are_reported():
    content = letter(
        Text(
            "<p>"
            + "long " * 25_000
            + '</p><p><a href="/agenda">agenda</a> <a href="https://example.org/"></a></p>'
        ),
        Text('<img src="https://example.org/x.png">'),
        Picture("/x.png", "A bridge", 10, 10),
    )
    remarks = check(render(content))
    assert [remark.split(";")[0].split(".")[0] for remark in remarks] == [
        "The letter has 137 kB",
        "The link “agenda” leads nowhere: its address does not begin with https://",
        "The link to https://example",
        "The image https://example",
        "The image “A bridge” does not lie on the web, so no reader will see it",
    ]
    assert all(remark.msgid % remark.values == remark for remark in remarks)


def test_right_to_left_is_told_and_set():
    html = render(letter(Text("<p>x</p>"), direction="rtl")).html
    assert 'dir="rtl"' in html
    assert "text-align:right" in html
