"""What the author of an own theme is told, and that no theme stops a letter or the service."""

from dataclasses import replace

import pytest

from newsletter import languages
from newsletter.rendering import (
    MANNERS,
    Fault,
    Heading,
    Look,
    OwnTheme,
    check,
    render,
    samples,
    source_of,
    try_theme,
)
from newsletter.rendering.apart import set_apart
from newsletter.rendering.own import Faulty
from newsletter.rendering.wearing import preview_theme

FRAME = "<mjml>\n<mj-body>\n<mj-section><mj-column>\n%s\n</mj-column></mj-section>\n</mj-body>\n</mjml>"


def faults(inner):
    return try_theme(FRAME % inner, "letter")


@pytest.mark.parametrize("theme", MANNERS)
def test_a_copy_of_every_built_in_theme_can_be_used_as_it_is(theme):
    assert try_theme(source_of(theme), theme) == []
    content = replace(samples()["ja"], look=Look(theme))
    assert len(preview_theme(source_of(theme), content)) == len(render(content).html)


@pytest.mark.parametrize(
    ("inner", "line", "sentence"),
    [
        ("<mj-text>a</mj-text>\n<mj-buton>b</mj-buton>", 5, "MJML knows no <mj-buton>."),
        ('<mj-text colour="red">a</mj-text>', 4, "<mj-text> knows no “colour”."),
        ("<mj-text><b>a</mj-text>", 4, "</mj-text> stands where <b> of line 4 should be closed."),
        ("{% if 1 %}\n<mj-text>a</mj-text>", 5, "“if” is never closed."),
        ("{% for a in content.blocks %}\n{% endif %}", 5, "“endif” stands where “for” should be closed."),
        ("<mj-text>{% nope %}</mj-text>", 4, "There is no tag “nope”"),
        ("<mj-text>{{ content.title|nope }}</mj-text>", 4, "There is no filter “nope”."),
        ("<mj-text>{{ content title }}</mj-text>", 4, "“title” stands where something else should."),
        ("<mj-text>{{ contents }}</mj-text>", 4, "There is no “contents” here."),
        ("<mj-text>a</mj-text>\n<mj-text>{{ content.titel }}</mj-text>", 5, "“Content” has no “titel”."),
        ("<mj-text>{{ 1 // 0 }}</mj-text>", 4, "This cannot be worked out: "),
        ("<mj-text>{{ content.__class__.__mro__ }}</mj-text>", 4, "This cannot be worked out: "),
        ("<mj-text>{% include '/etc/passwd' %}</mj-text>", 4, "This cannot be worked out: "),
        ("<mj-text>a</mj-text>\n{% if true %}<mj-section></mj-section>{% endif %}", 5, "<mj-section> must stand directly in <mj-body> or <mj-wrapper>."),
        ("{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}", 4, "A macro calls itself without end."),
        ("<mj-text>{{ 'x' * 10**10 }}</mj-text>", 4, "This needs more memory than a theme may have."),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line(inner, line, sentence):
    first = faults(inner)[0]
    assert first.line == line
    assert first.sentence.startswith(sentence)


def test_a_fault_is_told_in_japanese():
    t = languages.translator("ja")
    for inner in (
        "{% if 1 %}",
        "<mj-text>{{ content.titel }}</mj-text>",
        "{{ content title }}",
        "{{ content|nope }}",
    ):
        sentence = faults(inner)[0].sentence
        assert t.filled(sentence) != sentence


def test_what_a_letter_must_have_is_asked_for():
    told = [fault.sentence for fault in faults("<mj-text>{{ content.title }}</mj-text>")]
    assert "The letter lacks the link “Unsubscribe” of content.footer.links." in told
    assert "The letter lacks “Shimbashi, Minato-ku, Tokyo”, a line of content.footer.address_lines." in told
    assert any(sentence.startswith("The letter leaves out what stands in a Quote") for sentence in told)


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "It was stopped after",
        ),
        ("<mj-text>{% for a in range(20000) %}<div>{% endfor %}</div></mj-text>", "It was stopped because"),
        (
            "<mj-text>{% for a in range(99999) %}{{ 'a few words and more' }}{% endfor %}</mj-text>",
            "The letter grows",
        ),
    ],
)
def test_a_theme_that_would_take_for_ever_is_stopped_and_the_next_is_set(inner, sentence):
    with pytest.raises(Faulty) as caught:
        set_apart(FRAME % inner, tuple(samples().values()), seconds=1.0)
    assert caught.value.faults[0].sentence.startswith(sentence)
    assert try_theme(source_of("letter"), "letter") == []


def test_a_theme_that_breaks_later_gives_way_to_the_one_it_was_made_from_and_says_so():
    source = source_of("gazette").replace("{{ quote(block) }}", "")
    content = replace(samples()["en"], look=Look("gazette", own=OwnTheme("Ours", source)))
    letter = render(content)
    assert "An island is never far" in letter.html
    assert len(letter.html) == len(render(replace(content, look=Look("gazette"))).html)
    [remark] = check(letter)
    assert remark.startswith("The theme cannot set this letter")
    assert "Quote" in remark
    assert render(replace(content, blocks=(Heading("H"),))).trouble == ""


def test_a_theme_sees_none_of_the_secrets_of_the_service(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not-for-themes")
    sly = "<mj-text>{{ look.titles.__globals__ }}{{ cycler.__init__.__globals__.os.environ }}</mj-text>"
    assert faults(sly)[0].sentence.startswith("This cannot be worked out: access to attribute")
    assert isinstance(faults("<mj-text>{{ self._TemplateReference__context }}</mj-text>")[0], Fault)
