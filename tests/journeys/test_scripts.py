"""The comforts that scripts add to pages, in a real browser. Each page works without them."""

import json
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "newsletter" / "static" / "dist"


@pytest.fixture
def show(browser):
    """Show a page with the dashboard's script; other addresses answer as told."""
    context = browser.new_context()
    script = json.loads((DIST / "manifest.json").read_text())["dashboard.js"]

    def shown(html, **answers):
        page = context.new_page()
        body = f"<!doctype html><main>{html}</main><script src='/dashboard.js' defer></script>"
        page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.route("**/dashboard.js", lambda route: route.fulfill(path=DIST / script))
        for path, answer in answers.items():
            page.route(f"**/{path}", answer)
        page.goto("http://newsletter.test/page")
        return page

    yield shown
    context.close()


def test_alt_and_arrow_press_the_buttons_that_move(show):
    page = show(
        '<ol><li data-movable id="block-1"><form action="/moved"><input type="hidden" name="id" value="1">'
        '<button data-move="up" name="to" value="up" disabled>Up</button>'
        '<button data-move="down" name="to" value="down">Down</button></form></li></ol>'
    )
    page.focus("[data-move=down]")
    page.keyboard.press("Alt+ArrowUp")
    assert page.url.endswith("/page")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url("**/moved?id=1&to=down")
    assert page.evaluate("document.activeElement.dataset.move") == "down"


def test_a_part_of_the_page_stays_fresh_without_losing_what_was_unfolded(show):
    def answer(route):
        route.fulfill(
            body="<p>68 %</p><details><summary>Why</summary>421</details>",
            content_type="text/html",
            headers={"X-Done": "1"},
        )

    page = show(
        '<div id="now" data-refresh="/progress" data-every="50"><p>12 %</p><details><summary>Why</summary>421</details></div>',
        progress=answer,
    )
    page.evaluate("document.querySelector('details').open = true; document.querySelector('summary').focus()")
    page.wait_for_selector("text=68 %")
    assert page.evaluate("document.querySelector('details').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_was_last_known_stays_while_the_server_is_away(show):
    page = show(
        '<p data-lost-notice="now" hidden>No answer</p><div id="now" data-refresh="/progress" data-every="10">12 %</div>',
        progress=lambda route: route.abort(),
    )
    page.wait_for_selector("text=No answer")
    assert page.inner_text("#now") == "12 %"


def test_a_choice_sends_its_form_and_hides_the_button_for_those_without_scripts(show):
    page = show(
        '<form action="/chosen"><select name="kind" data-submit><option>all<option>news</select>'
        "<button data-fallback>Show</button></form>"
    )
    assert page.is_hidden("button")
    page.select_option("select", "news")
    page.wait_for_url("**/chosen?kind=news")


def test_a_preview_is_seen_as_chosen(show):
    page = show(
        '<fieldset data-views="frame"><input type="radio" name="v" value="phone" checked>'
        '<input type="radio" name="v" value="wide"></fieldset><div id="frame"></div>'
    )
    assert page.get_attribute("#frame", "data-view") == "phone"
    page.check("[value=wide]")
    assert page.get_attribute("#frame", "data-view") == "wide"


def test_a_menu_closes_on_escape_and_gives_the_focus_back(show):
    page = show('<details class="menu"><summary>Alice</summary><a href="#x">Account</a></details>')
    page.click("summary")
    page.focus("a")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('details').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_leaving_with_unsaved_changes_asks_first(show):
    page = show('<form data-guard><input name="title"></form><a href="/elsewhere">Away</a>')
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("input", "New title")
    page.click("a", no_wait_after=True)
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
