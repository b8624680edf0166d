"""The promise to editors: a bilingual issue out of events and news, checked and scheduled, in twelve clicks and two minutes."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import sign_in

MOST_CLICKS, MOST_SECONDS = 12, 120
_COUNT = """
addEventListener("pointerdown", (event) => {
  if (event.isTrusted) sessionStorage.setItem("presses", Number(sessionStorage.getItem("presses") ?? 0) + 1);
}, true);
"""


def _in_a_week() -> str:
    return f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%d}"


def test_an_issue_is_composed_checked_and_scheduled_in_twelve_clicks(open_page, service):
    page = open_page()
    sign_in(page, service)
    page.add_init_script(_COUNT)
    begun = time.monotonic()
    page.goto("/dashboard/issues")
    page.get_by_role("link", name=re.compile("New issue|Begin an issue")).first.click()
    page.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
    _both_editions_tell_an_event(page)
    page.get_by_role("button", name="Review and send").locator("visible=true").first.click()
    page.get_by_label(re.compile("I have seen")).click()
    expect(page.get_by_role("main")).to_contain_text("Seen by")
    page.get_by_label("At a time by the clock in Tokyo").check()
    page.get_by_label("Day", exact=True).fill(_in_a_week())
    _send(page).click()
    expect(page.get_by_role("main")).to_contain_text("It goes out by itself on")
    assert int(page.evaluate("sessionStorage.getItem('presses')")) <= MOST_CLICKS
    assert time.monotonic() - begun < MOST_SECONDS


def test_the_same_is_done_by_keyboard_alone(open_page, service):
    page = open_page()
    sign_in(page, service)
    page.add_init_script(_COUNT)
    begun = time.monotonic()
    page.goto("/dashboard/issues")
    _press(page, page.get_by_role("link", name=re.compile("New issue|Begin an issue")).first, "Enter")
    _press(page, page.get_by_role("button", name="Begin an issue of Tokyo Letter"), "Enter")
    _both_editions_tell_an_event(page)
    _press(page, page.get_by_role("button", name="Review and send").locator("visible=true").first, "Enter")
    _press(page, page.get_by_label(re.compile("I have seen")), "Space")
    expect(page.get_by_role("main")).to_contain_text("Seen by")
    _press(page, page.get_by_label("At once"), "ArrowDown")
    expect(page.get_by_label("At a time by the clock in Tokyo")).to_be_checked()
    _reach(page, page.get_by_label("Day", exact=True))
    page.get_by_label("Day", exact=True).fill(_in_a_week())
    _press(page, _send(page), "Enter")
    expect(page.get_by_role("main")).to_contain_text("It goes out by itself on")
    assert page.evaluate("sessionStorage.getItem('presses')") is None
    assert time.monotonic() - begun < MOST_SECONDS


def _both_editions_tell_an_event(page: Page) -> None:
    expect(page.locator(".block").first).to_be_visible()
    assert page.get_by_label("Subject, English").input_value()
    assert page.get_by_label("件名(日本語)").input_value()
    expect(page.locator(".block .entry-line [lang=ja]").first).to_be_visible()


def _send(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"Send to \d+ readers on"))


def _press(page: Page, what: Locator, key: str) -> None:
    _reach(page, what)
    page.keyboard.press(key)


def _reach(page: Page, what: Locator) -> None:
    """Go on with the Tab key until it is reached."""
    expect(what).to_be_visible()
    for _ in range(200):
        if what.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {what}")
