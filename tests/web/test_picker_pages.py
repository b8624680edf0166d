"""The entry picker with plain forms: found, narrowed, marked, ticked, and many added at once."""

import re
from dataclasses import replace

import pytest

from newsletter import entries, issues, settings
from newsletter.database import db
from newsletter.entries import Content, Kind, Text
from newsletter.issues import When, Wish
from tests.issues.conftest import told
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
    readers,
)

__all__ = ["articles", "bob", "dialogue", "draft", "lecture", "letter", "now", "readers"]


def news(title, japanese="", **more):
    texts = {"en": Text(title=title)} | ({"ja": Text(title=japanese)} if japanese else {})
    return told(Content(kind=Kind.NEWS, texts=texts, **more))


def picker(html):
    return html[html.index('id="picker"') : html.index("</aside>", html.index('id="picker"'))]


def found(bob, draft, query):
    return re.findall(
        r'<label[^>]*lang="\w\w">([^<]*)</label>', page(bob, f"/dashboard/issues/{draft.id}/picker?{query}")
    )


@pytest.mark.parametrize(
    "query",
    [
        "だいあろぐ",
        "ﾀﾞｲｱﾛｸﾞ",
        "ダイアログ",
        "海洋",
        "ＳＥＡ　ＤＩＡＬＯＧＵＥ",
        "日英 海洋ダイアログ",
        "sea dialogue",
    ],
)
def test_a_search_finds_japanese_in_any_width_and_kana_and_without_spaces(bob, draft, query):
    news("A sea dialogue", "日英海洋ダイアログの報告")
    assert found(bob, draft, f"find={query}") == ["A sea dialogue"]


@pytest.mark.usefixtures("dialogue", "lecture", "articles")
def test_what_is_found_is_narrowed_by_kind_topic_and_time(bob, draft, letter):
    settings.add_topic("sea", {"en": "Sea"})
    news("Tides", topics=("sea",))
    every = {"Tides", "Two fellowships for 2027", "Buying together"}
    events = {"Thirteenth UK–Japan Security Dialogue", "Open lecture: armies that keep the peace"}
    assert found(bob, draft, "topic=sea") == ["Tides"]
    assert set(found(bob, draft, "kind=news")) == every - {"Buying together"}
    assert set(found(bob, draft, "when=coming")) == events
    assert set(found(bob, draft, "when=past")) == every
    issues.send(draft.id)
    db.session.commit()
    second = issues.draft(letter)
    news("After the last issue")
    assert set(found(bob, second, "when=new")) == {"Tides", "After the last issue"}
    assert found(bob, draft, "kind=nonsense&when=never&pages=x")  # asks for nothing, and breaks nothing


def test_marks_say_what_an_editor_should_know(bob, draft, letter, dialogue, lecture):
    issues.send(draft.id)
    db.session.commit()
    second = issues.draft(letter)
    content = entries.content_of(dialogue)
    later = tuple(replace(day, date=day.date.replace(month=12)) for day in content.days)
    entries.change(dialogue.id, replace(content, days=later, full=True), dialogue.version, "Bob")
    db.session.commit()
    html = page(bob, f"/dashboard/issues/{second.id}/picker?find=Dialogue")
    marks = re.findall(r'class="mark [^"]*">([^<]*)<', html)
    assert marks[:3] == ["full", "sent in No. 1", "moved since No. 1"]
    assert "English only" in page(bob, f"/dashboard/issues/{second.id}/picker?find=armies")
    assert "No places are left." in issues.preview(second, "en").text


def test_many_are_ticked_in_several_searches_and_added_at_once(bob, draft):
    made = [news(f"News {n}") for n in range(3)]
    here = f"/dashboard/issues/{draft.id}"
    data = form_of(page(bob, here))
    answer = bob.post(here, data={**data, "find": "News", "pick": [made[2].id, made[0].id], "do": "find"})
    html = picker(page(bob, answer.headers["Location"]))
    assert len(re.findall(r'name="pick"[^>]*checked', html)) == 2
    assert "Add 2 entries" in html
    elsewhere = picker(page(bob, answer.headers["Location"].replace("find=News", "find=armies")))
    assert len(re.findall(r'name="pick"[^>]*checked', elsewhere)) == 2  # they stay in sight, under a heading
    before = [block.entry for block in draft.pieces]
    bob.post(here, data={**form_of(page(bob, here)), "pick": [made[2].id, made[0].id], "do": "add-entries"})
    after = [block.entry for block in issues.issue(draft.id).pieces]
    assert [one for one in after if one not in before] == [made[2].id, made[0].id]
    bob.post(here, data={**form_of(page(bob, here)), "pick": [made[0].id, "x"], "do": "add-entries"})
    assert len(issues.issue(draft.id).pieces) == len(after)


def test_more_is_shown_page_by_page(bob, draft):
    for n in range(45):
        entries.write(Content(kind=Kind.NEWS, texts={"en": Text(title=f"Bulk {n}")}), publish=True)
    db.session.commit()
    assert len(found(bob, draft, "find=Bulk")) == 20
    here = f"/dashboard/issues/{draft.id}"
    data = form_of(page(bob, f"{here}?find=Bulk"))
    answer = bob.post(here, data={**data, "do": "more"})
    html = picker(page(bob, answer.headers["Location"]))
    assert html.count("Bulk ") >= 40
    assert "Show more" in html
    assert len(found(bob, draft, "find=Bulk&pages=3")) == 45
    assert issues.pick(Wish("Bulk", when=When.COMING), draft.list_id).total == 0
