from datetime import UTC, date, datetime, time

import pytest

from newsletter import issues
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.issues import Kind as BlockKind
from newsletter.issues import Layout
from tests.issues.conftest import told


def news(title, dated):
    return Content(kind=Kind.NEWS, texts={"en": Text(title=title)}, dated=dated)


def entries_of(issue):
    return [block.entry for block in issue.pieces if block.kind is BlockKind.ENTRY]


def test_a_new_issue_proposes_coming_events_in_date_order_and_then_what_was_written(
    letter, lecture, dialogue, articles
):
    issue = issues.draft("tokyo-letter")
    assert entries_of(issue) == [dialogue.id, lecture.id, articles[0].id, articles[1].id]
    assert issue.pieces[1].layout is Layout.FEATURE
    assert [block.kind for block in issue.pieces if block.kind is not BlockKind.ENTRY] == [
        "text",
        "heading",
        "heading",
        "call",
    ]


def test_an_event_nobody_can_register_for_any_more_is_not_told_large(letter, dialogue, lecture):
    closed = told(
        Content(
            kind=Kind.EVENT,
            texts={"en": Text(title="Roundtable: who repairs a cut sea cable?")},
            days=(Day(date(2026, 10, 20), time(18), time(20)),),
            timezone="Asia/Tokyo",
            register_url="https://www.example.org/roundtable",
            register_by=datetime(2026, 10, 7, tzinfo=UTC),
        )
    )
    issue = issues.draft(letter)
    assert entries_of(issue) == [dialogue.id, closed.id, lecture.id]
    assert [block.layout for block in issue.pieces if block.entry] == [
        Layout.FEATURE,
        Layout.CARD,
        Layout.CARD,
    ]
    assert (
        issue.preheaders["en"]
        == "Also: Roundtable: who repairs a cut sea cable?; Open lecture: armies that keep the peace."
    )


def test_an_issue_with_closed_events_alone_tells_the_next_one_large(letter, dialogue, now):
    now.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    issue = issues.draft(letter)
    assert issue.pieces[1].layout is Layout.FEATURE
    assert issue.subjects["en"] == "Thirteenth UK–Japan Security Dialogue, 10–11 November"


def test_a_preheader_that_ends_in_a_question_has_no_further_stop(letter, articles):
    told(
        Content(
            kind=Kind.NEWS,
            texts={"en": Text(title="Who repairs a cable?")},
            dated=datetime(2026, 9, 1, tzinfo=UTC),
        )
    )
    assert issues.draft(letter).preheaders["en"] == "Also: Buying together; Who repairs a cable?"


def test_a_subject_is_proposed_in_each_language(letter, lecture, dialogue, articles):
    issue = issues.draft(letter)
    assert issue.subjects["en"] == "Register by 30 October: Thirteenth UK–Japan Security Dialogue"
    assert issue.subjects["ja"] == "第13回 日英安全保障対話 申込みは10月30日(金)まで"
    assert (
        issue.preheaders["en"] == "Also: Two fellowships for 2027; Open lecture: armies that keep the peace."
    )


def test_an_edition_quotes_no_title_of_another_language_in_the_inbox(letter, dialogue, lecture, articles):
    assert issues.draft(letter).preheaders["ja"] == "「共に買うということ」もお届けします。"


def test_an_edition_with_nothing_in_its_language_says_how_much_there_is(letter, lecture):
    issue = issues.draft(letter)
    assert issue.subjects["en"] == "Open lecture: armies that keep the peace, Wednesday 2 December"
    assert issue.subjects["ja"] == "東京だより 第1号"
    assert issue.preheaders["ja"] == "今号では、催し1件をお届けします。"


def test_the_next_issue_leaves_out_what_the_last_one_told(letter, dialogue, articles, readers):
    first = issues.draft(letter)
    issues.send(first.id)
    db.session.commit()
    newer = told(
        Content(
            kind=Kind.NEWS,
            texts={"en": Text(title="A new director")},
            dated=datetime(2026, 10, 9, tzinfo=UTC),
        )
    )
    second = issues.draft(letter)
    assert second.number == 2
    assert articles[0].id not in entries_of(second)
    assert dialogue.id in entries_of(second)
    assert newer.id not in entries_of(second)  # dated tomorrow: it is not out yet


def test_what_came_here_after_the_last_issue_is_proposed_though_it_is_dated_before(
    letter, dialogue, articles, readers, now
):
    issues.send(issues.draft(letter).id)
    db.session.commit()
    now.shift(86_400 * 7)
    late = told(news("Found late", datetime(2026, 9, 20, tzinfo=UTC)))
    told(news("An old archive", datetime(2026, 6, 1, tzinfo=UTC)))
    second = issues.draft(letter)
    assert [block.entry for block in second.pieces if block.entry != dialogue.id and block.entry] == [late.id]
    issues.send(second.id)
    db.session.commit()
    now.shift(86_400)
    assert late.id not in entries_of(issues.draft(letter))


def test_what_was_published_while_the_last_issue_was_written_is_not_forgotten(letter, dialogue, readers, now):
    first = issues.draft(letter)
    now.shift(3_600)
    meanwhile = told(news("Published meanwhile", None))
    now.shift(3_600)
    issues.send(first.id)
    db.session.commit()
    assert meanwhile.id in entries_of(issues.draft(letter))


def test_a_correction_in_between_hides_no_news_from_the_next_issue(letter, dialogue, readers, now):
    issues.send(issues.draft(letter).id)
    now.shift(86_400)
    piece = told(news("Between two issues", None))
    now.shift(86_400)
    issues.send(issues.correct(dialogue.id, letter.id).id)
    db.session.commit()
    now.shift(86_400)
    assert piece.id in entries_of(issues.draft(letter))


def test_an_issue_of_a_list_with_nothing_to_tell_greets_its_readers(letter):
    issue = issues.draft(letter, title="A quiet month")
    assert issue.subjects == {"en": "A quiet month", "ja": "A quiet month"}
    assert not issues.errors_of(issues.check(issue))


def test_a_stale_save_is_refused_and_says_who_was_faster(letter):
    issue = issues.draft(letter)
    issues.save(issue.id, 1, subjects={"en": "Bob's"}, by="Bob")
    with pytest.raises(Conflict, match="Bob has saved this issue"):
        issues.save(issue.id, 1, subjects={"en": "Alice's"}, by="Alice")
    assert issues.issue(issue.id).subjects == {"en": "Bob's"}


def test_a_subject_longer_than_any_inbox_shows_is_refused_with_its_field(letter):
    issue = issues.draft(letter)
    with pytest.raises(Invalid) as refused:
        issues.save(issue.id, 1, subjects={"ja": "長" * 301})
    assert refused.value.field == "subject-ja"


def test_blocks_keep_what_this_version_does_not_know(letter):
    issue = issues.draft(letter)
    issue.blocks = [{"id": "a", "kind": "text", "texts": {"en": {"body": "Hello"}}, "audience": ["members"]}]
    db.session.flush()
    issues.save(issue.id, 1, blocks=issue.pieces)
    assert issues.issue(issue.id).blocks[0]["audience"] == ["members"]


def test_blocks_are_arranged_without_losing_any():
    blocks = tuple(issues.new_block(kind) for kind in ("heading", "text", "call"))
    ids = [block.id for block in blocks]
    assert [block.id for block in issues.moved(blocks, ids[2], -1)] == [ids[0], ids[2], ids[1]]
    assert [block.id for block in issues.moved(blocks, ids[0], -5)] == ids
    assert [block.id for block in issues.dropped(blocks, ids[1])] == [ids[0], ids[2]]
    with pytest.raises(NotFound):
        issues.moved(blocks, "gone", 1)


def test_a_draft_can_be_thrown_away_and_nothing_else(letter, readers):
    issue = issues.draft(letter)
    issues.discard(issue.id)
    with pytest.raises(NotFound):
        issues.issue(issue.id)
    sent = issues.send(issues.draft(letter).id)
    with pytest.raises(Conflict):
        issues.discard(sent.id)


def test_a_foreign_title_that_is_too_long_or_ill_spelled_makes_no_draft_impossible(letter, now):
    told(Content(kind=Kind.NEWS, texts={"en": Text(title="The museum\x92s day " + "and night " * 40)}))
    made = issues.draft(letter)
    assert made.subjects["en"].startswith("The museum s day and night")
    assert len(made.subjects["en"]) <= 250
