"""What it is like to write an issue: saved while one types, seen as it will be sent, undone, merged, and never lost."""

import re
import subprocess
import sys
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_accessible, picture, sign_in

SUBJECT, BODY = "Subject, English", "Text, English"


@pytest.fixture
def page(open_page, service) -> Page:
    page = open_page()
    sign_in(page, service)
    begin(page)
    return page


def begin(page: Page) -> None:
    page.goto("/dashboard/issues/new")
    page.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
    page.wait_for_url(re.compile(r"/dashboard/issues/\d+"))


def saved(page: Page):
    """Wait for the answer to a save that is about to be sent."""
    return page.expect_response(lambda answer: _is_a_save(answer.request) and answer.status == 200)


def _is_a_save(request) -> bool:
    """Tell a save from the other things that an open page says, such as who is here."""
    return request.method == "POST" and re.search(r"/issues/\d+(\?|$)", request.url) is not None


def preview(page: Page):
    return page.frame_locator("iframe[name=preview]")


def body(page: Page):
    return page.get_by_label(BODY).first


def test_what_is_typed_is_saved_and_seen_by_itself_while_focus_caret_and_place_stay(page):
    first = body(page)
    first.fill("A beginning. ")
    expect(preview(page).locator("body")).to_contain_text("A beginning.")
    first.press_sequentially("And more ")
    with saved(page):
        page.get_by_label(SUBJECT).press_sequentially(" for you")
    expect(page.get_by_role("group", name="In the inbox, English")).to_contain_text("for you")
    subject = page.get_by_label(SUBJECT)
    subject.fill("A beginning")
    page.evaluate("document.activeElement.setSelectionRange(2, 6)")
    with saved(page):
        page.keyboard.type("XY")
    assert page.evaluate("[document.activeElement.selectionStart, document.activeElement.value]") == [
        4,
        "A XYnning",
    ]
    expect(preview(page).locator("body")).to_contain_text("And more")
    page.reload()
    expect(subject).to_have_value("A XYnning")
    expect(body(page)).to_contain_text("And more")
    assert_accessible(page)


def test_blocks_are_added_moved_and_dropped_in_place(page):
    blocks = page.locator("[data-movable]")
    count = blocks.count()
    page.evaluate("window.stays = true")
    page.get_by_role("button", name="Quote").click()
    expect(blocks).to_have_count(count + 1)
    page.wait_for_function(
        "() => document.activeElement.matches('.block:last-child textarea, .block:last-child input')"
    )
    page.keyboard.press("Alt+ArrowUp")
    expect(blocks.nth(count - 1)).to_have_attribute("aria-label", re.compile("Quote"))
    page.get_by_role("button", name=f"Drop block {count}", exact=True).click()
    expect(blocks).to_have_count(count)
    assert page.evaluate("window.stays")


def test_blocks_and_entries_are_dragged_to_their_place(page):
    expect(page.locator("[data-rich-editor] [contenteditable]").first).to_be_visible()
    blocks = page.locator("[data-blocks] > [data-movable]")
    second = blocks.nth(1).get_attribute("id")
    with saved(page):
        drag(page, blocks.nth(1).locator(".grip"), blocks.nth(0), 0.1)
    expect(blocks.nth(0)).to_have_id(second)
    page.get_by_role("button", name=re.compile("^Drop “")).first.click()
    entry = page.locator(".candidate:has([name=pick])").first
    expect(entry).to_be_visible()
    title, count = entry.locator("label").inner_text(), blocks.count()
    with saved(page):
        drag(page, entry.locator("label"), blocks.nth(1), 0.2)
    expect(blocks).to_have_count(count + 1)
    expect(page.locator(".block", has_text=title).first).to_be_visible()


def drag(page: Page, what, onto, part: float) -> None:
    onto.scroll_into_view_if_needed()
    what.hover(position={"x": 5, "y": 5})  # which waits until nothing moves any more
    goal, start, end = onto.element_handle(), what.bounding_box(), onto.bounding_box()
    page.mouse.down()
    page.mouse.move(start["x"] + 12, start["y"] + 12, steps=4)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] * part, steps=12)
    page.wait_for_function(  # where it would fall is looked for some times a second only
        "(onto) => document.querySelector('[data-blocks] > .sortable-ghost')?.nextElementSibling === onto",
        arg=goal,
    )
    page.mouse.up()


def test_undo_and_redo_reach_everything_and_survive_a_reload(page):
    blocks = page.locator("[data-movable]")
    count = blocks.count()
    before = page.get_by_label(SUBJECT).input_value()
    with saved(page):
        page.get_by_label(SUBJECT).fill("Another subject")
    with saved(page):
        page.get_by_role("button", name="Drop block 2", exact=True).click()
    expect(blocks).to_have_count(count - 1)
    page.reload()
    page.keyboard.press("Control+z")
    expect(blocks).to_have_count(count)
    page.get_by_label(SUBJECT).focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_label(SUBJECT)).to_have_value(before)
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_label(SUBJECT)).to_have_value("Another subject")
    page.keyboard.press("Control+Shift+z")
    expect(blocks).to_have_count(count - 1)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("main")).to_contain_text("took back")
    assert_accessible(page)
    picture(page, "history")
    page.locator(".versions a").first.click()
    assert_accessible(page)


def test_a_connection_that_drops_in_mid_sentence_loses_nothing(page):
    context = page.context
    with saved(page):
        body(page).fill("Before the tunnel.")
    context.set_offline(True)
    body(page).press_sequentially(" In the tunnel.")
    expect(page.locator("#live-line")).to_contain_text("kept in this browser")
    page.get_by_label(SUBJECT).fill("Written in the dark")
    context.set_offline(False)
    expect(page.locator("#live-line")).to_be_hidden()
    expect(preview(page).locator("body")).to_contain_text("In the tunnel.")
    for _ in range(50):
        if "Written in the dark" in page.request.get(page.url).text():
            break
        page.wait_for_timeout(200)
    page.reload()
    expect(body(page)).to_have_text("Before the tunnel. In the tunnel.")
    expect(page.get_by_label(SUBJECT)).to_have_value("Written in the dark")


def test_what_a_crash_left_behind_is_offered_again(page):
    context, address = page.context, page.url
    with saved(page):
        body(page).fill("Saved.")
    context.set_offline(True)
    body(page).press_sequentially(" Never sent.")
    expect(page.locator("#live-line")).to_be_visible()
    page.close()  # no question asked, as in a crash
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(body(again)).to_have_text("Saved.")
    again.get_by_role("button", name="Save it now").click()
    expect(body(again)).to_have_text("Saved. Never sent.")
    expect(again.get_by_role("button", name="Save it now")).to_be_hidden()


def test_two_editors_at_once_keep_each_others_words_and_choose_where_both_wrote(page, open_page, service):
    other = open_page()
    sign_in(other, service)
    other.goto(page.url)
    with saved(page):
        body(page).fill("From the one.")
    with saved(other):
        other.get_by_label(SUBJECT).fill("From the other")
    expect(body(other)).to_have_text("From the one.")
    with saved(other):
        body(other).fill("The other’s sentence.")
    body(page).fill("The one’s sentence.")
    merge = page.locator("#merge")
    expect(merge).to_contain_text("The other’s sentence.")
    assert_accessible(page)
    picture(page, "merge")
    expect(body(page)).to_have_text("The one’s sentence.")
    merge.get_by_label("The other").check()
    merge.get_by_role("button", name="Save as chosen").click()
    expect(merge).to_have_count(0)
    expect(body(page)).to_have_text("The other’s sentence.")
    expect(page.get_by_label(SUBJECT)).to_have_value("From the other")


def test_words_being_composed_are_left_alone_until_they_are_whole(page):
    first = body(page)
    first.fill("")
    first.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    with saved(page):
        page.evaluate(
            "document.querySelector('#subject-en').dispatchEvent(new Event('input', { bubbles: true }))"
        )
    expect(first).to_have_text("にほん")
    session.send("Input.insertText", {"text": "日本"})
    expect(first).to_have_text("日本")
    expect(preview(page).locator("body")).to_contain_text("日本")


def test_the_preview_reads_as_one_reader_does(page):
    body(page).fill("Dear {name|reader}, welcome.")
    expect(preview(page).locator("body")).to_contain_text("Dear reader, welcome.")
    page.get_by_label("As this reader sees it").fill("dora")
    expect(preview(page).locator("body")).to_contain_text("Dear Dora")
    expect(page.locator("#reader-found")).to_contain_text("dora")


LONG_ISSUE = """
from newsletter import audience, issues
from newsletter.app import create_app
from newsletter.database import db

def block(number):
    if number % 5 == 0:
        return issues.new_block(issues.Kind.HEADING, texts={"en": {"text": f"Part {number}"}, "ja": {"text": f"その{number}"}})
    texts = {"en": {"body": f"<p>Paragraph {number}.</p>"}, "ja": {"body": f"<p>第{number}段落。</p>"}}
    return issues.new_block(issues.Kind.TEXT, texts=texts)

with create_app("config.Config").app_context():
    begun = issues.draft("tokyo-letter")
    lines = dict(subjects=begun.subjects, preheaders=begun.preheaders)
    issues.save(begun.id, begun.version, blocks=tuple(map(block, range(200))), **lines)
    db.session.commit()
    print(begun.id)
"""


def test_a_burst_of_words_all_over_two_hundred_blocks_is_kept_though_answers_come_late_or_never(
    open_page, service
):
    made = subprocess.run(
        [sys.executable, "-c", LONG_ISSUE],
        env=service.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    page = open_page()
    sign_in(page, service)
    page.goto(f"/dashboard/issues/{made.stdout.split()[-1]}")
    turns = count()

    def late(route):
        if not _is_a_save(route.request):
            return route.continue_()
        turn = next(turns)
        if turn == 1:
            return route.abort()  # it never got there
        answer = route.fetch()
        if turn == 2:
            return route.abort()  # it got there, and nobody was told
        if turn == 3:
            return route.fulfill(response=answer, body=answer.body()[:300_000])  # broken off, and looks whole
        page.wait_for_timeout(600)
        return route.fulfill(response=answer)

    page.route(re.compile(r"/issues/\d+(\?|$)"), late)
    fields = page.locator("[data-rich-editor]:has(textarea[name$='.body.en']) [contenteditable=true]")
    written = {place: f"Written in block {place}, in a hurry. " for place in (0, 3, 40, 41, 120, 158)}
    for place, words in written.items():
        fields.nth(place).click()
        page.keyboard.press("ControlOrMeta+Home")
        page.keyboard.type(words, delay=15)
        page.wait_for_timeout(450)
    expect(page.locator("#live-line")).to_be_hidden()
    expect(preview(page).locator("body")).to_contain_text(written[158])
    page.unroute_all(behavior="wait")
    page.reload()
    for place, words in written.items():
        expect(fields.nth(place)).to_contain_text(words.strip())
    expect(page.locator("li.block[data-movable]")).to_have_count(200)
    assert sum(text.count("in a hurry") for text in fields.all_inner_texts()) == len(written)
