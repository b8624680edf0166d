from datetime import UTC, date, datetime, time, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine

from newsletter import archive, audience, clock, entries, errors, settings
from newsletter.entries import Content, Day, Kind, Text
from newsletter.issues import Edition, Issue, State

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = pytest.mark.usefixtures("publication")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def news(title, *, publish=True, dated=None, **texts):
    texts = texts or {"en": Text(title=title, summary=f"About {title}.", body_html=f"<p>{title}</p>")}
    return entries.write(Content(kind=Kind.NEWS, texts=texts, dated=dated), publish=publish)


def event(title, day, *, topics=()):
    content = Content(
        kind=Kind.EVENT,
        texts={"en": Text(title=title)},
        days=(Day(day, time(18, 30), time(20)),),
        timezone="Asia/Tokyo",
        topics=topics,
    )
    return entries.write(content, publish=True)


def sent(session, mailing_list, number, state=State.SENT, **subjects):
    issue = Issue(
        list_id=mailing_list.id,
        number=number,
        slug=f"{mailing_list.slug}-{number}",
        state=state,
        created_at=clock.now(),
        changed_at=clock.now(),
        sent_at=clock.now() + timedelta(days=number),
    )
    session.add(issue)
    session.flush()
    for language, subject in subjects.items():
        session.add(
            Edition(
                issue_id=issue.id,
                language=language,
                subject=subject,
                preheader=f"Before {subject}",
                html="",
                text=f"text of {subject}",
                web_html=f"<html><head></head><body>{subject}</body></html>",
                template=b"",
                frozen_at=clock.now(),
            )
        )
    session.flush()
    return issue


@pytest.fixture
def letter_list(publication):
    return audience.create_list("tokyo-letter", {"en": "Tokyo Letter", "ja": "東京だより"})


# Entries


def test_a_published_entry_is_visible():
    assert archive.visible_entry(news("Two fellowships").slug).title("en") == "Two fellowships"


def test_drafts_are_hidden_as_if_they_were_not_there():
    draft = news("Not yet", publish=False)
    with pytest.raises(errors.NotFound):
        archive.visible_entry(draft.slug)
    assert archive.visible_entries().entries == ()


def test_an_article_dated_in_the_future_waits_for_its_day():
    later = news("Tomorrow’s paper", dated=NOW + timedelta(days=1))
    with pytest.raises(errors.NotFound):
        archive.visible_entry(later.slug)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert archive.visible_entry(later.slug)


# Issues


def test_issues_are_listed_newest_first_in_the_readers_language(session, letter_list):
    sent(session, letter_list, 1, en="One", ja="一")
    sent(session, letter_list, 2, en="Two", ja="二")
    page = archive.sent_issues("ja")
    assert [(line.number, line.subject) for line in page.issues] == [(2, "二"), (1, "一")]
    assert page.total == 2


def test_an_issue_without_an_edition_in_the_readers_language_is_told_in_the_other(session, letter_list):
    sent(session, letter_list, 1, ja="日本語だけ")
    (line,) = archive.sent_issues("en").issues
    assert (line.subject, line.language, line.languages) == ("日本語だけ", "ja", ("ja",))


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED])
def test_what_has_not_left_is_not_listed(session, letter_list, state):
    issue = sent(session, letter_list, 1, state=state)
    assert archive.sent_issues("en").issues == ()
    with pytest.raises(errors.NotFound):
        archive.sent_issue(issue.slug, "en")


def test_an_issue_that_is_being_sent_can_be_read_at_once(session, letter_list):
    issue = sent(session, letter_list, 1, state=State.SENDING, en="On its way")
    assert archive.sent_issue(issue.slug, "en").text == "text of On its way"


def test_an_issue_that_was_stopped_is_read_by_those_who_have_its_link(session, letter_list):
    issue = sent(session, letter_list, 1, state=State.CANCELLED, en="Stopped")
    assert archive.sent_issues("en").issues == ()
    assert archive.sent_issue(issue.slug, "en").line.subject == "Stopped"


def test_neighbours_are_of_the_same_list(session, letter_list):
    other = audience.create_list("event-notices", {"en": "Event notices"})
    sent(session, letter_list, 1, en="One")
    sent(session, other, 2, en="Elsewhere")
    middle = sent(session, letter_list, 3, en="Three")
    sent(session, letter_list, 4, en="Four")
    shown = archive.sent_issue(middle.slug, "en")
    assert (shown.older.subject, shown.newer.subject) == ("One", "Four")


def test_issues_of_a_list_that_readers_cannot_find_are_read_by_their_link_alone(session, publication):
    board = audience.create_list("board", {"en": "Board"}, public=False)
    sent(session, board, 1, en="For the board")
    issue = sent(session, board, 2, en="For the board again")
    shown = archive.sent_issue(issue.slug, "en")
    assert not shown.listed
    assert shown.older is None
    assert archive.sent_issues("en").issues == ()


def test_the_letter_is_what_was_frozen(session, letter_list):
    issue = sent(session, letter_list, 1, en="One", ja="一")
    assert "<body>一</body>" in archive.letter(issue.slug, "ja")


def test_pages_of_issues_hold_all_of_them(session, letter_list):
    for number in range(1, 6):
        sent(session, letter_list, number, en=f"Issue {number}")
    pages = [archive.sent_issues("en", page=page, per_page=2) for page in (1, 2, 3, 99)]
    assert [[line.number for line in page.issues] for page in pages] == [[5, 4], [3, 2], [1], [1]]
    assert pages[0].pages == 3


# Feeds and calendars


def test_a_feed_holds_entries_and_issues_newest_first(session, letter_list):
    news("Older news", dated=NOW - timedelta(days=3))
    news("Newer news", dated=NOW - timedelta(days=1))
    sent(session, letter_list, -2, en="Between")
    feed = archive.feed("en")
    assert [item.title for item in feed.items] == ["Newer news", "Between", "Older news"]


def test_a_feed_of_a_list_holds_its_issues_alone(session, letter_list):
    news("News")
    sent(session, letter_list, 1, en="One")
    assert [item.title for item in archive.feed("en", list_slug="tokyo-letter").items] == ["One"]


def test_a_feed_of_a_topic_or_kind_holds_its_entries_alone(session, letter_list):
    settings.add_topic("sea", {"en": "Law of the sea"})
    news("News")
    event("Cables", date(2026, 10, 22), topics=("sea",))
    sent(session, letter_list, 1, en="One")
    assert [item.title for item in archive.feed("en", topic="sea").items] == ["Cables"]
    assert [item.title for item in archive.feed("en", kind=Kind.NEWS).items] == ["News"]
    assert archive.feed("en", topic="sea").title == "Minato Institute: Law of the sea"
    assert archive.feed("en", kind=Kind.NEWS).title == "Minato Institute: News"


def test_feeds_have_names_of_their_own_which_stay():
    ids = {archive.feed("en").id, archive.feed("ja").id, archive.feed("en", kind=Kind.NEWS).id}
    assert len(ids) == 3
    assert archive.feed("en").id == archive.feed("en").id


def test_a_feed_of_nothing_was_not_changed_years_ago():
    assert archive.feed("en").updated == NOW.replace(hour=0)


def test_what_is_dated_in_the_future_stands_on_no_page_and_in_no_count():
    settings.add_topic("sea", {"en": "Law of the sea"})
    shown = event("Cables", date(2026, 10, 22), topics=("sea",))
    ahead = Content(Kind.NEWS, {"en": Text(title="Ahead")}, topics=("sea",), dated=NOW + timedelta(days=2))
    entries.write(ahead, publish=True)
    assert archive.visible_entries().total == 1
    assert entries.related(shown) == []
    assert "/entries/ahead" not in {page.path for page in archive.site_pages()}


def test_the_map_of_the_site_leaves_out_what_is_read_by_its_link_alone(session, letter_list):
    board = audience.create_list("board", {"en": "Board"}, public=False)
    sent(session, board, 1, en="For the board")
    sent(session, letter_list, 1, en="One", ja="一")
    news("Draft", publish=False)
    found = {page.path: page for page in archive.site_pages()}
    assert found["/issues/tokyo-letter-1"].languages == ("en", "ja")
    assert not {"/issues/board-1", "/entries/draft"} & set(found)


def test_what_no_xml_may_hold_is_left_out_of_feeds(client):
    news("Bell\x07 & <tags>", en=Text(title="Bell\x07 & <tags>", body_html="<p>A\x0b & B</p>"))
    whole = ET.fromstring(client.get("/feed.atom?language=en").data)
    assert whole.find(f"{ATOM}entry/{ATOM}title").text == "Bell & <tags>"


def test_a_feed_of_an_unknown_topic_is_not_found():
    with pytest.raises(errors.NotFound):
        archive.feed("en", topic="nothing")


def test_the_calendar_holds_events_that_come_and_those_of_the_past_year():
    event("Coming", date(2026, 10, 22))
    event("Last month", date(2026, 9, 10))
    event("Long ago", date(2024, 9, 10))
    text = archive.calendar("en").decode()
    assert "SUMMARY;LANGUAGE=en:Coming" in text
    assert "Last month" in text
    assert "Long ago" not in text
