"""Leaving a list or all, coming back at once, and being forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from newsletter import audience, delivery, mail, settings
from newsletter.audience import Link, Request, Source
from newsletter.database import db
from newsletter.errors import Damaged, NotFound
from newsletter.tokens import Purpose
from tests.audience.letterbox import arrived, reader, state

NOON = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)


def issue_to(list_id):
    """An issue of one list that waits to be delivered."""
    draft = mail.Draft(mail.Address("letter@example.org"), "No. 42", "<p>Hello</p>", "Hello", "en")
    letter = delivery.Letter(
        "No. 42", "issue:42", {"en": mail.compile(draft)}, "letter@example.org", scope=list_id
    )
    return delivery.enqueue(letter, audience.readers(list_id, ["en"]))


def test_leaving_one_list_leaves_the_others(lists):
    dora = reader("dora@example.org", "tokyo-letter", "event-notices")
    audience.unsubscribe(dora.id, lists[0].id, Source.ONE_CLICK)
    assert state("dora@example.org", "tokyo-letter") == "unsubscribed"
    assert state("dora@example.org", "event-notices") == "confirmed"


def test_mail_that_waits_is_withdrawn(lists):
    dora = reader()
    reader("hanako@example.jp")
    mailing = issue_to(lists[0].id)
    audience.unsubscribe(dora.id, lists[0].id, Source.ONE_CLICK)
    progress = delivery.progress(mailing)
    assert (progress.withdrawn, progress.queued) == (1, 1)
    assert [letter.to for letter in arrived()] == ["hanako@example.jp"]


def test_leaving_twice_writes_one_record(lists):
    dora = reader()
    for _ in range(3):
        audience.unsubscribe(dora.id, lists[0].id, Source.ONE_CLICK)
    actions = [entry.action for entry in audience.consents(dora.id)]
    assert actions == [audience.Action.WITHDRAWN, audience.Action.IMPORTED]


def test_nobody_there_is_no_error(lists):
    audience.unsubscribe(999, None, Source.ONE_CLICK)
    audience.unsubscribe(999, lists[0].id, Source.ONE_CLICK)
    audience.come_back(999, None)
    audience.forget(999)
    assert audience.standing(Link(999, None)).gets == ()


def test_a_link_says_whose_it_is_and_for_which_list(lists):
    one, all_lists = (
        settings.tokens().lasting(Purpose.UNSUBSCRIBE, 7, scope, 3) for scope in (lists[0].id, 0)
    )
    assert audience.read_link(Purpose.UNSUBSCRIBE, one) == Link(7, lists[0].id)
    assert audience.read_link(Purpose.UNSUBSCRIBE, all_lists) == Link(7, None)
    with pytest.raises(Damaged):
        audience.read_link(Purpose.PREFERENCES, all_lists)


def test_coming_back_within_a_week_restores_what_was_left(lists):
    with time_machine.travel(NOON, tick=False) as clock:
        dora = reader("dora@example.org", "tokyo-letter", "event-notices")
        audience.unsubscribe(dora.id, lists[0].id, Source.PAGE)
        clock.shift(timedelta(days=8))
        audience.unsubscribe(dora.id, lists[1].id, Source.PAGE)
        assert audience.standing(Link(dora.id, None)).left == (lists[1],)
        audience.come_back(dora.id, None)
    assert state("dora@example.org", "tokyo-letter") == "unsubscribed"
    assert state("dora@example.org", "event-notices") == "confirmed"
    assert audience.consents(dora.id)[0].action is audience.Action.RESTORED


def test_coming_back_confirms_nobody_who_never_confirmed(lists):
    audience.import_subscribers("dora@example.org", "tokyo-letter")
    dora = audience.subscriber("dora@example.org")
    audience.unsubscribe(dora.id, None, Source.PAGE)
    audience.come_back(dora.id, None)
    assert state("dora@example.org") == "pending"


def everything_stored():
    """All that stands in the database, as one text."""
    names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    return "\n".join(
        str(row) for name in names for row in db.session.execute(text(f'SELECT * FROM "{name}"'))
    )


def test_who_is_forgotten_is_found_nowhere_and_written_to_no_more(lists):
    dora = reader("dora.reader@example.org", name="Dora Reader")
    audience.subscribe(
        Request("dora.reader@example.org", "en", lists=("event-notices",), name="Dora Reader", ip="192.0.2.7")
    )
    assert len(arrived()) == 1
    audience.forget(dora.id)
    db.session.commit()
    stored = everything_stored()
    assert "dora.reader" not in stored.lower()
    assert "Dora Reader" not in stored
    assert "192.0.2.7" not in stored
    with pytest.raises(NotFound):
        audience.subscriber(dora.id)
    assert delivery.suppression("dora.reader@example.org").reason == "erased"
    actions = [entry.action for entry in audience.consents(dora.id)]
    assert actions[0] is audience.Action.ERASED
    report = audience.import_subscribers("Dora.Reader@example.org", "tokyo-letter", confirmed=True)
    assert (report.created, report.left) == (0, 1)


def test_who_was_forgotten_may_come_back_as_a_stranger():
    dora = reader()
    audience.forget(dora.id)
    db.session.commit()
    audience.subscribe(Request("dora@example.org", "en"))
    (letter,) = arrived()
    audience.confirm(letter.text.split("/confirm/")[1].split("?")[0])
    again = audience.subscriber("dora@example.org")
    assert again.id != dora.id
    assert delivery.suppression("dora@example.org") is None
    assert len(audience.consents(again.id)) == 1
