"""The library: a block is saved out of one issue, found, rewritten, and put into another one."""

import pytest

from newsletter import issues
from newsletter.database import db
from newsletter.issues import Kind
from tests.web.test_issue_pages import (
    articles,
    bob,
    carol,
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

__all__ = ["articles", "bob", "carol", "dialogue", "draft", "form_of", "lecture", "letter", "now", "readers"]


@pytest.fixture
def saved(bob, draft):
    text = draft.pieces[0].id
    words = {f"{text}.body.en": "Our reading room is open.", f"{text}.body.ja": "閲覧室へどうぞ。"}
    answer = press(bob, draft, f"keep:{text}", **words)
    assert "The block is in the library now" in page(bob, answer.headers["Location"])
    return issues.saved_blocks()[0]


def test_a_block_is_saved_under_its_first_words_and_found_in_either_language(bob, saved):
    assert saved.name == "Our reading room is open."
    for words in ("reading", "閲覧", "ＲＯＯＭ　閲覧室"):
        assert "Our reading room" in page(bob, f"/dashboard/library?find={words}")
    assert "Nothing in the library holds these words." in page(bob, "/dashboard/library?find=nothing")


def test_a_saved_block_is_put_into_an_issue_as_a_copy_of_its_own(bob, letter, saved):
    second = issues.draft(letter)
    db.session.commit()
    press(bob, second, "add-saved", saved=str(saved.id))
    shelf = page(bob, press(bob, second, "library").headers["Location"])
    assert f"/dashboard/issues/{second.id}/saved/{saved.id}" in shelf
    answer = bob.post(f"/dashboard/issues/{second.id}/saved/{saved.id}")
    assert "#block-" in answer.headers["Location"]
    copies = [one for one in issues.issue(second.id).pieces if one.main_text("ja") == "閲覧室へどうぞ。"]
    assert len({saved.pieces[0].id, *(one.id for one in copies)}) == 3
    assert issues.issue(second.id).pieces[-1].kind is Kind.CALL  # what closes an issue still does
    name, id_ = "Reading room", saved.pieces[0].id
    typed = {"version": saved.version, "name": name, f"{id_}.body.en": "Closed.", f"{id_}.body.ja": "閉室"}
    bob.post(f"/dashboard/library/{saved.id}", data=typed)
    assert issues.saved_blocks("閉室")[0].name == name
    assert "Our reading room is open." in page(bob, f"/dashboard/issues/{second.id}/preview?edition=en")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(bob, saved, draft):
    press(bob, draft, f"keep:{draft.pieces[0].id}")
    assert [one.name for one in issues.saved_blocks()] == [saved.name, f"{saved.name} 2"]
    here, id_ = f"/dashboard/library/{saved.id}", saved.pieces[0].id
    for name, version, sentence in (
        ("", 1, "Give the block a name"),
        (f"{saved.name} 2", 1, "Another block of the library is called"),
        ("New", 9, "Somebody has changed this block since you opened it."),
    ):
        answer = bob.post(here, data={"version": version, "name": name, f"{id_}.body.en": "Typed"})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert "Typed" in answer.get_data(as_text=True)


def test_columns_pictures_and_entries_are_saved_whole(bob, draft, dialogue):
    event = next(block for block in draft.pieces if block.kind is Kind.ENTRY)
    press(bob, draft, "add:columns")
    press(bob, draft, f"left:{event.id}")
    press(bob, draft, f"keep:{issues.issue(draft.id).pieces[-2].id}")
    kept = issues.saved_blocks()[0]
    assert [block.kind for block in kept.pieces] == [Kind.COLUMNS, Kind.ENTRY]
    assert dialogue.title("en") in page(bob, f"/dashboard/library/{kept.id}")
    press(bob, draft, "add-saved", saved=str(kept.id))
    assert [block.side for block in issues.issue(draft.id).pieces[-2:]] == ["", "left"]


def test_a_saved_block_is_deleted_after_a_question(bob, saved, draft):
    before = draft.pieces
    assert "keep their own" in page(bob, f"/dashboard/library/{saved.id}/delete")
    bob.post(f"/dashboard/library/{saved.id}/delete")
    assert issues.saved_blocks() == []
    assert len(issues.issue(draft.id).pieces) == len(before)
    assert bob.get(f"/dashboard/library/{saved.id}").status_code == 404
    press(bob, draft, "add-saved", saved=str(saved.id))  # somebody had it on the page still
    assert len(issues.issue(draft.id).pieces) == len(before)


def test_who_may_only_look_finds_no_buttons(carol, saved):
    html = page(carol, "/dashboard/library", "ja")
    assert saved.name in html
    assert "削除" not in html
    assert carol.post(f"/dashboard/library/{saved.id}/delete").status_code == 403
