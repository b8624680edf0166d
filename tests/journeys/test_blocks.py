"""What an editor does with blocks: finds entries in Japanese, fills columns by keyboard, cuts a picture, says who sees what."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import assert_accessible, picture, sign_in


@pytest.fixture
def page(open_page, service):
    """A new issue of the sample's letter, open in the editor."""
    page = open_page()
    sign_in(page, service)
    page.goto("/dashboard/issues/new")
    page.get_by_role("button", name="Begin an issue of Tokyo Letter").click()
    page.wait_for_url(re.compile(r"/dashboard/issues/\d+"))
    return page


def _save(page):
    page.get_by_role("button", name="Save", exact=True).locator("visible=true").first.click()


def test_entries_are_found_while_one_types_and_added_with_one_press(page):
    blocks = page.locator("li.block")
    before = blocks.count()
    picker = page.get_by_role("complementary", name="Entries")
    picker.get_by_label("Search entries").fill("ｻｲﾊﾞｰ防衛")
    picker.get_by_role("checkbox", name=re.compile("Ports under attack")).check()
    picker.get_by_label("Search entries").fill("procurement")
    picker.get_by_role("checkbox", name=re.compile("Buying together")).check()
    assert_accessible(page)
    picture(page, "composer-picker")
    picker.get_by_role("button", name="Add 2 entries").click()
    expect(blocks).to_have_count(before + 2)


def test_columns_are_filled_by_keyboard_and_a_block_is_for_some_readers(page):
    page.get_by_role("button", name="Two columns").click()
    right, left = (page.get_by_role("region", name=f"{side} column") for side in ("Right", "Left"))
    right.get_by_role("button", name="Quote").click()
    right.get_by_label("Text, English").fill("Said on the right.")
    right.get_by_label("テキスト(日本語)").fill("右で語られたこと。")
    right.get_by_label("Text, English").press("Alt+ArrowUp")
    expect(left.get_by_label("Text, English")).to_have_value("Said on the right.")
    left.locator("summary").first.click()
    left.get_by_label(re.compile("Who sees block")).last.select_option("only")
    left.get_by_label(re.compile("topic or list")).select_option(index=1)
    _save(page)
    seen = page.frame_locator("iframe[name=preview]").get_by_text("Said on the right.")
    expect(seen).to_be_visible()
    page.get_by_role("group", name="As a reader of").get_by_role("checkbox").uncheck()
    expect(seen).to_have_count(0)
    assert_accessible(page)
    picture(page, "composer-columns")


def test_a_picture_is_cut_by_hand_and_kept_in_the_library(page, tmp_path):
    path = tmp_path / "sea.png"
    Image.new("RGB", (1200, 800), "navy").save(path)
    page.get_by_role("button", name="Picture", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    page.locator(".cropper summary").click()
    _draw(page, page.locator("[data-crop-frame]"))
    expect(page.get_by_label("From the left")).to_have_value("50")
    expect(page.get_by_label("Height")).to_have_value("50")
    page.get_by_label("What the picture shows, English").fill("The sea")
    page.get_by_label("画像の説明(日本語)").fill("海")
    _save(page)
    page.locator(".cropper summary").click()
    expect(page.get_by_label("From the left")).to_have_value("50")
    assert_accessible(page)
    picture(page, "composer-cut")
    page.locator("li.block:has(.cropper) summary").first.click()
    page.get_by_role("button", name=re.compile("Save block .* to the library")).locator(
        "visible=true"
    ).click()
    expect(page.get_by_role("main")).to_contain_text("The block is in the library now")
    page.get_by_role("button", name="Open the library").click()
    page.get_by_role("link", name="The sea").first.click()
    assert_accessible(page)
    page.go_back()
    assert_accessible(page)
    picture(page, "library")


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped_at_its_block(page, way):
    page.get_by_role("button", name="Picture", exact=True).click()
    block = page.locator("li.block:has(input[type=file])").last
    block.evaluate(
        """async (block, way) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 600 });
          canvas.getContext("2d").fillRect(0, 0, 900, 600);
          const blob = await new Promise((done) => canvas.toBlob(done));
          const given = new DataTransfer();
          given.items.add(new File([blob], "sea.png", { type: "image/png" }));
          const event = way === "paste" ? new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true })
            : new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true });
          block.querySelector("input:not([type=hidden], [type=file])").dispatchEvent(event);
        }""",
        way,
    )
    expect(block.get_by_role("img")).to_be_visible()
    expect(page.frame_locator("iframe[name=preview]").locator("img[width]").last).to_be_attached()


def _draw(page, frame):
    """Draw a rectangle over the right half of a picture, from a quarter to three quarters of its height."""
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] * 0.75, steps=3)
    page.mouse.up()
