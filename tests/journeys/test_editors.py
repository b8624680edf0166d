"""What an editor does: writes an entry, begins an issue, changes it, looks at it, tests it, sends it, and sees it arrive."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_accessible, picture, sign_in


def _begin_issue(page: Page) -> None:
    page.goto("/dashboard/issues/new")
    page.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
    page.wait_for_url(re.compile(r"/dashboard/issues/\d+"))


def test_an_editor_writes_an_entry_sends_an_issue_and_sees_it_arrive(open_page, service):
    page = open_page()
    sign_in(page, service)
    page.goto("/dashboard/entries/new/news")
    page.get_by_label("Title, English").fill("A new reading room opens in Shimbashi")
    page.get_by_label("Title, Japanese").fill("新橋に閲覧室を開設します")
    page.get_by_label("Summary, English").fill("Open to members from the first of next month.")
    page.get_by_role("button", name="Save and publish").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reading room")

    _begin_issue(page)
    page.get_by_label("Subject, English").fill("A room to read in")
    page.get_by_label("件名(日本語)").fill("閲覧室ができました")
    page.get_by_role("button", name="Save").locator("visible=true").first.click()
    expect(page.get_by_label("Subject, English")).to_have_value("A room to read in")
    expect(
        page.frame_locator("iframe[name=preview]").get_by_role("link", name="A new reading room")
    ).to_be_visible()
    assert_accessible(page)
    picture(page, "composer")

    page.get_by_label("Address for the test").fill("bob@example.org")
    page.get_by_role("button", name="Send test").click()
    expect(page.get_by_role("main")).to_contain_text("bob@example.org")
    page.get_by_role("button", name="Review and send").click()
    page.wait_for_url("**/review*")
    assert_accessible(page)
    picture(page, "review")
    page.get_by_label(re.compile("I have seen")).click()
    expect(page.get_by_text(re.compile("Seen by"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Send now to")).click()
    page.wait_for_url("**/sending*")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(r"known state|Done|What became of"), timeout=30_000
    )
    page.reload()
    assert_accessible(page)
    picture(page, "sending")

    page.goto("/dashboard/inbox?search=dora")
    expect(page.get_by_role("main")).to_contain_text("A room to read in")
    page.get_by_role("link", name="A room to read in").first.click()
    assert_accessible(page)
    picture(page, "inbox-letter")
    page.goto("/dashboard/inbox?search=emi")
    expect(page.get_by_role("main")).to_contain_text("閲覧室ができました")
    page.goto("/issues/")
    page.get_by_role("link", name="A room to read in").click()
    assert_accessible(page)
    picture(page, "archive-issue")
    page.goto("/dashboard/")
    expect(page.get_by_role("main")).to_contain_text("Everything is running")
    picture(page, "overview")


def test_a_language_in_the_link_changes_nothing_of_how_one_writes(open_page, service):
    page = open_page()
    sign_in(page, service)
    _begin_issue(page)
    page.goto(f"{page.url.split('?')[0].split('#')[0]}?language=ja")
    page.evaluate("document.body.dataset.same = 'yes'")
    field = page.locator("[data-rich-editor] [contenteditable=true]").nth(
        1
    )  # the Japanese words beside the English
    field.click()
    page.keyboard.type("Written through a link ")
    letter = page.frame_locator("iframe[name=preview]").locator("body")
    expect(letter).to_contain_text("Written through a link")
    expect(field).to_be_focused()
    page.locator("[data-picker] input[type=search]").fill("Dialogue")
    expect(page.locator("[data-picker-found] .candidate")).to_have_count(1)
    assert page.evaluate("document.body.dataset.same") == "yes", "the page was loaded anew"


def test_blocks_move_by_keyboard_and_keep_the_focus(open_page, service):
    page = open_page()
    sign_in(page, service)
    _begin_issue(page)
    blocks = page.locator("[data-movable]")
    first, second = blocks.nth(0).get_attribute("id"), blocks.nth(1).get_attribute("id")
    blocks.nth(1).locator("button[data-move=up]").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(blocks.nth(0)).to_have_id(second)
    expect(blocks.nth(1)).to_have_id(first)
    page.wait_for_function("id => document.activeElement.closest('[data-movable]')?.id === id", arg=second)


def test_an_editor_who_was_too_slow_loses_nothing(open_page, service):
    page, other = open_page(), open_page()
    sign_in(page, service)
    sign_in(other, service)
    _begin_issue(page)
    other.goto(page.url)
    other.get_by_label("Subject, English").fill("The faster one")
    other.get_by_role("button", name="Save").locator("visible=true").first.click()
    expect(other.get_by_label("Subject, English")).to_have_value("The faster one")
    page.get_by_label("Subject, English").fill("The slower one")
    page.get_by_role("button", name="Save").locator("visible=true").first.click()
    expect(page.get_by_label("Subject, English")).to_have_value("The slower one")
    expect(page.get_by_role("main")).to_contain_text("nothing is saved until you choose")


def test_nobody_gets_past_the_door_without_signing_in(open_page):
    page = open_page()
    page.goto("/dashboard/subscribers")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Mail address").fill("mallory@example.com")
    page.get_by_label("Password", exact=True).fill("let me in please")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_role("main")).to_contain_text("do not fit together")
    assert_accessible(page)
