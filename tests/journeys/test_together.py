"""Two people at one issue: they see each other, talk about a block, and one approves what the other wrote."""

import re
import subprocess

from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, Service, assert_accessible, picture, sign_in

PASSWORD = "correct horse battery staple"


def _colleague(open_page, service: Service, email: str, name: str) -> Page:
    """Add somebody as an editor, and come in as them."""
    subprocess.run(
        ["scripts/newsletter", "users", "add", email, "--role", "editor", "--name", name, "--password-stdin"],
        cwd=ROOT, env=service.environment, input=PASSWORD, text=True, check=True, capture_output=True,
    )  # fmt: skip
    page = open_page()
    sign_in(page, service, email, PASSWORD)
    return page


def test_two_people_see_each_other_talk_about_a_block_and_one_approves(open_page, service):
    alice = open_page()
    sign_in(alice, service)
    bob = _colleague(open_page, service, "bob.hale@example.org", "Bob Hale")
    alice.goto("/dashboard/issues/new")
    alice.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
    alice.wait_for_url(re.compile(r"/dashboard/issues/\d+"))
    bob.goto(alice.url)
    bob.locator(".block [contenteditable=true], .block textarea").locator("visible=true").first.focus()
    first = alice.locator(".block").first
    expect(first.get_by_role("img", name="Bob Hale is here")).to_be_visible(timeout=15_000)

    first.get_by_role("link", name="Comments on block 1").click()
    drawer = alice.get_by_role("complementary", name="Comments")
    expect(drawer.get_by_role("heading", name="Block 1")).to_be_focused()
    words = drawer.get_by_label("A new comment")
    words.press_sequentially("Is this true? @bo")
    expect(drawer.get_by_role("option", name="Bob Hale")).to_be_visible()
    words.press("Enter")
    expect(words).to_have_value("Is this true? @Bob Hale ")
    assert_accessible(alice)
    drawer.get_by_role("button", name="Comment", exact=True).press("Enter")
    expect(drawer.get_by_role("article")).to_contain_text("Is this true?")
    picture(alice, "comments")
    alice.keyboard.press("Escape")
    expect(first.get_by_role("link", name="Comments on block 1: 1 open comment")).to_be_focused()
    _save_while_the_other_is_here(alice, bob)

    bob.locator(".block").first.get_by_role("link", name="Comments on block 1: 1 open comment").click()
    drawer = bob.get_by_role("complementary", name="Comments")
    drawer.get_by_text("Answer").first.click()
    drawer.get_by_label("Your answer").fill("It is.")
    drawer.get_by_role("button", name="Answer").click()
    drawer.get_by_role("button", name="Resolve").click()
    expect(drawer).to_contain_text("1 resolved thread")
    expect(first.get_by_role("link", name="Comments on block 1", exact=True)).to_be_visible(timeout=15_000)
    bob.goto("/dashboard/issues")
    expect(alice.get_by_role("img", name="Bob Hale")).to_have_count(0, timeout=15_000)
    _approve(alice, bob)


def _save_while_the_other_is_here(alice: Page, bob: Page) -> None:
    """What one saves is offered to the other, who takes it in and still sees who is where."""
    bob.get_by_label("Subject, English").fill("As Bob has it")
    offered = alice.get_by_role("button", name="Take it in")
    expect(offered).to_be_visible(timeout=15_000)
    expect(alice.get_by_role("status").filter(has_text="Bob Hale saved this issue")).to_be_visible()
    offered.click()
    expect(alice.get_by_label("Subject, English")).to_have_value("As Bob has it")
    expect(offered).to_be_hidden()
    expect(alice.locator("#people-here .chip")).to_have_count(1)
    expect(alice.locator("#talk-drawer")).to_have_count(1)


def _approve(alice: Page, bob: Page) -> None:
    issue = alice.url.partition("?")[0].partition("#")[0]
    alice.get_by_label("Subject, English").fill("As both have it")
    expect(alice.locator("#saved")).to_contain_text("Saved")
    alice.goto("/dashboard/lists/tokyo-letter/edit")
    alice.get_by_label("yes, another editor").check()
    alice.get_by_role("button", name="Save").click()
    try:
        alice.goto(f"{issue}/review")
        expect(alice.get_by_role("button", name=re.compile("Send now"))).to_have_count(0)
        alice.get_by_role("button", name="It is ready for review").click()
        expect(alice.get_by_role("main")).to_contain_text("waits for approval")
        assert_accessible(alice)
        bob.goto("/dashboard/")
        bob.get_by_role("link", name="Look at it").click()
        bob.get_by_role("button", name="Approve it as it is now").click()
        expect(bob.get_by_role("main")).to_contain_text("approved as it is")
        picture(bob, "approval")
        alice.goto(f"{issue}/review")
        expect(alice.get_by_role("main")).to_contain_text("approved as it is")
        expect(alice.get_by_role("main")).not_to_contain_text("It goes out once it is approved")
    finally:  # the other journeys send issues of this list
        alice.goto("/dashboard/lists/tokyo-letter/edit")
        alice.get_by_label("no: whoever edits it sends it").check()
        alice.get_by_role("button", name="Save").click()
