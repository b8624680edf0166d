"""Two people on one issue: what each changed is kept, what both changed is asked, and each undoes their own."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from newsletter import clock, issues
from newsletter.errors import Conflict
from newsletter.issues import Change, Choice, Kind


@pytest.fixture
def draft(letter, articles):
    begun = issues.draft(letter, by="Alice")
    issues.save(
        begun.id,
        1,
        subjects={"en": "Autumn", "ja": "秋"},
        blocks=tuple(
            issues.new_block(Kind.TEXT, texts={"en": {"body": body}}) for body in ("one", "two", "three")
        ),
        by="Alice",
    )
    return issues.issue(begun.id)


def written(draft, *bodies, order=None, **subjects):
    """What somebody makes of an issue: other bodies for its blocks, nothing where one stays."""
    blocks = [
        replace(block, texts={"en": {"body": body}}) if body else block
        for block, body in zip(draft.pieces, (*bodies, None, None, None), strict=False)
    ]
    kept = issues.manuscript_of(draft)
    return replace(
        kept,
        subjects={**kept.subjects, **subjects},
        blocks=tuple(blocks[n] for n in order or range(len(blocks))),
    )


def bodies(issue_id):
    return [block.text("body", "en") for block in issues.issue(issue_id).pieces]


def test_edits_of_different_blocks_both_stand_without_a_question(draft):
    alice, bob = written(draft, "ONE"), written(draft, None, "TWO", ja="秋です")
    issues.bring_in(draft.id, 2, alice, by="Alice")
    brought = issues.bring_in(draft.id, 2, bob, by="Bob")
    assert bodies(draft.id) == ["ONE", "TWO", "three"]
    assert brought.others == ("Alice",)
    assert [place[1:] for place in brought.taken] == [("body", "en")]
    assert issues.issue(draft.id).subjects == {"en": "Autumn", "ja": "秋です"}


def test_one_moves_while_the_other_adds_drops_and_writes(draft):
    bob = written(draft, None, "TWO")
    new = issues.new_block(Kind.HEADING, texts={"en": {"text": "Then"}})
    bob = replace(bob, blocks=(*bob.blocks[:2], new))
    issues.bring_in(draft.id, 2, written(draft, order=(1, 0, 2)), by="Alice")
    assert not issues.bring_in(draft.id, 2, bob, by="Bob").clashes
    assert [block.text("body", "en") or "Then" for block in issues.issue(draft.id).pieces] == [
        "TWO",
        "Then",
        "one",
    ]


def test_what_both_changed_waits_for_a_choice_which_holds_for_what_was_seen(draft):
    issues.bring_in(draft.id, 2, written(draft, "Alice’s"), by="Alice")
    mine = written(draft, "Bob’s", "TWO")
    (clash,) = issues.bring_in(draft.id, 2, mine, by="Bob").clashes
    assert (clash.mine, clash.theirs) == ("Bob’s", "Alice’s")
    assert bodies(draft.id) == ["Alice’s", "two", "three"]
    choices = {clash.name: Choice(mine=True, seen=clash.seen)}
    issues.bring_in(draft.id, 3, written(issues.issue(draft.id), "Alice’s again"), by="Alice")
    assert issues.bring_in(draft.id, 2, mine, by="Bob", choices=choices).clashes
    (clash,) = issues.bring_in(draft.id, 2, mine, by="Bob").clashes
    issues.bring_in(draft.id, 2, mine, by="Bob", choices={clash.name: Choice(mine=False, seen=clash.seen)})
    assert bodies(draft.id) == ["Alice’s again", "TWO", "three"]


def test_a_block_that_one_dropped_and_the_other_wrote_in_is_asked_about(draft):
    kept, bob = written(draft), written(draft, "ONE")
    issues.bring_in(draft.id, 2, replace(kept, blocks=kept.blocks[1:]), by="Alice")
    (clash,) = issues.bring_in(draft.id, 2, bob, by="Bob").clashes
    assert clash.theirs is None
    issues.bring_in(draft.id, 2, bob, by="Bob", choices={clash.name: Choice(mine=True, seen=clash.seen)})
    assert bodies(draft.id) == ["ONE", "two", "three"]


def test_a_save_whose_answer_was_lost_does_not_clash_with_itself(draft):
    issues.bring_in(draft.id, 2, written(draft, "ab"), by="Alice", tag="first")
    again = issues.bring_in(draft.id, 2, written(draft, "abc"), by="Alice", unanswered=["first"])
    assert not again.clashes
    assert bodies(draft.id)[0] == "abc"


def test_everybody_undoes_their_own_changes_also_after_others_went_on(draft):
    issues.bring_in(draft.id, 2, written(draft, "ONE"), by="Bob")
    issues.bring_in(draft.id, 3, written(issues.issue(draft.id), None, "TWO"), by="Alice")
    issues.undo(draft.id, "Bob")
    assert bodies(draft.id) == ["one", "TWO", "three"]
    issues.redo(draft.id, "Bob")
    assert bodies(draft.id) == ["ONE", "TWO", "three"]
    issues.bring_in(draft.id, 6, written(issues.issue(draft.id), "Alice’s one"), by="Alice")
    with pytest.raises(Conflict, match="history"):
        issues.undo(draft.id, "Bob")


def test_words_typed_in_one_go_are_undone_together_and_a_new_change_ends_what_could_be_redone(draft):
    with time_machine.travel(clock.now()) as traveller:
        for typed in ("o", "on", "on and on"):
            issues.bring_in(draft.id, issues.issue(draft.id).version, written(draft, typed), by="Bob")
            traveller.shift(1)
        traveller.shift(10)
        issues.bring_in(draft.id, 5, written(draft, "on and off"), by="Bob")
    for expected in ("on and on", "one"):
        issues.undo(draft.id, "Bob")
        assert bodies(draft.id)[0] == expected
    issues.redo(draft.id, "Bob")
    assert bodies(draft.id)[0] == "on and on"
    issues.bring_in(draft.id, issues.issue(draft.id).version, written(draft, "off"), by="Bob")
    assert not issues.ways(draft.id, "Bob").forth


def test_old_saves_are_thinned_out_and_who_works_on_one_of_them_is_asked_rather_than_guessed_for(draft):
    with time_machine.travel(clock.now()) as traveller:
        for number in range(2, 49):
            issues.bring_in(draft.id, number, written(draft, f"word {number}"), by="Bob")
            traveller.shift(timedelta(seconds=20))
        traveller.shift(timedelta(hours=2))
        issues.bring_in(draft.id, 49, written(draft, "the end"), by="Bob")
        kept = issues.versions(draft.id)
        assert len(kept) < 25
        assert kept[0].manuscript == issues.manuscript_of(issues.issue(draft.id))
        gone = next(number for number in range(9, 40) if number not in {one.number for one in kept})
        assert issues.bring_in(draft.id, gone, written(draft, f"word {gone - 1}", "TWO"), by="Alice").clashes


def test_an_earlier_version_comes_back_as_a_new_one(draft):
    issues.bring_in(draft.id, 2, written(draft, "ONE"), by="Bob")
    back = issues.restore(draft.id, 2, by="Alice")
    assert back.version == 4
    assert bodies(draft.id) == ["one", "two", "three"]
    issues.undo(draft.id, "Alice")
    assert bodies(draft.id) == ["ONE", "two", "three"]


def test_differences_name_what_came_went_moved_and_which_words(draft):
    before = written(draft)
    heading = issues.new_block(Kind.HEADING, texts={"en": {"text": "Then"}})
    after = written(draft, None, "two and more", order=(2, 1), en="Late autumn")
    after = replace(after, blocks=(heading, *after.blocks))
    found = issues.differences(before, after)
    assert [one.change for one in found] == [
        Change.CHANGED, Change.ADDED, Change.MOVED, Change.CHANGED, Change.DROPPED,
    ]  # fmt: skip
    words = issues.compare_words("閲覧室を開設", "閲覧室が開設") + issues.compare_words(
        "a red house", "a blue house"
    )
    assert [piece.text for piece in words if piece.change is Change.ADDED] == ["が", "blue"]
