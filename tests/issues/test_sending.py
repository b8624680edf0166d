import json
import socket
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from newsletter import audience, delivery, entries, issues, settings
from newsletter.database import db
from newsletter.delivery import MailingState
from newsletter.errors import Conflict, Invalid
from newsletter.issues import Kind, Role, State
from newsletter.tokens import Purpose
from tests.issues.conftest import NOW


class Server:
    """A real SMTP server that keeps what it takes and refuses whom it is told to refuse."""

    def __init__(self):
        self.taken = {}
        self.refused = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's word
        if address in self.refused:
            return "550 5.1.1 user unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's word
        for address in envelope.rcpt_tos:
            self.taken.setdefault(address, []).append(
                message_from_bytes(envelope.content, policy=policy.SMTP)
            )
        return "250 OK"


@pytest.fixture
def server(app):
    handler = Server()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.bind(replace(settings.environment(), smtp_urls=(f"smtp://127.0.0.1:{port}",)))
    yield handler
    controller.stop()


def adds_up(report):
    counts = asdict(report)
    del counts["state"]
    return counts.pop("recipients") == sum(counts.values())


@pytest.mark.usefixtures("dialogue", "lecture", "articles", "readers")
def test_the_whole_loop_from_draft_to_a_report_that_adds_up(letter, server):
    server.refused.add("finn@example.org")
    draft = issues.draft(letter)
    db.session.commit()
    assert adds_up(issues.report(draft.id))
    issues.send(draft.id)
    db.session.commit()
    assert issues.report(draft.id).queued == 3
    delivery.deliver(20)
    issues.settle()
    db.session.commit()
    report = issues.report(draft.id)
    assert (report.state, report.recipients, report.sent, report.refused) == (State.SENT, 3, 2, 1)
    assert adds_up(report)
    assert json.loads(json.dumps(asdict(report)))["state"] == "sent"
    dora, emi = server.taken["dora@example.org"][0], server.taken["emi@example.jp"][0]
    assert dora["Subject"] == "Register by 30 October: Thirteenth UK–Japan Security Dialogue"
    assert emi["Subject"] == "第13回 日英安全保障対話 申込みは10月30日(金)まで"
    assert "10–11 November 2026" in dora.get_body(("plain",)).get_content()
    assert "2026年11月10日(火)・11日(水)" in emi.get_body(("plain",)).get_content()


def test_each_mail_says_which_list_it_is_of_and_how_to_leave(letter, readers, dialogue, server):
    issues.send(issues.draft(letter).id)
    db.session.commit()
    delivery.deliver(20)
    mail = server.taken["emi@example.jp"][0]
    assert "<tokyo-letter." in mail["List-Id"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>").split(">")[0]
    reader, scope, *_ = settings.tokens().read(Purpose.UNSUBSCRIBE, link.rpartition("/")[2])
    assert scope == letter.id
    assert audience.subscriber(reader).address == "emi@example.jp"
    assert link in mail.get_body(("html",)).get_content()
    assert link in mail.get_body(("plain",)).get_content()
    assert mail["Feedback-ID"] == "tokyo-letter-1:tokyo-letter:issue:example.org"


def test_names_written_from_the_right_and_made_of_many_signs_stay_whole(letter, dialogue, server):
    rows = ["email,name,language", "ali@example.org,علي,en", "team@example.org,👩‍👩‍👧 家族,en"]
    audience.import_subscribers(rows, letter.id, confirmed=True)
    draft = issues.draft(letter)
    hello = issues.new_block(
        Kind.TEXT, texts={"en": {"body": "{name|Reader}, 3 events wait."}, "ja": {"body": "催し"}}
    )
    subjects = {"en": "{name|Reader}, 3 events", "ja": "催し"}
    issues.save(
        draft.id, draft.version, subjects=subjects, preheaders={"en": "Soon", "ja": "近日"}, blocks=(hello,)
    )
    issues.send(draft.id)
    db.session.commit()
    delivery.deliver()
    for address, name in (("ali@example.org", "\u2068علي\u2069"), ("team@example.org", "👩‍👩‍👧 家族")):
        (mail,) = server.taken[address]
        assert mail["Subject"] == f"{name}, 3 events"
        for kind in ("plain", "html"):
            assert f"{name}, 3 events wait." in mail.get_body((kind,)).get_content()


def test_what_is_archived_is_what_was_sent_without_anybodys_links(letter, readers, dialogue):
    sent = issues.send(issues.draft(letter).id)
    english, japanese = issues.editions(sent.id)
    assert (english.language, japanese.language) == ("en", "ja")
    assert "unsubscribe/" not in english.web_html
    assert "\ue000" not in english.web_html
    assert issues.edition(sent.id, "fr").language == "en"
    assert issues.sent_issues() == [sent]


def test_an_issue_is_sent_once_however_often_somebody_presses_the_button(letter, readers, dialogue):
    draft = issues.draft(letter)
    issues.send(draft.id)
    with pytest.raises(Conflict):
        issues.send(draft.id)
    assert issues.report(draft.id).recipients == 3


def test_an_issue_that_was_changed_after_its_review_is_not_sent(letter, readers, dialogue):
    draft = issues.draft(letter)
    issues.save(draft.id, 1, subjects={"en": "Other", "ja": "別"})
    with pytest.raises(Conflict, match="since you reviewed it"):
        issues.send(draft.id, version=1)


def test_what_readers_were_told_is_remembered_with_its_role(letter, readers, dialogue, articles, now):
    issues.send(issues.draft(letter).id)
    now.move_to(datetime(2026, 10, 20, tzinfo=UTC))
    issues.send(issues.draft(letter).id)
    first, second = issues.told(dialogue.id)
    assert (first.number, first.role, first.languages) == (1, Role.ANNOUNCE, ("en", "ja"))
    assert (second.number, second.role) == (2, Role.LAST_CALL)
    assert first.facts["days"][0] == ["2026-11-10", "10:00", "18:00"]
    assert [one.number for one in issues.told(articles[0].id)] == [1]


def test_a_scheduled_issue_goes_out_at_its_time_and_not_before(letter, readers, dialogue, now):
    draft = issues.draft(letter)
    issues.send(draft.id, NOW + timedelta(hours=2))
    assert issues.send_due() == []
    assert issues.report(draft.id).state is State.SCHEDULED
    now.move_to(NOW + timedelta(hours=2, seconds=1))
    assert issues.send_due() == [draft.id]
    assert issues.send_due() == []
    assert issues.report(draft.id).recipients == 3


def test_a_scheduled_issue_can_be_written_on_and_taken_back(letter, readers, dialogue):
    draft = issues.draft(letter)
    scheduled = issues.send(draft.id, NOW + timedelta(hours=2))
    issues.save(draft.id, scheduled.version, subjects={"en": "Better", "ja": "改題"})
    assert issues.unschedule(draft.id).state is State.DRAFT
    with pytest.raises(Conflict):
        issues.unschedule(draft.id)


def test_a_scheduled_issue_whose_event_has_passed_meanwhile_is_held_and_says_why(
    letter, readers, dialogue, now
):
    draft = issues.draft(letter)
    with pytest.raises(Invalid, match="is over when this issue goes out"):
        issues.send(draft.id, datetime(2026, 11, 12, tzinfo=UTC))
    with pytest.raises(Invalid, match="closed on Friday 30 October"):
        issues.send(draft.id, datetime(2026, 11, 9, tzinfo=UTC))
    issues.save(draft.id, draft.version, subjects={"en": "Come to Tokyo", "ja": "東京へ"})
    issues.send(draft.id, datetime(2026, 11, 9, tzinfo=UTC))
    now.move_to(datetime(2026, 11, 9, 1, tzinfo=UTC))
    entries.withdraw(dialogue.id)
    assert issues.send_due() == []
    held = issues.issue(draft.id)
    assert held.state is State.DRAFT
    assert "is not published" in held.held["en"]
    assert "公開されていません" in held.held["ja"]


def test_a_schedule_that_is_a_day_late_waits_for_a_person(letter, readers, dialogue, now):
    draft = issues.draft(letter)
    issues.send(draft.id, NOW + timedelta(hours=1))
    now.move_to(NOW + timedelta(hours=26))
    assert issues.send_due() == []
    assert "more than a day ago" in issues.issue(draft.id).held["en"]
    issues.send(draft.id)
    assert issues.issue(draft.id).held == {}


def test_an_issue_that_cannot_be_set_is_held_and_does_not_stop_the_others(letter, readers, dialogue, now):
    settings.change_publication(sender_email="letter@example.org")
    first, second = issues.draft(letter), issues.draft(letter)
    for draft in (first, second):
        issues.send(draft.id, NOW + timedelta(hours=1))
    first.subjects = {"en": "Two\nlines", "ja": "件名"}
    db.session.flush()
    now.move_to(NOW + timedelta(hours=2))
    assert issues.send_due() == [second.id]
    assert "line break" in issues.issue(first.id).held["en"]
    assert issues.editions(first.id) == []


def test_an_issue_that_upsets_the_checks_is_held_and_does_not_stop_the_others(letter, readers, dialogue, now):
    first, second = (issues.draft(letter) for _ in range(2))
    for one in (first, second):
        issues.send(one.id, NOW + timedelta(days=1))
    broken = issues.issue(first.id)
    broken.blocks = [*broken.blocks, {"id": "x", "kind": "of another time"}]
    db.session.commit()
    now.shift(timedelta(days=1, minutes=1))
    assert issues.send_due() == [second.id]
    db.session.commit()
    held = issues.issue(first.id)
    assert held.state is State.DRAFT
    assert "cannot be worked out" in held.held["en"]


def test_a_list_that_begins_with_an_endless_number_is_set_from_one(letter, readers, dialogue):
    draft = issues.draft(letter)
    block = issues.new_block(Kind.TEXT, texts={"en": {"body": f'<ol start="{"9" * 4400}"><li>x</li></ol>'}})
    lines = {"en": "Soon", "ja": "まもなく"}
    issues.save(draft.id, draft.version, subjects=lines, preheaders=lines, blocks=(block,))
    assert "1. x" in issues.preview(issues.issue(draft.id), "en").text


def test_a_time_that_has_passed_is_refused(letter, readers, dialogue):
    with pytest.raises(Invalid, match="has passed") as refused:
        issues.send(issues.draft(letter).id, NOW - timedelta(minutes=1))
    assert refused.value.field == "at"


def test_sending_can_be_paused_resumed_and_cancelled_and_adds_up_throughout(letter, readers, dialogue):
    draft = issues.draft(letter)
    with pytest.raises(Conflict):
        issues.pause(draft.id, "Bob")
    issues.send(draft.id)
    issues.pause(draft.id, "Bob")
    assert delivery.progress(issues.issue(draft.id).mailing_id).state is MailingState.PAUSED
    issues.resume(draft.id)
    issues.cancel(draft.id)
    report = issues.report(draft.id)
    assert (report.state, report.withdrawn) == (State.CANCELLED, 3)
    assert adds_up(report)


def test_a_test_reaches_one_address_in_each_language_and_changes_nothing(letter, readers, dialogue, server):
    draft = issues.draft(letter)
    issues.test(draft.id, "bob@example.org")
    db.session.commit()
    delivery.deliver(20)
    subjects = sorted(mail["Subject"] for mail in server.taken["bob@example.org"])
    assert subjects == [
        "[Test] Register by 30 October: Thirteenth UK–Japan Security Dialogue",
        "［テスト］第13回 日英安全保障対話 申込みは10月30日(金)まで",
    ]
    assert set(server.taken) == {"bob@example.org"}
    assert issues.report(draft.id).state is State.DRAFT
    with pytest.raises(Invalid):
        issues.test(draft.id, "not an address")


def test_an_issue_of_a_list_in_one_language_has_one_edition(publication, now, dialogue):
    english = audience.create_list("english", {"en": "English only"}, languages=["en"])
    audience.import_subscribers(["email,language", "emi@example.jp,ja"], english.id, confirmed=True)
    sent = issues.send(issues.draft(english).id)
    assert [edition.language for edition in issues.editions(sent.id)] == ["en"]
    assert issues.report(sent.id).recipients == 1
