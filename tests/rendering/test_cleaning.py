"""Foreign HTML, made safe and read aloud."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail import mark
from newsletter.rendering import markdown, plain, sanitise


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>",
        '<a href="javascript:alert(1)">x</a>', '<a href="&#106;avascript:alert(1)">x</a>', "<iframe src=//example.org></iframe>",
        '<p style="position:fixed" onclick="alert(1)">x</p>', "<math><mtext><style><img src=x onerror=alert(1)>",
        '<form action="https://example.org"><input></form>', '<a href="data:text/html;base64,xx">x</a>',
    ],
)  # fmt: skip
def test_nothing_that_runs_survives(html):
    clean = sanitise(html).lower()
    for word in ("script", "onerror", "onload", "onclick", "alert", "style", "iframe", "form", "data:"):
        assert word not in clean


def test_plain_structure_ruby_and_language_survive():
    html = '<h2>Title</h2><p lang="ja"><ruby>漢<rt>かん</rt></ruby></p><ul><li><a href="https://example.org/?a=1&amp;b">x</a></li></ul>'
    assert sanitise(html) == html


EDITED = (
    "<h2>Two days</h2><p>Dear {name|reader}, <strong>ten</strong>, <em>not</em> <s>nine</s>; CO<sub>2</sub>, m<sup>2</sup>, <code>x</code>.<br>Line</p>"
    '<h3>Who</h3><ul><li>Dora<ul><li>on <a href="https://www.example.org/?a=1&amp;b=2#c">harbours</a></li></ul></li><li>Emi</li></ul>'
    '<ol start="3"><li>Write to <a href="mailto:dora@example.org">Dora</a></li><li><p>One</p><p>Two</p></li></ol>'
    "<blockquote><p>The sea joins</p><p>what land divides.</p></blockquote><hr><table><tbody><tr><th>Time</th><th>Who</th></tr>"
    '<tr><td>10:00</td><td>Dora</td></tr><tr><td colspan="2">Lunch</td></tr></tbody></table><pre><code>a\n  b</code></pre><p>דורה 👩🏽‍🚀</p>'
)


def test_all_that_the_editor_of_texts_can_make_is_kept_as_it_is():
    assert sanitise(EDITED) == EDITED


def test_sanitising_twice_changes_nothing_more():
    once = sanitise('<p>A & b <a href="/agenda">x</a><b>open')
    assert sanitise(once) == once


@pytest.mark.parametrize(
    "trap",
    ["<div>" * 100_000, "<ul><li>" * 60_000, "<div><object></div></object>" * 60_000, "<b><p>" * 60_000],
    ids=["deep", "lists", "crossed", "bold"],
)
def test_html_that_would_take_minutes_to_read_is_kept_as_its_words(trap):
    begun = time.perf_counter()
    assert sanitise(f"{trap}<a href='https://example.org'>words</a>").split() == ["words"]
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("first", "one", "joint"), [("", "a{}", " "), ("", 'a{}="1"', ""), ('a=">" ', "a{}", " ")]
)
def test_a_tag_of_endless_attributes_is_left_out(first, one, joint):
    begun = time.perf_counter()
    many = joint.join(one.format(n) for n in range(200_000))
    assert sanitise(f"<a {first}{many}>words</a>").strip().endswith("words")
    assert time.perf_counter() - begun < 2


def test_marks_survive_in_text_and_in_addresses():
    token = mark("token:click", "none")
    clean = sanitise(f'<p>{token} <a href="https://example.org/{token}">x</a> <a href="{token}">y</a></p>')
    assert clean.count(token) == 3


def test_markdown_becomes_safe_html():
    assert markdown("Dear **all**\n\n- [x](https://example.org)\n- <b>no</b>") == (
        '<p>Dear <strong>all</strong></p>\n<ul>\n<li><a href="https://example.org">x</a></li>\n<li>&lt;b&gt;no&lt;/b&gt;</li>\n</ul>'
    )
    assert "href" not in markdown("[x](javascript:alert(1))")
    assert markdown("# Title\n## Under it") == "<h2>Title</h2>\n<h2>Under it</h2>"


def test_plain_text_keeps_words_and_paragraphs_only():
    html = "<h2>Title</h2><p>One &amp; <b>two</b>\n three</p><p>海に\n囲まれた<br>国</p><img src='https://example.org/x' alt='A bridge'>"
    assert plain(html) == "Title\n\nOne & two three\n\n海に囲まれた\n国\n\nA bridge"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert "<script" not in sanitise(text).lower()
    plain(text)
    markdown(text)
