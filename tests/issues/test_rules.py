"""What an entry list takes: by kind, topic, window and order, without what is told elsewhere or was sent before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter import issues
from newsletter.audience import Circle, Sort
from newsletter.database import db
from newsletter.entries import Content, Kind, Text
from newsletter.issues import Condition, Rule, Window
from tests.issues.conftest import told


@pytest.fixture
def draft(letter, dialogue, lecture, articles):
    return issues.draft(letter)


def taken(draft, rule, *others):
    block = issues.new_block("entry_list", rule=rule)
    materials = issues.gather(draft, (*others, block))
    return [entry.title("en") for entry in materials.entries_of(block)]


EVENTS = Rule(kinds=("event",), window=Window.ANY, limit=9)


def test_a_list_leaves_out_what_was_sent_before_if_that_is_wished(letter, draft, dialogue, lecture):
    both = ["Thirteenth UK–Japan Security Dialogue", "Open lecture: armies that keep the peace"]
    blocks = tuple(block for block in draft.pieces if block.entry != lecture.id)
    lines = {"en": "Soon", "ja": "まもなく"}  # an event that they name would count as told
    issues.save(draft.id, draft.version, subjects=lines, preheaders=lines, blocks=blocks)
    issues.send(draft.id)
    db.session.commit()
    second = issues.draft(letter)
    assert taken(second, EVENTS) == both
    assert taken(second, replace(EVENTS, unsent=True)) == both[1:]
    assert issues.new_block("entry_list", rule=replace(EVENTS, unsent=True)).rule.unsent


def test_what_only_some_readers_are_told_a_list_tells_as_well(draft, dialogue):
    block = issues.new_block("entry", entry=dialogue.id)
    assert "Thirteenth UK–Japan Security Dialogue" not in taken(draft, EVENTS, block)
    for some in (
        replace(block, hidden=("ja",)),
        replace(block, readers=Condition(Circle(Sort.TOPIC, "sea"))),
    ):
        assert "Thirteenth UK–Japan Security Dialogue" in taken(draft, EVENTS, some)


def test_windows_orders_and_limits_hold(draft):
    for month in (3, 8, 9):
        dated = datetime(2026, month, 20, tzinfo=UTC)
        told(Content(kind=Kind.NEWS, texts={"en": Text(title=f"News of month {month}")}, dated=dated))
    news = Rule(kinds=("news",), window=Window.ANY, limit=9)
    assert taken(draft, news) == ["Two fellowships for 2027", *(f"News of month {n}" for n in (9, 8, 3))]
    assert taken(draft, replace(news, window=Window.MONTH)) == ["Two fellowships for 2027", "News of month 9"]
    assert taken(draft, replace(news, order=issues.Order.OLDEST, limit=2)) == [
        "News of month 3",
        "News of month 8",
    ]
