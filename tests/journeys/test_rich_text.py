"""What an editor does within a text: writes, formats, links, pastes, takes back; with a mouse, by keyboard, and in Japanese."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from newsletter.rendering import sanitise
from tests.journeys.clipboards import CLIPBOARDS, WORD
from tests.journeys.conftest import assert_accessible, picture, sign_in

PASTE = """(text, [html, plain]) => {
  const clipboard = new DataTransfer();
  if (html) clipboard.setData("text/html", html);
  if (plain) clipboard.setData("text/plain", plain);
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
}"""


SAVING = re.compile(rb"do=save|name=\"do\"\s+save")


class Text:
    """A text block of a fresh issue: the editor, what the form holds, and the line beneath."""

    def __init__(self, page: Page, place: int = 0) -> None:
        self.page = page
        self.block = page.locator("[data-movable]:has([data-rich])").last
        self.field = self.block.locator("[data-rich-editor]").nth(place)
        self.body: Locator = self.field.locator("[role=textbox]")
        self.note = self.field.locator("[role=status]")

    @property
    def html(self) -> str:
        return self.field.locator("textarea").input_value()

    def clear(self) -> None:
        self.body.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")

    def type(self, *words: str) -> None:
        """Type words; what is a name of a key is pressed."""
        for word in words:
            if re.fullmatch(
                r"(Control\+|Shift\+|Alt\+)*([a-z]|F10|Enter|Escape|Tab|Backspace|Arrow\w+|End)", word
            ):
                self.page.keyboard.press(word)
                if "Arrow" in word:  # nobody is faster than the screen
                    self.page.evaluate("() => new Promise(requestAnimationFrame)")
            else:
                self.page.keyboard.type(word)

    def paste(self, html: str = "", plain: str = "") -> None:
        self.body.evaluate(PASTE, [html, plain])


def save(page: Page) -> None:
    """Save, and look at what was kept."""
    with page.expect_response(
        lambda answer: SAVING.search(answer.request.post_data_buffer or b"") is not None
    ):
        page.get_by_role("button", name=re.compile("^(Save|保存する)$")).locator("visible=true").first.click()
    page.wait_for_load_state()
    page.goto(page.url.partition("#")[0])
    expect(page.locator("[role=textbox].rich-body").first).to_be_visible()


@pytest.fixture
def text(open_page, service):
    """Open a fresh issue with an empty text block: `text()`, or `text(width=390, place=1)` for the Japanese one."""

    def open_text(place: int = 0, **window) -> Text:
        page = open_page(**window)
        sign_in(page, service)
        page.goto("/dashboard/issues/new")
        page.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
        page.wait_for_url(re.compile(r"/dashboard/issues/\d+"))
        blocks = page.locator("[data-movable]:has([data-rich])")
        before = blocks.count()
        page.locator("button[name=do][value='add:text']").first.click()
        expect(blocks).to_have_count(before + 1)
        found = Text(page, place)
        expect(found.body).to_be_visible()
        return found

    return open_text


def test_a_text_is_written_formatted_and_linked_by_keyboard_alone(text):
    one = text()
    one.body.focus()
    one.type(
        "## Two days",
        "Enter",
        "Dear {name|colleague}, come to ",
        "Control+b",
        "both",
        "Control+b",
        " days.",
        "Enter",
    )
    one.type(
        "- harbours", "Enter", "cables", "Enter", "Enter", "More: https://example.org/agenda?a=1&b=2 and "
    )
    one.type("our site", "Shift+Control+ArrowLeft", "Shift+Control+ArrowLeft", "Control+k")
    one.type("javascript:alert(1)", "Enter")
    expect(one.page.get_by_role("alert")).to_contain_text("leads nowhere")
    one.page.get_by_role("textbox", name="Web address").fill("www.example.org")
    one.type("Enter", "End", " 👩🏽‍🚀", "Enter", "Written by דורה", "Enter", "Last")
    one.type("Alt+F10", "ArrowRight", "ArrowRight", "Enter", " words")
    assert one.html == (
        "<h2>Two days</h2><p>Dear {name|colleague}, come to <strong>both</strong> days.</p><ul><li>harbours</li><li>cables</li></ul>"
        '<p>More: <a href="https://example.org/agenda?a=1&amp;b=2">https://example.org/agenda?a=1&amp;b=2</a> and '
        '<a href="https://www.example.org">our site</a> 👩🏽‍🚀</p><p>Written by דורה</p><p>Last<em> words</em></p>'
    )
    assert sanitise(one.html) == one.html
    kept = one.html
    one.type("Control+z")
    assert "words" not in one.html
    one.type("Shift+Control+z")
    save(one.page)
    assert Text(one.page).html == kept
    letter = one.page.frame_locator("iframe[name=preview]")
    expect(letter.get_by_role("link", name="our site")).to_have_attribute("href", "https://www.example.org")
    expect(letter.get_by_text("Dear colleague, come to both days.")).to_be_visible()


def test_a_slash_opens_a_menu_of_kinds_and_of_blocks_that_is_searched_in_either_language(text):
    one = text()
    one.body.click()
    one.type("/")
    menu = one.page.get_by_role("listbox", name="What comes here")
    expect(menu.get_by_role("option")).not_to_have_count(0)
    assert_accessible(one.page)
    one.type("みだ")
    expect(menu.get_by_role("option")).to_have_text(["Heading", "Heading"])
    one.type("Escape")
    expect(menu).to_be_hidden()
    one.type("Control+a", "Backspace", "/num", "Enter", "first", "Enter", "second")
    assert one.html == "<ol><li>first</li><li>second</li></ol>"
    one.type("Enter", "Enter", "/divider", "Enter")
    follower = one.page.locator("[data-movable]:has([data-rich]) + [data-movable] > input[name$='.kind']")
    expect(follower.last).to_have_value("divider")
    assert "/divider" not in Text(one.page).html


def test_a_reader_s_name_is_a_chip_whose_fall_back_can_be_changed(text):
    one = text(place=1)
    one.body.click()
    one.type("Alt+F10", *["ArrowLeft"] * 2, "Enter")
    field = one.page.get_by_role("textbox", name="What stands where the name is not known")
    expect(field).to_have_value("読者の皆さま")
    field.fill("友{}人")
    one.type("Enter", "さん")
    assert one.html == "<p>{name|友人}さん</p>"
    one.type("ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter")
    expect(field).to_have_value("友人")
    assert_accessible(one.page)
    one.page.get_by_role("button", name="Take it out").click()
    assert one.html == "<p>さん</p>"


def test_what_programs_put_on_the_clipboard_becomes_plain_structure(text):
    one = text()
    for program, (source, wanted, pictures) in CLIPBOARDS.items():
        one.clear()
        one.paste(source)
        assert one.html == wanted, program
        assert sanitise(wanted) == wanted, program
        expect(one.note).to_contain_text("One picture was left out" if pictures else "")
        assert bool(one.note.inner_text()) == pictures, program


@pytest.mark.slow
def test_five_megabytes_fill_a_text_and_the_rest_can_be_copied(text):
    one = text()
    begin, end = WORD.index("<h1>"), WORD.index("<!--EndFragment-->")
    one.body.click()
    one.paste(WORD[:begin] + WORD[begin:end] * (5_000_000 // (end - begin)) + WORD[end:])
    assert 30_000 < len(one.html) <= 50_000
    expect(one.note).to_contain_text("A text holds 50,000 characters.")
    one.page.evaluate(
        "addEventListener('copy', event => { document.title = event.clipboardData.getData('text/html').length; })"
    )
    one.note.get_by_role("button", name="Copy the rest").click()
    expect(one.note).to_contain_text("The rest is in the clipboard.")
    save(one.page)
    assert len(Text(one.page).html) > 30_000
    one = Text(one.page)
    one.clear()
    one.paste("<div>" * 60_000 + "deep")
    assert one.html == "<p>deep</p>"


def test_plain_text_and_markdown_are_pasted_for_what_they_are(text):
    one = text()
    one.body.click()
    one.paste(plain="One\nline\n\nDear {name|you}")
    assert one.html == "<p>One<br>line</p><p>Dear {name|you}</p>"
    one.clear()
    one.paste(plain="# Title\n\n- **one**\n- [two](https://example.org)\n")
    expect(one.note).to_contain_text("This was read as Markdown.")
    assert (
        one.html
        == '<h2>Title</h2><ul><li><strong>one</strong></li><li><a href="https://example.org">two</a></li></ul>'
    )
    one.note.get_by_role("button", name="Keep the characters").click()
    assert one.html.startswith("<p># Title</p>")
    one.clear()
    one.type("here", "Control+a")
    one.paste(plain="https://example.org/")
    assert one.html == '<p><a href="https://example.org/">here</a></p>'


def test_composing_japanese_is_never_disturbed(text):
    one = text(place=1)
    one.body.click()
    keyboard = one.page.context.new_cdp_session(one.page)

    def compose(*steps: str) -> None:
        for step in steps:
            keyboard.send(
                "Input.imeSetComposition",
                {"text": step, "selectionStart": len(step), "selectionEnd": len(step)},
            )

    compose("k", "か", "かい", "かいて", "海底")
    one.field.locator("textarea").evaluate(
        "area => { area.value = '<p>別の文</p>'; area.dispatchEvent(new CustomEvent('fresh')); }"
    )
    expect(one.body).to_have_text("海底")
    keyboard.send("Input.insertText", {"text": "海底"})
    expect(one.body).to_have_text("別の文")
    one.clear()
    keyboard.send("Input.insertText", {"text": "海底"})
    compose("け", "けー", "ケーブル")
    keyboard.send("Input.insertText", {"text": "ケーブル"})
    one.type("Control+b")
    compose("と", "島")
    keyboard.send("Input.insertText", {"text": "島"})
    expect(one.body).to_have_text("海底ケーブル島")
    assert one.html == "<p>海底ケーブル<strong>島</strong></p>"
    one.type("Enter", "/")
    compose("h", "ひ", "ひょ", "ひょう")
    expect(one.page.get_by_role("listbox", name="What comes here").get_by_role("option")).to_have_text(
        ["Table"]
    )
    keyboard.send("Input.insertText", {"text": "ひょう"})
    one.type("Enter", "時刻", "Tab", "内容", "Tab", "10:00")
    assert one.html.endswith(
        "<table><tbody><tr><th>時刻</th><th>内容</th></tr><tr><td>10:00</td><td></td></tr></tbody></table>"
    )


def test_opening_a_text_changes_nothing_and_what_the_editor_cannot_show_stays_in_its_field(text):
    one = text()
    page = one.page
    markdown, ruby = "Dear *all*,\n\n1. one\n2. {name|two}", "<p><ruby>漢<rt>かん</rt></ruby></p>"
    one.field.locator("textarea").evaluate("(area, text) => { area.value = text; }", markdown)
    Text(page, 1).field.locator("textarea").evaluate("(area, text) => { area.value = text; }", ruby)
    save(page)
    one, other = Text(page), Text(page, 1)
    expect(one.body.locator("ol > li").last).to_have_text("Reader’s name, else “two”")
    assert one.html == markdown
    expect(other.field.locator("textarea")).to_be_visible()
    assert other.html == ruby
    one.field.locator("textarea").evaluate(
        "area => { area.value = '**fresh**'; area.dispatchEvent(new CustomEvent('fresh')); }"
    )
    expect(one.body.locator("strong")).to_have_text("fresh")
    assert one.html == "**fresh**"
    one.body.click()
    one.type("Alt+F10", "ArrowLeft", "Enter")
    expect(one.field.locator("textarea")).to_be_focused()
    one.field.locator("textarea").fill("<p>By <b>hand</b></p>")
    one.note.get_by_role("button", name="Back to the editor").click()
    expect(one.body.locator("strong")).to_have_text("hand")


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en-GB", "light"), (390, "ja-JP", "dark")])
def test_the_editor_can_be_used_by_everybody(text, width, language, scheme):
    one = text(width=width, scheme=scheme)
    if language == "ja-JP":
        one.page.locator("header button[lang=ja]").click()
        one.page.wait_for_load_state()
        one = Text(one.page)
    one.body.click()
    one.type("Hello {name}", "Enter", "/", "Escape", "Backspace", "Control+k")
    expect(one.field.get_by_role("toolbar")).to_be_visible()
    assert_accessible(one.page)
    picture(one.page, f"text-{width}")
    if language == "ja-JP":
        one.page.locator("header button[lang=en]").click()
