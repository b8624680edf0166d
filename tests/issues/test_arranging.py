"""Blocks in a row and in columns: whatever is done to them, no block is lost and every stack stands behind its columns."""

import pytest

from newsletter import issues
from newsletter.issues import Block, Kind, Side

L, R = Side.LEFT, Side.RIGHT


def block(name, side=Side.NONE):
    return Block(id=name, kind=Kind.COLUMNS if name.startswith("C") else Kind.TEXT, side=side)


ISSUE = (block("a"), block("C"), block("l1", L), block("l2", L), block("r1", R), block("b"))


def drawn(blocks):
    """Write blocks down: `a C(l1 l2|r1) b`."""
    words = []
    for row in issues.rows(blocks):
        inside = "|".join(" ".join(one.id for one in stack) for stack in (row.left, row.right))
        words.append(f"C({inside})" if row.block.kind is Kind.COLUMNS else row.block.id)
    return " ".join(words)


@pytest.mark.parametrize(
    ("name", "steps", "expected"),
    [
        ("b", -1, "a b C(l1 l2|r1)"),
        ("a", 1, "C(l1 l2|r1) a b"),
        ("C", 1, "a b C(l1 l2|r1)"),
        ("C", -9, "C(l1 l2|r1) a b"),
        ("l2", -1, "a C(l2 l1|r1) b"),
        ("l1", -1, "a l1 C(l2|r1) b"),
        ("l2", 1, "a C(l1|l2 r1) b"),
        ("r1", -1, "a C(l1 l2 r1|) b"),
        ("r1", 1, "a C(l1 l2|) r1 b"),
        ("l2", 3, "a C(l1|r1) l2 b"),
    ],
)
def test_a_block_moves_through_columns_and_out_of_them(name, steps, expected):
    assert drawn(issues.moved(ISSUE, name, steps)) == expected


def test_a_block_is_put_into_a_column_and_out_again():
    inside = issues.put_into(ISSUE, "b", L)
    assert drawn(inside) == "a C(l1 l2 b|r1)"
    assert drawn(issues.put_into(inside, "b", R)) == "a C(l1 l2|r1 b)"
    assert drawn(issues.taken_out(inside, "b")) == "a C(l1 l2|r1) b"
    assert drawn(issues.put_into(ISSUE, "a", R)) == "C(l1 l2|r1 a) b"


def test_columns_are_doubled_dropped_and_taken_apart_with_what_stands_in_them():
    doubled = issues.duplicated(ISSUE, "C")
    assert len(doubled) == len({one.id for one in doubled}) == len(ISSUE) + 4
    assert [len(row.blocks) for row in issues.rows(doubled)] == [1, 4, 4, 1]
    assert drawn(issues.dropped(ISSUE, "C")) == "a b"
    assert drawn(issues.taken_apart(ISSUE, "C")) == "a l1 l2 r1 b"
    twice = issues.duplicated(ISSUE, "l1")
    assert [len(row.left) for row in issues.rows(twice)] == [0, 3, 0]


def test_what_has_a_side_without_columns_or_cannot_stand_in_them_is_a_row_of_its_own(letter):
    call = Block(id="d", kind=Kind.CALL, side=L)
    blocks = (block("x", L), block("C"), call, block("l1", L))
    made = issues.draft(letter)
    saved = issues.save(made.id, made.version, blocks=blocks)
    assert drawn(saved.pieces) == "x C(l1|) d"


def test_columns_are_set_side_by_side_and_read_one_after_the_other(letter):
    words = {name: {"en": {"body": f"{name} text."}, "ja": {"body": f"{name} 文。"}} for name in ("l", "r")}
    blocks = (
        issues.new_block(Kind.COLUMNS),
        issues.new_block(Kind.TEXT, texts=words["l"], side=L),
        issues.new_block(Kind.TEXT, texts=words["r"], side=R),
    )
    made = issues.draft(letter)
    saved = issues.save(made.id, made.version, blocks=blocks)
    letter_set = issues.preview(saved, "en")
    assert letter_set.html.count("mj-column-per-50") > 1
    assert "l text.\n\nr text." in letter_set.text
    alone = issues.edited(saved.pieces, saved.pieces[2].id, hidden=("ja",))
    saved = issues.save(made.id, saved.version, blocks=alone)
    assert 'class="pair"' not in issues.preview(saved, "ja").html
