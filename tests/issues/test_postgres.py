"""The same promises on PostgreSQL, where JSON, words and conditional updates are other machinery."""

from dataclasses import asdict

import pytest

from newsletter import audience, fetching, insights, issues, settings
from newsletter.audience import Circle, Sort
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text
from newsletter.errors import Conflict
from newsletter.issues import State
from tests.issues.conftest import told


@pytest.mark.postgres
def test_an_issue_is_drafted_saved_and_sent_once(postgres_app):
    from datetime import timedelta

    from newsletter import clock

    settings.change_publication(
        names={"en": "Minato Institute"}, postal_addresses={"en": "Tokyo"}, timezone="Asia/Tokyo"
    )
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter", "ja": "東京だより"})
    audience.import_subscribers(
        ["email,language", "dora@example.org,en", "emi@example.jp,ja"], letter.id, confirmed=True
    )
    day = Day((clock.now() + timedelta(days=20)).date())
    event = told(
        Content(kind=Kind.EVENT, texts={"en": Text(title="Dialogue")}, days=(day,), timezone="Asia/Tokyo")
    )
    draft = issues.draft(letter)
    issues.save(draft.id, 1, preheaders={"en": "Soon", "ja": "まもなく"})
    with pytest.raises(Conflict):
        issues.save(draft.id, 1, preheaders={})
    issues.send(draft.id)
    db.session.commit()
    with pytest.raises(Conflict):
        issues.send(draft.id)
    assert [one.languages for one in issues.told(event.id)] == [("en", "ja")]
    assert asdict(issues.report(draft.id)) | {"state": State.SENDING, "queued": 2, "recipients": 2} == asdict(
        issues.report(draft.id)
    )
    assert insights.overview("ja").fate.progress.recipients == 2
    assert issues.settle() == []


@pytest.mark.postgres
def test_an_issue_that_is_extended_in_the_moment_it_is_settled_stays_on_its_way(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, postal_addresses={"en": "Tokyo"})
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    told(Content(kind=Kind.NEWS, texts={"en": Text(title="A new director")}))
    made = issues.send(issues.draft(letter).id)
    audience.import_subscribers(["email,language", "dora@example.org,en"], letter.id, confirmed=True)
    db.session.commit()
    assert issues.send_to_later_readers(made.id) == 1
    with postgres_app.app_context():
        assert issues.settle() == []
        db.session.commit()
    db.session.commit()
    assert issues.settle() == []
    assert issues.issue(made.id).state is State.SENDING


@pytest.mark.postgres
def test_the_readers_of_each_variant_come_from_one_statement(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, postal_addresses={"en": "Tokyo"})
    settings.add_topic("sea", {"en": "Sea"})
    settings.add_topic("army", {"en": "Army"})
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    members = audience.create_list("members", {"en": "Members"})
    rows = [
        "email,language,topics",
        "dora@example.org,en,sea",
        "finn@example.org,en,army",
        "gus@example.org,en,",
    ]
    audience.import_subscribers(rows, letter.id, confirmed=True)
    audience.import_subscribers(["email", "finn@example.org"], members.id, confirmed=True)
    circles = [Circle(Sort.LIST, "members"), Circle(Sort.TOPIC, "sea"), Circle(Sort.TOPIC, "gone")]
    readers = audience.parted(audience.readers(letter.id), {"en": circles})
    assert {row.address: row.variant for row in db.session.execute(readers)} == {
        "dora@example.org": "en+2",
        "finn@example.org": "en+1",
        "gus@example.org": "en+2",
    }


@pytest.mark.postgres
def test_links_are_taken_hold_of_once_and_keep_what_they_answered(postgres_app):
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    block = issues.new_block(issues.Kind.TEXT, texts={"en": {"body": "[Report](https://minato.jp/a)"}})
    made = issues.save(issues.draft(letter).id, 1, blocks=(block,))
    for _ in range(2):
        assert issues.links_to_look_at(made.id) == {"https://minato.jp/a": False}
        assert issues.links_to_look_at(made.id) == {}
        issues.keep_answer(fetching.Answer("https://minato.jp/a", fetching.Outcome.GONE, 404))
        assert [one.level for one in issues.check(made) if one.check == "links"] == [issues.Level.ERROR]
        issues.look_at_links_again(made.id)
