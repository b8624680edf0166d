"""What a reader sees of a letter, in a mail program that shows plain text."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail import mark
from newsletter.rendering import Content, Section, Text, render
from newsletter.rendering.wrapping import width, wrap
from tests.rendering import rendering_samples as samples

JAPANESE_TEXT = st.text(alphabet="海に囲まれた二つの国、。「」()ーっabc 019年月日,.・ \n", max_size=200)


def text_of(*blocks, language="en"):
    return render(Content(language, "Tokyo Letter", "S", blocks)).text


def test_the_twin_of_an_event_reads_as_a_person_would_write_it():
    feature, coming = samples.ENGLISH.blocks[1:3]
    assert text_of(feature, coming) == (
        "Tokyo Letter\n"
        "========================================================================\n"
        "\n"
        "10–11 November 2026, Tuesday and Wednesday\n"
        "Thirteenth UK–Japan Security Dialogue\n"
        "-------------------------------------\n"
        "International Conference Hall, First Members’ Building of the House of\n"
        "Representatives, Tokyo\n"
        "\n"
        "What two island nations can build, buy and defend together, discussed\n"
        "over two days by those who have to do it. Interpreting in both\n"
        "languages.\n"
        "\n"
        "https://letters.example.org/entries/dialogue?language=en\n"
        "Register by Friday 30 October:\n"
        "https://letters.example.org/register?a=1&b=2\n"
        "Agenda (PDF): https://letters.example.org/agenda.pdf\n"
        "Add to calendar: https://letters.example.org/entries/dialogue.ics\n"
        "\n"
        "Also coming\n"
        "===========\n"
        "\n"
        "2 December, Wed\n"
        "Open lecture: armies that keep the peace\n"
        "17:00 in London, online too; 2:00 on 3 December in Tokyo. Free.\n"
        "https://letters.example.org/entries/lecture\n"
        "\n"
        "------------------------------------------------------------------------\n"
    )


def test_japanese_is_wrapped_by_its_width_and_never_torn_by_spaces():
    text = render(samples.JAPANESE).text
    assert "同時通訳があります。" in text
    assert "実務を担う人々\nが二日間話し合います。" in text
    assert all(width(line) <= 72 for line in text.splitlines() if "://" not in line)
    assert "第13回 日英安全保障対話\n-----------------------\n" in text


def test_a_foreign_entry_is_labelled():
    assert "お知らせ [英語のみ]\nTwo fellowships for 2027" in render(samples.JAPANESE).text


def test_links_in_running_text_are_numbered_through_the_letter():
    text = text_of(
        Text(
            '<p>The <a href="https://example.org/a">first</a> and <a href="https://example.org/a">again</a>.</p>'
        ),
        Text(
            '<p>Then <a href="https://example.org/b">the other</a>, <a href="mailto:a@example.org">a@example.org</a>.</p>'
        ),
    )
    assert "The first [1] and again [1].\n\n[1] https://example.org/a\n" in text
    assert "Then the other [2], a@example.org.\n\n[2] https://example.org/b\n" in text


def test_lists_quotations_and_headings_keep_their_shape():
    text = text_of(
        Text(
            "<h3>Programme</h3><ol start='3'><li>Ships</li><li>Ports<ul><li>Kobe</li></ul></li></ol>"
            "<blockquote><p>Calm sea.</p><p>Late wind.</p></blockquote><p>One<br>two</p>"
        )
    )
    assert (
        "Programme\n---------\n\n3. Ships\n4. Ports\n  - Kobe\n\n> Calm sea.\n>\n> Late wind.\n\nOne\ntwo\n"
        in text
    )


def test_script_and_style_leave_no_text():
    text = text_of(Text("<p>Seen</p><script>let hidden = 1</script><style>p { color: red }</style>"))
    assert "Seen" in text
    assert "hidden" not in text
    assert "color" not in text


def test_an_empty_section_title_leaves_no_rule():
    assert "\n\n\n" not in text_of(Section("", (samples.ENGLISH.blocks[3].cards[0],)))


def test_a_mark_is_never_torn_and_counts_as_its_name():
    name = mark("name", "reader of this letter with a very long name indeed")
    assert width(name) == 4
    assert name in wrap("word " * 12 + f"Dear {name}, hello", 40)


@given(JAPANESE_TEXT)
def test_wrapping_loses_no_character_and_keeps_its_margin(text):
    wrapped = wrap(text, 30, indent="> ")
    assert wrapped.replace("\n> ", "").replace(" ", "").removeprefix(">") == "".join(text.split())
    for line in wrapped.split("\n"):
        assert line.startswith(">")


@given(st.text(alphabet="海に囲まれた二つの国、。「」", max_size=200))
def test_no_line_of_japanese_begins_with_a_full_stop_unless_it_must(text):
    for line in wrap(text, 30).split("\n")[1:]:
        assert line[0] not in "、。」" or set(text) <= set("、。「」")


def test_running_text_reads_as_it_stands():
    html = (
        "<h2>Two days</h2><p>At ten, not <s>nine</s>.</p><ul><li>Dora<ul><li>on harbours</li></ul></li><li>Emi</li></ul>"
        '<ol start="3"><li>Register <a href="https://www.example.org/r">here</a></li><li>Arrive</li></ol>'
        "<blockquote><p>The sea joins</p><p>what land divides.</p></blockquote><hr>"
        "<table><tbody><tr><th>Time</th><th>Who</th></tr><tr><td>10:00</td><td>Dora</td></tr></tbody></table><p>After.</p>"
    )
    assert text_of(Text(html)).split("=" * 72)[1].split("-" * 72)[0].strip() == (
        "Two days\n--------\n\nAt ten, not ~nine~.\n\n- Dora\n  - on harbours\n- Emi\n\n3. Register here [1]\n4. Arrive\n\n"
        "> The sea joins\n>\n> what land divides.\n\n"
        + "* * *".center(72).rstrip()
        + "\n\nTime | Who\n10:00 | Dora\n\nAfter.\n\n[1] https://www.example.org/r"
    )
