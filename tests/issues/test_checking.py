from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from newsletter import entries, issues, settings
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text
from newsletter.issues import Kind as BlockKind
from newsletter.issues import Level, Remedy
from tests.issues.conftest import told


def found(issue, word, language="en"):
    return [finding for finding in issues.check(issue, language) if word in finding.sentence]


def moved(entry, **changes):
    content = replace(entries.content_of(entry), **changes)
    entries.change(entry.id, content, entry.version, "Bob")
    db.session.commit()


def test_a_good_issue_has_no_errors_and_says_what_is_only_in_one_language(letter, readers, dialogue, lecture):
    issue = issues.draft(letter)
    assert not issues.errors_of(issues.check(issue))
    (missing,) = found(issue, "armies that keep the peace")
    assert missing.level is Level.WARNING
    assert missing.detail == "Readers would get the other one, marked “英語のみ”."


def test_findings_are_said_in_the_language_of_who_reads_them(letter, lecture):
    issue = issues.draft(letter)
    assert found(issue, "日本語の文がありません", "ja")


def test_an_event_that_is_over_blocks_sending_unless_it_is_told_as_a_look_back(
    letter, readers, dialogue, now
):
    issue = issues.draft(letter)
    now.move_to(datetime(2026, 11, 12, tzinfo=UTC))
    over, *subjects = issues.errors_of(issues.check(issue))
    assert [one.field for one in subjects] == ["subject-en", "subject-ja"]
    assert over.remedies == (Remedy.DROP, Remedy.RECAP)
    subjects = {
        "en": "After the Thirteenth UK–Japan Security Dialogue",
        "ja": "第13回 日英安全保障対話を終えて",
    }
    blocks = issues.edited(issue.pieces, over.block_id, recap=True)
    issues.save(issue.id, 1, subjects=subjects, blocks=blocks)
    assert not issues.errors_of(issues.check(issues.issue(issue.id)))


def test_a_closed_registration_is_a_warning_and_a_button_that_leads_there_an_error(
    letter, readers, dialogue, now
):
    issue = issues.draft(letter)
    texts = {"en": {"label": "Register", "url": "https://www.example.org/register"}}
    button = issues.new_block(BlockKind.BUTTON, texts=texts)
    issues.save(issue.id, 1, blocks=issues.added(issue.pieces, button))
    assert not issues.errors_of(issues.check(issue))
    now.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    issue = issues.issue(issue.id)
    assert found(issue, "registration closed on Friday 30 October")[0].level is Level.WARNING
    assert [one.block_id or one.field for one in issues.errors_of(issues.check(issue))] == [
        "subject-en",
        "subject-ja",
        button.id,
    ]


def test_a_cancelled_event_is_told_as_cancelled_and_without_its_button(letter, readers, dialogue):
    issue = issues.draft(letter)
    entries.cancel(dialogue.id, by="Bob")
    db.session.commit()
    (block,) = [finding for finding in found(issue, "has been cancelled") if finding.block_id]
    assert block.level is Level.WARNING
    text = issues.preview(issue, "en").text
    assert "Cancelled: Thirteenth UK–Japan Security Dialogue" in text
    assert "https://www.example.org/register" not in text


def test_an_event_that_was_called_off_need_not_be_looked_back_on_once_its_day_has_passed(
    letter, readers, dialogue, now
):
    issue = issues.draft(letter)
    entries.cancel(dialogue.id, by="Bob")
    said = {
        "en": f"{dialogue.title('en')} has been cancelled",
        "ja": f"{dialogue.title('ja')}は中止になりました",
    }
    issue = issues.save(issue.id, issue.version, subjects=said, blocks=())
    now.shift(timedelta(days=90))
    assert not [one for one in issues.inspect(issue).findings if one.field.startswith("subject-")]


def test_a_subject_that_names_a_cancelled_event_blocks_sending_until_it_says_so(letter, readers, dialogue):
    issue = issues.draft(letter)
    entries.cancel(dialogue.id, by="Bob")
    db.session.commit()
    errors = issues.errors_of(issues.check(issue))
    assert [(one.sentence, one.field) for one in errors] == [
        ("Subject, English: “Thirteenth UK–Japan Security Dialogue” has been cancelled.", "subject-en"),
        ("Subject, Japanese: “Thirteenth UK–Japan Security Dialogue” has been cancelled.", "subject-ja"),
    ]
    subjects = {
        "en": "Cancelled: thirteenth UK-Japan  security dialogue",
        "ja": "第13回日英安全保障対話 中止のお知らせ",
    }
    issues.save(issue.id, 1, subjects=subjects)
    assert not issues.errors_of(issues.check(issues.issue(issue.id)))


def test_words_that_still_give_the_date_from_which_an_event_moved_are_found(letter, readers, dialogue):
    issue = issues.draft(letter)
    heading = issues.new_block(
        BlockKind.HEADING, texts={"ja": {"text": "第13回 日英安全保障対話は11月10日(火)に開かれます"}}
    )
    subjects = {"en": "Thirteenth UK–Japan Security Dialogue, 10–11 November", "ja": "秋の便り"}
    issues.save(issue.id, 1, subjects=subjects, blocks=issues.added(issue.pieces, heading))
    assert not found(issues.issue(issue.id), "no longer right")
    moved(dialogue, days=(Day(date(2026, 11, 17), time(10), time(18)),))
    subject, text = found(issues.issue(issue.id), "no longer right")
    assert (subject.level, subject.field) == (Level.ERROR, "subject-en")
    assert subject.sentence.startswith("Subject, English: 10 November is no longer right")
    assert subject.detail == "It takes place on Tuesday 17 November 2026."
    assert (text.level, text.block_id) == (Level.WARNING, heading.id)
    issues.save(issue.id, 2, subjects={**subjects, "en": subjects["en"] + ": moved to 17 November"})
    assert [one.block_id for one in found(issues.issue(issue.id), "no longer right")] == [heading.id]


def test_a_deadline_that_was_moved_is_found_in_a_subject(letter, readers, dialogue):
    issue = issues.draft(letter)
    moved(dialogue, register_by=datetime(2026, 10, 20, 15, 0, tzinfo=UTC))
    (english, japanese) = found(issue, "no longer right")
    assert english.detail == "One can register until Tuesday 20 October."
    assert (english.field, japanese.field) == ("subject-en", "subject-ja")


def test_a_link_in_a_text_is_checked_as_a_button_is(letter, readers, dialogue, lecture, now):
    issue = issues.draft(letter)
    page = settings.url(f"/entries/{lecture.slug}?language=en")
    body = f"[Register](https://www.example.org/register) or see the [lecture]({page})."
    text = issues.new_block(BlockKind.TEXT, texts={"en": {"body": body}, "ja": {"body": "こんにちは"}})
    issues.save(issue.id, 1, subjects={"en": "Autumn", "ja": "秋"}, blocks=(text,))
    assert not issues.errors_of(issues.check(issues.issue(issue.id)))
    entries.cancel(lecture.id, by="Bob")
    db.session.commit()
    assert found(issues.issue(issue.id), "A link leads to")[0].level is Level.WARNING
    entries.withdraw(lecture.id)
    now.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    registration, page = found(issues.issue(issue.id), "A link leads to")
    assert {registration.level, page.level} == {Level.ERROR}
    assert registration.sentence.endswith(
        "the registration for “Thirteenth UK–Japan Security Dialogue”, which is closed."
    )


def test_a_text_may_speak_of_what_was(letter, readers, dialogue, now):
    issue = issues.draft(letter)
    now.move_to(datetime(2026, 11, 20, tzinfo=UTC))
    title = "Thirteenth UK–Japan Security Dialogue"
    texts = {"en": {"body": f"Thank you for coming to the {title}."}, "ja": {"body": "お知らせ"}}
    thanks = issues.new_block(BlockKind.TEXT, texts=texts)
    issues.save(issue.id, 1, subjects={"en": f"Looking back: {title}", "ja": "秋"}, blocks=(thanks,))
    assert not found(issues.issue(issue.id), title)
    issues.save(issue.id, 2, subjects={"en": title, "ja": "秋"})
    assert found(issues.issue(issue.id), title)[0].level is Level.ERROR


def test_a_title_is_found_only_where_it_stands_as_a_whole(letter, readers, dialogue):
    seminar = told(
        Content(
            kind=Kind.EVENT,
            texts={"en": Text(title="Security Dialogue")},
            days=(Day(date(2026, 12, 1)),),
            timezone="Asia/Tokyo",
        )
    )
    entries.cancel(seminar.id, by="Bob")
    db.session.commit()
    issue = issues.draft(letter)
    for harmless in (
        "Thirteenth UK–Japan Security Dialogue",
        "Two security dialogues",
        "Insecurity dialogue",
    ):
        issues.save(issue.id, issues.issue(issue.id).version, subjects={"en": harmless, "ja": "秋"})
        assert not found(issues.issue(issue.id), "has been cancelled")
    issues.save(
        issue.id, issues.issue(issue.id).version, subjects={"en": "Our security dialogue", "ja": "秋"}
    )
    assert found(issues.issue(issue.id), "has been cancelled")


def test_an_event_that_is_only_named_counts_as_told(letter, readers, dialogue):
    issue = issues.draft(letter)
    text = issues.new_block(BlockKind.TEXT, texts={language: {"body": "…"} for language in ("en", "ja")})
    issues.send(issues.save(issue.id, 1, blocks=(text,)).id)
    assert [one.issue_id for one in issues.told(dialogue.id)] == [issue.id]


def test_a_change_since_readers_were_told_is_pointed_out(letter, readers, dialogue):
    issues.send(issues.draft(letter).id)
    moved(dialogue, days=(Day(date(2026, 11, 17), time(10), time(18)),))
    assert found(issues.draft(letter), "has changed since readers were told of it in No. 1")


def test_a_missing_subject_or_text_or_address_is_found_where_it_is(letter, readers, dialogue):
    settings.change_publication(postal_addresses={})
    issue = issues.draft(letter)
    text = issue.pieces[0]
    blocks = issues.edited(issue.pieces, text.id, texts={"en": {"body": "Hello"}})
    issues.save(issue.id, 1, subjects={"en": "A letter"}, blocks=blocks)
    findings = issues.check(issues.issue(issue.id))
    assert [(one.sentence, one.field) for one in issues.errors_of(findings)] == [
        ("The publication has no postal address.", ""),
        ("There is no Japanese subject.", "subject-ja"),
    ]
    assert [one.block_id for one in findings if one.sentence == "Text: there is no Japanese text."] == [
        text.id
    ]


def test_a_place_for_a_name_that_is_misspelt_is_found_before_readers_see_it(letter, readers, dialogue):
    issue = issues.draft(letter)
    texts = {"en": {"body": "Dear {nam|reader}, {name|friend}"}, "ja": {"body": "{name|皆}様"}}
    text = issues.new_block(BlockKind.TEXT, texts=texts)
    issues.save(issue.id, 1, blocks=issues.added(issue.pieces, text))
    (unread,) = found(issues.issue(issue.id), "stands for nothing that we know")
    assert unread.sentence.startswith("“{nam|reader}”")
    assert unread.block_id == text.id


def test_an_issue_without_anything_to_tell_cannot_be_sent(letter, readers):
    issue = issues.draft(letter)
    issues.save(issue.id, 1, blocks=())
    assert "tells nothing yet" in issues.errors_of(issues.check(issues.issue(issue.id)))[0].sentence


def test_an_entry_that_stands_twice_is_found_once(letter, readers, dialogue):
    issue = issues.draft(letter)
    issues.save(
        issue.id, 1, blocks=issues.added(issue.pieces, issues.new_block(BlockKind.ENTRY, entry=dialogue.id))
    )
    assert len(found(issues.issue(issue.id), "twice")) == 1


def test_an_unpublished_or_deleted_entry_is_found(letter, readers, dialogue, articles):
    issue = issues.draft(letter)
    entries.withdraw(dialogue.id)
    entries.delete(articles[0].id)
    db.session.commit()
    assert found(issue, "is not published")[0].level is Level.ERROR
    assert found(issue, "no longer exists")[0].remedies == (Remedy.DROP,)


def test_a_letter_that_inboxes_would_cut_off_is_found(letter, readers):
    issue = issues.draft(letter)
    long = issues.new_block(
        BlockKind.TEXT, texts={"en": {"body": "word " * 9_900}, "ja": {"body": "語" * 40_000}}
    )
    issues.save(issue.id, 1, blocks=(long,))
    assert found(issues.issue(issue.id), "102")


def test_a_list_without_readers_is_a_warning(letter, dialogue):
    assert found(issues.draft(letter), "no confirmed readers")[0].level is Level.WARNING


def test_an_entry_list_takes_what_is_new_and_nothing_that_stands_elsewhere(letter, readers, articles):
    whole = issues.draft(letter)
    first = next(block for block in whole.pieces if block.entry == articles[0].id)
    listing = issues.new_block(
        BlockKind.ENTRY_LIST, texts={"en": {"title": "More"}, "ja": {"title": "ほかに"}}
    )
    issues.save(whole.id, 1, blocks=(first, listing))
    told_there = issues.gather(issues.issue(whole.id)).chosen[listing.id]
    assert [entry.id for entry in told_there] == [articles[1].id]
    newer = told(
        Content(
            kind=Kind.NEWS, texts={"en": Text(title="Late news")}, dated=datetime(2026, 10, 7, tzinfo=UTC)
        )
    )
    assert [one.id for one in issues.gather(issues.issue(whole.id)).chosen[listing.id]] == [
        newer.id,
        articles[1].id,
    ]


def listing(letter, **rule):
    """What an entry list takes that is an issue's only block."""
    issue = issues.draft(letter)
    block = issues.new_block(BlockKind.ENTRY_LIST, rule=issues.Rule(**rule))
    return issue, issues.gather(issues.save(issue.id, 1, blocks=(block,))), block.id


def test_an_entry_list_takes_what_its_rule_says(letter, readers, articles, dialogue, lecture):
    _, materials, block_id = listing(letter, kinds=("event", "news", "analysis"), limit=3)
    assert materials.chosen[block_id] == (dialogue, lecture, articles[0])
    assert materials.fitting[block_id] == 4
    _, materials, block_id = listing(letter, kinds=("event", "news"), order=issues.Order.OLDEST)
    assert materials.chosen[block_id] == (articles[0], dialogue, lecture)
    _, materials, block_id = listing(letter, kinds=("event",), order=issues.Order.TITLE)
    assert materials.chosen[block_id] == (lecture, dialogue)
    _, materials, block_id = listing(letter, kinds=("event",), window=issues.Window.MONTH)
    assert materials.chosen[block_id] == ()


def test_an_entry_list_that_takes_nothing_is_pointed_out(letter, readers, articles):
    settings.add_topic("sea", {"en": "Law of the sea", "ja": "海洋法"})
    issue, _, block_id = listing(letter, topics=("sea",))
    assert [one.block_id for one in found(issue, "takes nothing now")] == [block_id]


def test_what_an_entry_list_took_is_frozen_when_it_is_sent(letter, readers, articles):
    issue, materials, block_id = listing(letter)
    issues.send(issue.id)
    db.session.commit()
    told(Content(kind=Kind.NEWS, texts={"en": Text(title="Later news")}))
    kept = issues.gather(issues.issue(issue.id))
    assert kept.chosen[block_id] == materials.chosen[block_id]
    assert len(kept.chosen[block_id]) == 2
