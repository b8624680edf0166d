"""The last page before an issue leaves, in a browser: what it says follows what is chosen, and the button does that."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, picture, sign_in
from tests.journeys.test_editors import _begin_issue


def test_the_last_words_follow_what_is_chosen_and_the_button_does_it(open_page, service):
    page = open_page()
    sign_in(page, service)
    _begin_issue(page)
    page.goto(f"{page.url.split('?')[0].split('#')[0]}/review")
    last = page.locator(".last-words .last")
    expect(last).to_contain_text(re.compile(r"goes to \d+ readers"))
    page.get_by_text("Change who gets it").click()
    page.get_by_role("group", name="Also to the readers of").get_by_label("Event notices").check()
    expect(page.locator(".counted")).to_contain_text("would get it")
    page.get_by_role("button", name="Keep these readers").click()
    expect(page.get_by_role("main")).to_contain_text("Readers of Tokyo Letter and Event notices.")

    day = datetime.now(UTC) + timedelta(days=3)
    expect(page.get_by_label("Day", exact=True)).to_be_hidden()
    page.get_by_label("At a time by each reader’s own clock").check()
    page.get_by_label("Day", exact=True).fill(f"{day:%Y-%m-%d}")
    expect(last).to_contain_text("by their own clocks")
    page.get_by_label(re.compile("I have seen")).click()
    expect(page.get_by_role("main")).to_contain_text("Seen by")
    expect(page.get_by_label("Day", exact=True)).to_have_value(f"{day:%Y-%m-%d}")
    expect(last).to_contain_text("by their own clocks")
    page.get_by_label("At a time by the clock in Tokyo").check()
    expect(last).to_contain_text(re.compile(r"\(Tokyo\), Tokyo Letter No\. \d+ goes to"))
    assert_accessible(page)
    page.get_by_role("button", name=re.compile(r"Send to \d+ readers on")).click()
    expect(page.get_by_role("main")).to_contain_text("It goes out by itself on")

    page.get_by_role("link", name="Rehearsal").click()
    page.get_by_role("button", name="Rehearse").click()
    expect(page.get_by_role("main")).to_contain_text("would get it")
    page.get_by_label("Address or name").fill("emi")
    page.get_by_role("button", name="Find").click()
    page.locator(".found-readers a").first.click()
    expect(page.locator(".head-lines")).to_contain_text("List-Unsubscribe")
    assert_accessible(page)
    picture(page, "rehearsal")
    page.get_by_role("link", name="Back to the review").click()
    page.get_by_role("button", name="Take it back into the drafts").click()

    page.goto("/dashboard/lists/tokyo-letter/rhythm")
    page.get_by_label("How often").select_option("weeks")
    page.get_by_label("Weeks between").fill("2")
    expect(page.locator(".last-words .last")).to_contain_text("Every other")
    expect(page.locator(".next-dates li")).to_have_count(3)
    assert_accessible(page)
    picture(page, "rhythm")
