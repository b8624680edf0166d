"""The same promises on PostgreSQL, where JSON, words and conditional updates are other machinery."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime, time

import pytest
import time_machine

from newsletter import audience, fetching, insights, issues, settings
from newsletter.audience import Circle, Sort
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text
from newsletter.errors import Conflict
from newsletter.issues import Beat, Plan, Recurrence, Rhythm, State
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


def test_of_two_workers_at_a_date_or_a_zone_one_does_it(postgres_app):
    settings.change_publication(
        names={"en": "Minato Institute"}, postal_addresses={"en": "Tokyo"}, timezone="Asia/Tokyo"
    )
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"}, languages=["en"])
    members = audience.create_list("members", {"en": "Members"})
    rows = ["email,language", "dora@example.org,en", "gil@example.org,en"]
    audience.import_subscribers(rows, letter.id, confirmed=True)
    audience.import_subscribers(rows, members.id, confirmed=True)
    audience.change_preferences(audience.subscriber("gil@example.org").id, timezone="Europe/London")
    rhythm = Rhythm(Beat.WEEKS, time(9), weekday=0, since=date(2026, 1, 1))
    with time_machine.travel(datetime(2026, 10, 9, tzinfo=UTC), tick=True) as now:
        told(Content(kind=Kind.NEWS, texts={"en": Text(title="A new director")}))
        issues.set_recurrence(letter.id, Recurrence(rhythm, ahead=0))
        db.session.commit()
        now.move_to(datetime(2026, 10, 12, 0, 0, 1, tzinfo=UTC))
        (made,) = _at_once(postgres_app, issues.recur)
        issues.plan(made, issues.issue(made).version, Plan(lists=(members.id,)))
        issues.send(made, by_own_clock=datetime.fromisoformat("2026-10-12T09:00"))
        issues.rehearse(issues.draft(letter).id)
        db.session.commit()
        assert issues.report(made).recipients == 1
        now.move_to(datetime(2026, 10, 12, 8, 0, 1, tzinfo=UTC))
        assert _at_once(postgres_app, issues.send_waves) == [made]
        assert issues.report(made).recipients == 2


def _at_once(app, work):
    """Let two workers do the same at once, the second while the first has not committed; return what both did."""
    done = list(work())
    with ThreadPoolExecutor(1) as other:
        second = other.submit(_in_its_own_context, app, work)
        db.session.commit()
        return done + second.result(20)


def _in_its_own_context(app, work):
    with app.app_context():
        done = list(work())
        db.session.commit()
        return done
