"""What a reader does: comes, confirms, chooses, leaves; in English at a desk, in Japanese on a phone, by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_accessible, picture, sign_in


def _newest_link(page: Page, service, address: str, path: str) -> str:
    """Read the newest letter to an address in the built-in inbox, and return a link in it."""
    sign_in(page, service)
    for _ in range(60):
        page.goto(f"/dashboard/inbox?search={address}")
        letters = page.get_by_role("main").locator("a[href*='/dashboard/inbox/']")
        if letters.count():
            letters.first.click()
            source = page.request.get(page.url.split("?")[0] + "/source").text()
            found = re.search(
                rf"https?://[^\s<>\"]*{path}[^\s<>\"]*", source.replace("=\r\n", "").replace("=\n", "")
            )
            if found:
                return found[0]
        page.wait_for_timeout(250)
    raise AssertionError(f"no mail to {address} has a link to {path}")


def test_a_reader_subscribes_confirms_chooses_and_leaves(open_page, service):
    page, desk = open_page(), open_page()
    page.goto("/")
    picture(page, "home")
    page.get_by_label("Email address").fill("alice.reader@example.com")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    expect(page.get_by_role("main")).to_contain_text("alice.reader@example.com")
    assert_accessible(page)
    picture(page, "subscribe-sent")

    page.goto(_newest_link(desk, service, "alice.reader@example.com", "/confirm/"))
    assert_accessible(page)
    page.get_by_role("button", name="Confirm my subscription").click()
    expect(page.get_by_role("main")).to_contain_text("Tokyo Letter")
    assert_accessible(page)

    page.goto("/manage")
    assert_accessible(page)
    page.get_by_label("Email address").fill("alice.reader@example.com")
    page.get_by_role("main").get_by_role("button").click()
    assert_accessible(page)
    preferences = _newest_link(desk, service, "alice.reader@example.com", "/preferences/")
    page.goto(preferences)
    expect(page.get_by_role("main")).to_contain_text("alice.reader@example.com")
    assert_accessible(page)
    picture(page, "preferences")
    page.get_by_role("checkbox", name="Law of the sea").check()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="Law of the sea")).to_be_checked()
    page.get_by_role("button", name="Unsubscribe from everything").click()
    assert_accessible(page)
    if page.get_by_role("button", name=re.compile("unsubscribe", re.IGNORECASE)).count():
        page.get_by_role("button", name=re.compile("unsubscribe", re.IGNORECASE)).first.click()
    page.goto(preferences)
    expect(page.get_by_role("checkbox", name=re.compile("Tokyo Letter"))).not_to_be_checked()


def test_a_japanese_reader_on_a_phone_meets_japanese_pages_and_a_japanese_mail(open_page, service):
    page, desk = open_page(width=390, language="ja-JP"), open_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert_accessible(page)
    picture(page, "home-ja-phone")
    page.get_by_label("メールアドレス").fill("emi.reader@example.com")
    page.get_by_role("button", name="購読する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールをご確認ください")
    assert_accessible(page)
    page.goto(_newest_link(desk, service, "emi.reader@example.com", "/confirm/"))
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text("東京だより")
    assert_accessible(page)


def test_a_reader_can_subscribe_by_keyboard_alone(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "email":
            break
    page.keyboard.type("keyboard.reader@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")


def test_a_wrong_address_is_told_beside_its_field_and_nothing_typed_is_lost(open_page):
    page = open_page()
    page.goto("/subscribe")
    page.get_by_label("Email address").fill("alice@example")
    page.get_by_role("main").get_by_role("button", name="Subscribe").click()
    expect(page.get_by_label("Email address")).to_have_value("alice@example")
    expect(page.get_by_label("Email address")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
