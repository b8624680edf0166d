"""Blocks on the editor's page: who sees them, columns and pictures, with plain forms."""

import io
import re

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from newsletter import issues, settings
from newsletter.database import db
from newsletter.issues import Kind, Side
from tests.web.test_issue_pages import (
    articles,
    bob,
    dialogue,
    draft,
    form_of,
    lecture,
    letter,
    now,
    page,
    press,
    readers,
)

__all__ = ["articles", "bob", "dialogue", "draft", "lecture", "letter", "now", "readers"]


def pieces(draft):
    return issues.issue(draft.id).pieces


def test_columns_are_filled_by_buttons_and_keep_what_stands_in_them(bob, draft):
    first = draft.pieces[0].id
    press(bob, draft, "add:columns")
    columns = pieces(draft)[-1]
    assert columns.kind is Kind.COLUMNS
    answer = press(bob, draft, f"add-into:{columns.id}.right.quote")
    assert answer.headers["Location"].endswith(f"#block-{columns.id}")
    press(bob, draft, f"left:{first}")
    inside = [(block.id == first, block.side) for block in pieces(draft)[-2:]]
    assert inside == [(True, Side.LEFT), (False, Side.RIGHT)]
    press(bob, draft, "save", **{f"{first}.body.en": "In the left column"})
    assert [block.side for block in pieces(draft)[-2:]] == [Side.LEFT, Side.RIGHT]
    assert "In the left column" in page(bob, f"/dashboard/issues/{draft.id}/preview?edition=en")


def test_a_block_carried_on_the_page_into_a_column_stays_there(bob, draft):
    press(bob, draft, "add:columns")
    columns, first = pieces(draft)[-1].id, draft.pieces[0].id
    data = form_of(page(bob, f"/dashboard/issues/{draft.id}"))
    order = [word for word in data["order"] if word != first]
    order.insert(order.index(f"{columns}.right") + 1, first)
    bob.post(f"/dashboard/issues/{draft.id}", data={**data, "order": order, "do": "save"})
    assert [(block.id, block.side) for block in pieces(draft)[-2:]] == [(columns, ""), (first, "right")]


def test_a_block_is_shown_to_some_readers_and_previewed_as_one_of_them(bob, draft):
    settings.add_topic("sea", {"en": "Law of the sea", "ja": "海洋法"})
    db.session.commit()
    text = draft.pieces[0].id
    changes = {f"{text}.body.en": "Tides.", f"{text}.readers": "only", f"{text}.circle": "topic:sea"}
    press(bob, draft, "save", **changes, **{f"{text}.in": "en"})
    block = pieces(draft)[0]
    assert block.hidden == ("ja",)
    assert issues.dump_condition(block.readers) == "topic:sea"
    html = page(bob, f"/dashboard/issues/{draft.id}")
    assert "only for Law of the sea" in html
    assert "hidden in Japanese" in html
    assert "The issue goes out in 3 variants." in html
    seen = f"/dashboard/issues/{draft.id}/preview?edition=en&view=text"
    assert "Tides." in page(bob, seen)
    assert "Tides." in page(bob, f"{seen}&as=1&belongs=topic:sea")
    assert "Tides." not in page(bob, f"{seen}&as=1")
    review = page(bob, f"/dashboard/issues/{draft.id}/review")
    assert "3 variants" in review
    assert re.findall(r'">(Readers of (?!Tokyo)[^<]*|All readers)<', review) == [
        "Readers of none of these: Law of the sea",
        "Readers of Law of the sea",
        "All readers",
    ]
    press(bob, draft, f"duplicate:{text}")
    assert re.findall("Tides", " ".join(one.text("body", "en") for one in pieces(draft))) == ["Tides"] * 2


def with_picture(bob, draft):
    press(bob, draft, "add:picture")
    block = pieces(draft)[-1]
    wide = Image.new("RGB", (2000, 1000), "navy")
    wide.paste(Image.new("RGB", (1000, 1000), "gold"), (1000, 0))
    out = io.BytesIO()
    wide.save(out, "PNG")
    data = form_of(page(bob, f"/dashboard/issues/{draft.id}")) | {"do": f"upload:{block.id}"}
    upload = {f"{block.id}.file": FileStorage(io.BytesIO(out.getvalue()), "sea.png")}
    boundary, body = encode_multipart({**data, **upload})
    bob.post(
        f"/dashboard/issues/{draft.id}", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return pieces(draft)[-1]


def shown(bob, draft):
    answer = bob.get(f"/images/{pieces(draft)[-1].image}")
    return Image.open(io.BytesIO(answer.data)).convert("RGB")


def test_a_picture_is_cut_to_a_shape_or_a_rectangle_and_cut_again_from_the_original(bob, draft):
    block = with_picture(bob, draft)
    assert shown(bob, draft).size == (1120, 560)  # twice as wide as it is shown
    press(bob, draft, f"cut:{block.id}", **{f"{block.id}.shape": "1:1", f"{block.id}.focus": "right"})
    assert pieces(draft)[-1].crop == issues.Crop(50, 0, 50, 100)
    assert shown(bob, draft).size == (800, 800)
    assert shown(bob, draft).getpixel((400, 400))[0] > 200  # gold
    press(bob, draft, "save", **{f"{block.id}.left": "0", f"{block.id}.across": "25"})
    assert shown(bob, draft).getpixel((100, 100))[0] < 50  # navy
    press(bob, draft, "save", **{f"{block.id}.left": "900", f"{block.id}.across": "x"})
    assert pieces(draft)[-1].crop == issues.Crop(95, 0, 5, 100)  # the nearest that lies within
    press(bob, draft, f"cut:{block.id}", **{f"{block.id}.shape": ""})
    assert pieces(draft)[-1].crop is None
    assert shown(bob, draft).size == (1120, 560)


def test_a_picture_at_half_the_width_weighs_and_measures_less(bob, draft):
    block = with_picture(bob, draft)
    press(bob, draft, "save", **{f"{block.id}.width": "half"})
    assert shown(bob, draft).size == (536, 268)
    letter = page(bob, f"/dashboard/issues/{draft.id}/preview?edition=en")
    assert 'width="268" height="134"' in letter
    press(bob, draft, f"clear:{block.id}")
    assert (pieces(draft)[-1].image, pieces(draft)[-1].original) == ("", "")


def test_what_is_missing_in_a_language_is_counted_and_led_to(bob, draft, lecture):
    text, event = draft.pieces[0].id, next(one.id for one in draft.pieces if one.entry == lecture.id)
    press(bob, draft, "add:quote")
    quote = pieces(draft)[-1].id
    words = {f"{text}.body.ja": "", f"{quote}.text.en": "Said", f"{quote}.source.en": "Ada"}
    press(bob, draft, "save", **words, **{"preheader-ja": ""})
    html = page(bob, f"/dashboard/issues/{draft.id}")
    gaps = html[html.index('id="gaps"') : html.index('class="subject"')]
    assert re.findall("<summary>([^<]*)<", gaps) == ["Japanese: 3 texts missing, 2 entries without a text"]
    places = re.findall('href="#([^"]*)"', gaps)
    assert places[:2] == ["preheader-ja", f"{text}-body-ja"]
    assert {f"block-{event}", f"{quote}-text-ja"} <= set(places)
    assert all(f'id="{place}"' in html for place in places)
    assert f"{quote}-source-ja" not in places  # a name serves both languages
    press(bob, draft, "save", **{f"{quote}.in": "en"})
    assert "日本語:テキスト2件が未入力、記事2件に訳なし" in page(bob, f"/dashboard/issues/{draft.id}", "ja")
