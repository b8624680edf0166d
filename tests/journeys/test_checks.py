"""The checks in a real browser: what is wrong leads to its place, goes away by a press, or stands with a reason."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, picture, sign_in
from tests.journeys.test_editors import _begin_issue


def test_a_wrong_weekday_is_mended_and_a_doubtful_word_stands_with_a_reason(open_page, service):
    page = open_page()
    sign_in(page, service)
    _begin_issue(page)
    page.get_by_label("Subject, English").fill("TODO, our choir, sings on Friday 9 November 2026")
    page.get_by_role("button", name="Save").locator("visible=true").first.click()
    checks = page.get_by_role("region", name="Checks")
    wrong = checks.get_by_role("link", name=re.compile("the weekday of .* is wrong"))
    wrong.click()
    assert page.url.endswith("#subject-en")
    assert_accessible(page)
    checks.get_by_role("button", name="Put it right: Monday").click()
    expect(page.get_by_label("Subject, English")).to_have_value(
        "TODO, our choir, sings on Monday 9 November 2026"
    )

    page.get_by_role("button", name="Review and send").click()
    page.wait_for_url("**/review*")
    expect(page.get_by_role("button", name=re.compile("Send now"))).to_have_count(0)
    checks.get_by_text("It is right as it is").first.click()
    assert_accessible(page)
    picture(page, "override")
    checks.get_by_label(re.compile("Why?")).fill("The choir is called so.")
    checks.get_by_role("button", name="Let it stand").click()
    expect(checks).to_contain_text("The choir is called so.")
    checks.get_by_label(re.compile("I have seen")).click()
    expect(checks).to_contain_text("Seen by")
    checks.get_by_text(re.compile("checks passed")).click()
    expect(checks).to_contain_text("Weekdays belong to their dates")
    assert_accessible(page)
    expect(page.get_by_role("button", name=re.compile("Send now"))).to_be_visible()
