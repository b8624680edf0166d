"""An owner chooses a look and writes a theme in a real browser: the letter follows the keys, and what is wrong is told at its line."""

from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, picture, sign_in


def test_a_look_is_chosen_beside_the_letter_that_shows_it(open_page, service):
    page = open_page()
    sign_in(page, service)
    page.goto("/dashboard/settings/look")
    letter = page.frame_locator("iframe[data-letter]")
    page.get_by_role("radio", name="Gazette").check()
    page.get_by_label("Links and buttons").first.fill("#ffcc00")
    expect(page.get_by_text("Links would be hard to read on the paper.")).to_be_visible()
    expect(letter.get_by_role("link", name="programme", exact=True)).to_have_css("color", "rgb(255, 204, 0)")
    assert_accessible(page)
    page.get_by_role("button", name="Use #").click()
    expect(page.get_by_text("Everything reads well in these colours")).to_be_visible()
    picture(page, "look")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Letters that are sent from now on look like this.")).to_be_visible()
    expect(page.get_by_role("radio", name="Gazette")).to_be_checked()


def test_a_theme_is_written_beside_the_letter_that_it_sets(open_page, service):
    page = open_page()
    sign_in(page, service)
    page.goto("/dashboard/settings/themes")
    page.get_by_label("Name of the new theme").fill("Ours")
    page.get_by_role("button", name="Begin the theme").click()
    letter = page.frame_locator("iframe[name=letter]")
    source = page.get_by_label("MJML and Jinja")
    written = source.input_value()
    source.fill(written.replace("font-size:34px", "font-size:60px"))
    expect(letter.get_by_role("heading", level=1)).to_have_css("font-size", "60px")
    source.fill(written.replace("{{ content.kicker }}", "{{ content.kickr }}"))
    told = page.locator("[data-judged] a[data-line]")
    expect(told).to_have_count(1)
    told.click()
    line = source.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert "content.kickr" in line
    assert_accessible(page)
    picture(page, "workshop")
    source.fill(written)
    expect(page.get_by_text("It sets every sample in every language.")).to_be_visible()
    page.get_by_role("button", name="Save and put in use").click()
    expect(page.get_by_text("Version 1 sets every sample in every language")).to_be_visible()
