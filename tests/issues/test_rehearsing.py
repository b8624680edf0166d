"""A rehearsal: the messages that would be sent, by the code that sends them, and nobody gets any."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import update

from newsletter import audience, delivery, issues, mail, settings
from newsletter.audience import Subscriber
from newsletter.database import db
from newsletter.delivery import Part, Size
from newsletter.errors import Conflict
from newsletter.issues import Why
from newsletter.issues.tables import Edition, Link
from newsletter.tokens import Purpose
from tests.issues.test_plans import enrol


@pytest.fixture
def draft(letter, readers, dialogue):
    made = issues.draft(letter)
    db.session.commit()
    return made


def test_a_rehearsal_adds_up_and_leaves_nothing_behind(draft, letter):
    audience.change_list(letter.id, counts_links=True)
    enrol(letter, "kim@example.org", confirmed=False)
    delivery.suppress("finn@example.org", "asked us to")
    issues.rehearse(draft.id)
    db.session.commit()
    kept = issues.rehearsed(draft.id)
    assert kept.done
    assert (kept.readers, kept.looked_at, kept.written, kept.failed) == (3, 3, 2, 0)
    assert dict(kept.seen.left_out) == {Why.SUPPRESSED: 1, Why.UNCONFIRMED: 1}
    assert {language: size[0] for language, size in kept.sizes.items()} == {"en": 1, "ja": 1}
    assert db.session.query(Edition).count() == 0
    assert db.session.query(Link).count() == 0
    assert issues.issue(draft.id).state is issues.State.DRAFT
    assert delivery.mailing_of(f"issue:{draft.id}") is None


def test_a_rehearsal_is_of_the_issue_as_it_stands_and_sees_who_cannot_be_written_to(draft):
    broken = "Dora\r\nBcc: all@example.org"
    db.session.execute(update(Subscriber).where(Subscriber.address == "dora@example.org").values(name=broken))
    issues.rehearse(draft.id)
    kept = issues.rehearsed(draft.id)
    (one,) = kept.unwritten
    assert (one.address, one.field, kept.failed) == ("dora@example.org", "To", 1)
    issues.save(draft.id, draft.version, subjects={"en": "Other", "ja": "別"})
    assert issues.rehearsed(draft.id) is None
    issues.send(draft.id)
    with pytest.raises(Conflict):
        issues.rehearse(draft.id)


def test_a_sample_is_the_message_of_that_reader_with_links_that_are_nobodys(draft, letter):
    reader = audience.subscriber("emi@example.jp").id
    sample = issues.sample(draft.id, reader)
    message = message_from_bytes(sample.message, policy=policy.default)
    assert message["To"].addresses[0].display_name == "江口花子"
    token = message["List-Unsubscribe"].strip("<>").split(">")[0].rpartition("/")[2]
    assert settings.tokens().read(Purpose.UNSUBSCRIBE, token)[0] == 0
    issues.rehearse(draft.id)
    assert abs(issues.rehearsed(draft.id).sizes["ja"][2] - len(sample.message)) < 20
    delivery.suppress("emi@example.jp", "asked us to")
    assert "suppressed" in issues.sample(draft.id, reader).why


@pytest.mark.usefixtures("dialogue")
def test_a_large_rehearsal_goes_on_where_it_was_left_and_counts_nobody_twice(letter, now):
    enrol(letter, *(f"reader{n}@example.org" for n in range(5_200)))
    draft = issues.draft(letter)
    issues.rehearse(draft.id)
    db.session.commit()
    assert issues.rehearsals_left() == [draft.id]
    first = issues.rehearse_on(draft.id)
    next(first)
    db.session.commit()
    kept = issues.rehearsed(draft.id)
    assert (kept.looked_at, kept.done, issues.rehearsals_left()) == (5_000, False, [])
    now.shift(timedelta(minutes=1))
    assert issues.rehearsals_left() == [draft.id]
    for _ in issues.rehearse_on(draft.id):
        db.session.commit()
    assert list(first) == []
    kept = issues.rehearsed(draft.id)
    assert (kept.looked_at, kept.written, kept.done) == (5_200, 5_200, True)


def test_parts_add_up_by_language_whatever_variants_there_are():
    begun = issues.Rehearsed(readers=4, sizes={"en": (0, 0, 0)})
    one = Part({"en+0": Size(1, 10, 10), "en+1": Size(2, 50, 30)}, {"en+1": 1}, (), 0, 7, {"slow.example": 2})
    both = begun.took_in(one).took_in(Part({"en+0": Size(1, 20, 20)}, {}, (), 0, 8, {"slow.example": 1}))
    assert (both.sizes["en"], both.suppressed, both.largest_for) == ((4, 80, 30), {"en": 1}, 7)
    assert both.domains == {"slow.example": 3}


def test_how_long_it_takes_is_reckoned_by_limits(app, now):
    assert delivery.expected(100, {}).duration is None
    delivery.limit_domain("slow.example", mail.Pace(per_hour=10))
    reckoned = delivery.expected(100, {"slow.example": 25})
    assert (reckoned.duration, reckoned.held_by) == (timedelta(hours=2), "slow.example")
