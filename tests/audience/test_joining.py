"""Double opt-in: what happens before the link is pressed, when it is pressed, and when it is pressed again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter import audience, delivery, settings
from newsletter.audience import Request, Source
from newsletter.database import db
from newsletter.errors import Conflict, Damaged, Expired, Invalid
from newsletter.tokens import Purpose
from tests.audience.letterbox import arrived, link_in, reader, state, token_in

NOON = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)


def ask(email="dora@example.org", **more):
    return audience.subscribe(Request(email, more.pop("language", "en"), **more))


def test_a_stranger_gets_a_link_and_is_no_reader_before_pressing_it():
    ask(name="Dora")
    (letter,) = arrived()
    assert letter.subject == "Please confirm: Tokyo Letter"
    assert state("dora@example.org") == "pending"
    assert audience.subscriber("dora@example.org").name == ""
    done = audience.confirm(token_in(letter, "confirm"))
    assert not done.already
    assert state("dora@example.org") == "confirmed"
    assert audience.subscriber("dora@example.org").name == "Dora"


def test_emi_is_written_to_in_japanese():
    ask("hanako@example.jp", language="ja")
    (letter,) = arrived()
    assert letter.subject == "【ご確認ください】東京だより"
    assert "みなと研究所" in letter.text
    assert "ボタン" in letter.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("　山田　太郎 ", "山田 太郎"),
        ("Ana\u00a0 Silva", "Ana Silva"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👩\u200d👧 家族", "👩\u200d👩\u200d👧 家族"),
        ("Ali \u202egro.elpmaxe", "Ali gro.elpmaxe"),
    ],
)
def test_a_name_is_taken_as_its_bearer_writes_it(typed, kept):
    """With the wide space of Japanese keyboards, and joiners; without what turns the words behind it round."""
    ask(name=typed)
    (letter,) = arrived()
    audience.confirm(token_in(letter, "confirm"))
    assert audience.subscriber("dora@example.org").name == kept


def test_the_confirmation_says_that_a_program_wrote_it_and_carries_no_way_to_unsubscribe():
    ask()
    (letter,) = arrived()
    source = letter.source.decode() if isinstance(letter.source, bytes) else letter.source
    assert "Auto-Submitted: auto-generated" in source
    assert "List-Unsubscribe" not in source
    assert "Reply-To: <office@example.org>" in source


def test_the_name_that_somebody_typed_is_not_echoed_to_the_address():
    ask(name="BUY NOW http://mallory.example")
    (letter,) = arrived()
    assert "mallory" not in letter.text + letter.html + letter.subject


def test_a_link_works_once():
    ask()
    token = token_in(arrived()[0], "confirm")
    audience.confirm(token)
    audience.unsubscribe(audience.subscriber("dora@example.org").id, None, Source.PAGE)
    assert audience.confirm(token).already
    assert state("dora@example.org") == "unsubscribed"


def test_looking_at_a_link_changes_nothing():
    ask()
    token = token_in(arrived()[0], "confirm")
    assert audience.look_at(token).address == "dora@example.org"
    assert state("dora@example.org") == "pending"


def test_the_ledger_holds_what_was_agreed_to():
    with time_machine.travel(NOON, tick=False) as clock:
        ask(ip="192.0.2.7", source=Source.EMBED)
        token = token_in(arrived()[0], "confirm")
        clock.shift(timedelta(minutes=5))
        done = audience.confirm(token, "192.0.2.8")
    (entry,) = audience.consents(done.reader)
    assert (entry.action, entry.source, entry.list_slug) == (
        audience.Action.CONFIRMED,
        Source.EMBED,
        "tokyo-letter",
    )
    assert (entry.asked_at, entry.at) == (NOON, NOON + timedelta(minutes=5))
    assert (entry.language, entry.ip) == ("en", "192.0.2.7")
    assert entry.wording.text == audience.wording("en")
    assert "mailing:" in entry.reference
    assert "dora" not in entry.address_hash


def test_the_ledger_is_only_ever_added_to():
    entry = audience.consents(reader().id)[0]
    entry.language = "ja"
    with pytest.raises(Conflict):
        db.session.flush()
    db.session.rollback()
    db.session.delete(audience.consents(audience.subscriber("dora@example.org").id)[0])
    with pytest.raises(Conflict):
        db.session.flush()


def test_a_reader_who_subscribes_again_gets_the_way_to_the_preferences():
    dora = reader(name="Dora")
    ask(name="Mallory", language="ja", topics=("sea",))
    (letter,) = arrived()
    assert letter.subject == "すでに購読されています：東京だより"
    link = audience.read_link(Purpose.PREFERENCES, token_in(letter, "preferences"))
    assert link.reader == dora.id
    chosen = audience.preferences(dora.id)
    assert (chosen.name, chosen.language, chosen.topics) == ("Dora", "en", ())


def test_nothing_about_a_reader_changes_before_they_confirm_another_list():
    dora = reader(name="Dora")
    ask(lists=("event-notices",), name="Mallory", language="ja")
    assert audience.preferences(dora.id).name == "Dora"
    assert audience.preferences(dora.id).language == "en"
    assert state("dora@example.org", "event-notices") == "pending"
    audience.confirm(token_in(arrived()[0], "confirm"))
    assert state("dora@example.org", "event-notices") == "confirmed"
    assert audience.preferences(dora.id).name == "Dora"


def test_the_answer_is_the_same_for_readers_and_strangers():
    reader()
    with time_machine.travel(NOON, tick=False):
        known, unknown = ask(), ask("mallory@example.com")
    assert known.subject == unknown.subject
    assert known.subject_for_readers == unknown.subject_for_readers
    assert (known.until, known.lists) == (unknown.until, unknown.lists)


def test_who_left_may_come_back_through_the_same_door():
    dora = reader()
    audience.unsubscribe(dora.id, None, Source.PAGE)
    ask()
    assert state("dora@example.org") == "unsubscribed"
    audience.confirm(token_in(arrived()[0], "confirm"))
    assert state("dora@example.org") == "confirmed"


def test_a_suppressed_address_may_come_back_too():
    reader()
    audience.unsubscribe(audience.subscriber("dora@example.org").id, None, Source.COMPLAINT)
    delivery.suppress("dora@example.org", "complaint")
    ask()
    audience.confirm(token_in(arrived()[0], "confirm"))
    assert delivery.suppression("dora@example.org") is None


def test_an_address_gets_no_more_than_four_mails_an_hour():
    with time_machine.travel(NOON, tick=False) as clock:
        for minutes in (0, 0, 2, 2, 2, 4, 4):
            clock.move_to(NOON + timedelta(minutes=minutes, seconds=1))
            ask()
            ask("DORA@EXAMPLE.ORG")
            audience.mail_link("dora@example.org")
        assert len(arrived()) == 4
        clock.move_to(NOON + timedelta(minutes=59))
        ask()
        assert len(arrived()) == 4
        clock.move_to(NOON + timedelta(minutes=65))
        ask()
        assert len(arrived()) == 5


def confirm_newest():
    letter = next(each for each in arrived() if "/confirm/" in each.text)
    audience.confirm(token_in(letter, "confirm"))
    return [each.subject for each in arrived()]


def test_no_list_sends_a_welcome_unless_it_is_told_to():
    ask()
    assert len(confirm_newest()) == 1


def test_a_list_that_welcomes_tells_a_new_reader_what_comes(client):
    audience.change_list("tokyo-letter", welcomes=True)
    ask(lists=("tokyo-letter", "event-notices"), language="ja")
    assert confirm_newest()[0] == "ご購読ありがとうございます：東京だより"
    welcome = arrived()[0]
    assert "催しと論考とお知らせ。月1回。" in welcome.text
    latest = link_in(welcome, "issues")
    assert client.get(latest).headers["Location"].startswith("/issues/")
    assert client.get(link_in(welcome, "preferences")).status_code == 200


def test_who_reads_a_list_already_is_not_welcomed_to_it_again():
    audience.change_list("tokyo-letter", welcomes=True)
    reader()
    ask(lists=("tokyo-letter", "event-notices"))
    assert not any(subject.startswith("Welcome") for subject in confirm_newest())


def test_a_mailbox_is_not_buried_by_its_sub_addresses(client):
    with time_machine.travel(NOON, tick=False):
        for number in range(8):
            answer = client.post("/subscribe", data={"email": f"dora+{number}@example.org", "language": "en"})
            assert answer.status_code == 200
            assert f"dora+{number}@example.org" in answer.text
        assert len(arrived()) == 4
        ask("emi@example.org")
        assert len(arrived()) == 5


def test_dots_count_where_they_mean_something_and_addresses_stay_as_they_are():
    with time_machine.travel(NOON, tick=False):
        for local in ("dora", "d.ora", "do.ra", "dor.a", "d.o.r.a"):
            ask(f"{local}@gmail.com")
            ask(f"{local}@example.org")
        written_to = [letter.to for letter in arrived()]
    assert sum("gmail.com" in str(to) for to in written_to) == 4
    assert sum("example.org" in str(to) for to in written_to) == 5
    assert audience.subscriber("d.ora@gmail.com").address == "d.ora@gmail.com"


def test_a_repeated_wish_sends_a_fresh_link_and_the_old_one_works_too():
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        clock.shift(timedelta(minutes=2))
        ask()
        newest, oldest = arrived()
        assert token_in(newest, "confirm") != token_in(oldest, "confirm")
        assert not audience.confirm(token_in(oldest, "confirm")).already
        assert not audience.confirm(token_in(newest, "confirm")).already
    assert len(audience.consents(audience.subscriber("dora@example.org").id)) == 1


def test_a_link_of_eight_days_is_too_old_and_a_fresh_one_is_sent_for_it():
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        token = token_in(arrived()[0], "confirm")
        clock.shift(timedelta(days=8))
        with pytest.raises(Expired):
            audience.confirm(token)
        audience.ask_again(token)
        fresh = token_in(arrived()[0], "confirm")
        assert not audience.confirm(fresh).already


@pytest.mark.parametrize("token", ["", "x", "0.0", "日本", "a" * 900, "1.abc.def", "%00"])
def test_a_damaged_link_is_told_from_an_old_one(token):
    with pytest.raises(Damaged):
        audience.look_at(token)


def test_a_link_for_another_purpose_confirms_nothing():
    ask()
    db.session.commit()
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.CLICK):
        with pytest.raises(Damaged):
            audience.confirm(settings.tokens().make(purpose, 1))


def test_a_list_that_is_not_there_is_refused_and_no_list_means_the_first():
    with pytest.raises(Invalid) as caught:
        ask(lists=("nonsense",))
    assert caught.value.field == "list"
    assert [each.slug for each in ask().lists] == ["tokyo-letter"]


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("email", {"email": "dora"}),
        ("email", {"email": "dora@example.org\r\nBcc: all@example.org"}),
        ("name", {"name": "Dora\r\nBcc: all@example.org"}),
        ("name", {"name": "D" * 201}),
        ("language", {"language": "tlh"}),
        ("topic", {"topics": ("nonsense",)}),
        ("timezone", {"timezone": "Mars/Olympus"}),
    ],
)
def test_what_is_wrong_with_a_wish_is_named(field, wish):
    with pytest.raises(Invalid) as caught:
        ask(**wish)
    assert caught.value.field == field
    assert arrived() == []


def test_the_link_to_the_preferences_is_mailed_to_readers_and_to_nobody_else():
    reader(language="ja")
    audience.mail_link("mallory@example.com")
    assert arrived() == []
    audience.mail_link(" Dora@Example.org ")
    (letter,) = arrived()
    assert letter.subject == "みなと研究所の購読設定"
    assert token_in(letter, "preferences")


def test_who_never_confirmed_is_mailed_the_link_to_confirm_instead():
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        clock.shift(timedelta(minutes=2))
        audience.mail_link("dora@example.org")
    assert [letter.subject for letter in arrived()] == ["Please confirm: Tokyo Letter"] * 2


def test_strangers_who_never_confirmed_are_forgotten_after_two_months_and_readers_are_not():
    with time_machine.travel(NOON, tick=False) as clock:
        ask("mallory@example.com")
        reader()
        ask(lists=("event-notices",))
        clock.shift(timedelta(days=61))
        audience.tidy()
        db.session.commit()
    assert audience.search("mallory").total == 0
    assert audience.search("dora").total == 1
    assert audience.counts(audience.mailing_list("tokyo-letter").id) == audience.ListCounts(confirmed=1)
