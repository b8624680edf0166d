"""Who gets an issue, how many they are, and finding them."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from newsletter import audience, settings
from newsletter.audience import Source, State
from newsletter.database import db
from newsletter.errors import Invalid
from tests.audience.letterbox import reader


def who(query):
    return sorted(row.address for row in db.session.execute(query))


def test_one_row_each_with_the_language_resolved(lists):
    audience.import_subscribers(
        "email,name,language,city\ndora@example.org,Dora,en,London\nhanako@example.jp,江口花子,ja,\n",
        "tokyo-letter",
        confirmed=True,
    )
    rows = {row.address: row for row in db.session.execute(audience.readers(lists[0].id))}
    dora, emi = rows["dora@example.org"], rows["hanako@example.jp"]
    assert (dora.variant, dora.name, json.loads(dora.fields)) == ("en", "Dora", {"city": "London"})
    assert (emi.variant, emi.name, emi.fields) == ("ja", "江口花子", None)
    only_english = {r.address: r.variant for r in db.session.execute(audience.readers(lists[0].id, ["en"]))}
    assert set(only_english.values()) == {"en"}
    assert audience.count_by_language(lists[0].id) == {"en": 1, "ja": 1}


def test_who_waits_or_left_gets_nothing(lists):
    audience.import_subscribers("waiting@example.org", "tokyo-letter")
    audience.unsubscribe(reader("gone@example.org").id, None, Source.PAGE)
    reader()
    assert who(audience.readers(lists[0].id)) == ["dora@example.org"]


def test_topics_keep_who_chose_them_and_who_chose_none(lists):
    sea, cyber = reader("sea@example.org"), reader("cyber@example.org")
    reader("all@example.org")
    audience.change_preferences(sea.id, topics=("sea",))
    audience.change_preferences(cyber.id, topics=("cyber",))
    chosen = audience.readers(lists[0].id, topics=[settings.topic("sea").id])
    assert who(chosen) == ["all@example.org", "sea@example.org"]


def test_readers_of_another_list_can_be_left_out(lists):
    reader("both@example.org", "tokyo-letter", "event-notices")
    one = reader("one@example.org")
    reader("two@example.org")
    rest = audience.readers(lists[0].id, exclude_lists=[lists[1].id], exclude_readers=[one.id])
    assert who(rest) == ["two@example.org"]


def test_searching_takes_what_is_typed_literally():
    reader("dora@example.org", name="Dora 100%")
    reader("d_ra@example.org")
    assert [f.subscriber.address for f in audience.search("d_ra").items] == ["d_ra@example.org"]
    assert audience.search("100%").total == 1
    assert audience.search("DORA").total == 1
    assert audience.search(state=State.PENDING).total == 0
    assert audience.search(page=99).number == 1
    assert audience.search(language="ja").total == 0


def test_growth_adds_up(lists):
    with time_machine.travel(datetime(2026, 8, 10, tzinfo=UTC), tick=False) as clock:
        dora = reader()
        reader("hanako@example.jp")
        clock.move_to(datetime(2026, 9, 10, tzinfo=UTC))
        audience.unsubscribe(dora.id, None, Source.PAGE)
        clock.move_to(datetime(2026, 10, 10, tzinfo=UTC))
        months = audience.growth(lists[0].id, months=4)
    assert [(m.first, m.joined, m.left, m.total) for m in months] == [
        (date(2026, 7, 1), 0, 0, 0),
        (date(2026, 8, 1), 2, 0, 2),
        (date(2026, 9, 1), 0, 1, 1),
        (date(2026, 10, 1), 0, 0, 1),
    ]


def test_counts_tell_the_states_apart(lists):
    reader()
    audience.import_subscribers("waiting@example.org", "tokyo-letter")
    assert audience.counts(lists[0].id) == audience.ListCounts(confirmed=1, pending=1)
    assert audience.counts(lists[1].id) == audience.ListCounts()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("slug", {"slug": "Tokyo Letter!"}),
        ("slug", {"slug": "tokyo-letter"}),
        ("titles-en", {"titles": {"en": " "}}),
        ("titles-en", {"titles": {"en": "a\r\nBcc: b"}}),
        ("languages", {"languages": ["tlh"]}),
    ],
)
def test_what_is_wrong_with_a_list_is_named(field, given):
    with pytest.raises(Invalid) as caught:
        audience.create_list(**{"slug": "new", "titles": {"en": "New"}, **given})
    assert caught.value.field == field


def test_a_list_keeps_its_languages(lists):
    english = audience.create_list("english", {"en": "English only"}, ["en"])
    assert english.languages == ("en",)
    assert lists[0].languages == ("en", "ja")
    assert audience.change_list("english", titles={"en": "New name"}).title("ja") == "New name"
