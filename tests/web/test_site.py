"""What anybody meets on the public pages."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine

from newsletter import audience, clock, entries, settings
from newsletter.entries import Content, Day, Kind, Speaker, Text
from newsletter.issues import Edition, Issue, State

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
TOKYO, LONDON = "Asia/Tokyo", "Europe/London"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

pytestmark = pytest.mark.usefixtures("publication")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def dialogue(**changes):
    settings.add_topic("uk-japan", {"en": "UK–Japan co-operation", "ja": "日英協力"})
    content = {
        "kind": Kind.EVENT,
        "topics": ("uk-japan",),
        "days": (
            Day(date(2026, 11, 10), time(10), time(18)),
            Day(date(2026, 11, 11), time(9, 30), time(16, 30)),
        ),
        "timezone": TOKYO,
        "register_url": "https://www.example.org/register",
        "register_by": datetime(2026, 10, 30, 15, tzinfo=UTC),
        "agenda_url": "https://www.example.org/agenda.pdf",
        "contact_email": "dialogue@example.org",
        "languages_spoken": ("en", "ja"),
        "texts": {
            "en": Text(
                title="Thirteenth UK–Japan Security Dialogue",
                summary="Two days of talks.",
                body_html="<p>Since 2012 …</p>",
                venue="International Conference Hall, Tokyo",
                contact_name="Conference secretariat",
                speakers=(Speaker("Chief of the Air Staff", "Royal Air Force"),),
            ),
            "ja": Text(
                title="第13回 日英安全保障対話", summary="二日間の対話です。", venue="国際会議室(東京)"
            ),
        },
    }
    return entries.write(Content(**content | changes), publish=True)


def lecture(**changes):
    content = {
        "kind": Kind.EVENT,
        "days": (Day(date(2026, 12, 2), time(17), time(18, 30)),),
        "timezone": LONDON,
        "online_url": "https://www.example.org/live",
        "texts": {"ja": Text(title="公開講演「平和を保つ部隊」", venue="ロンドン事務所")},
    }
    return entries.write(Content(**content | changes), publish=True)


def article(kind=Kind.NEWS, **texts):
    texts = texts or {
        "en": Text(title="Two fellowships for 2027", summary="A year in Tokyo.", authors="Alice Ashby")
    }
    return entries.write(Content(kind=kind, texts=texts), publish=True)


def sent_issue(session, **subjects):
    mailing_list = audience.create_list("tokyo-letter", {"en": "Tokyo Letter", "ja": "東京だより"})
    issue = Issue(
        list_id=mailing_list.id,
        number=41,
        slug="tokyo-letter-41",
        state=State.SENT,
        created_at=clock.now(),
        changed_at=clock.now(),
        sent_at=NOW - timedelta(days=30),
    )
    session.add(issue)
    session.flush()
    for language, subject in subjects.items():
        html = f"<html><head><title>x</title></head><body>{subject}</body></html>"
        session.add(
            Edition(
                issue_id=issue.id,
                language=language,
                subject=subject,
                html=html,
                web_html=html,
                text=f"{subject} as text",
                template=b"",
                frozen_at=clock.now(),
            )
        )
    session.flush()
    return issue


@pytest.fixture
def page(client, session):
    """Fetch a page as text, its runs of white space made one."""

    def fetch(path, status=200):
        session.commit()
        response = client.get(path)
        assert response.status_code == status, response.text
        return re.sub(r"\s+", " ", response.text)

    return fetch


def words_of(html):
    """The words of a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# Home


def test_an_empty_site_says_what_will_stand_there(page):
    html = page("/?language=en")
    assert "No event is announced at the moment." in html
    assert "Support our research" in html


def test_the_home_page_has_all_that_a_reader_looks_for(page, session):
    dialogue()
    entries.write(
        Content(
            kind=Kind.EVENT,
            texts={"en": Text(title="Ports under attack")},
            days=(Day(date(2026, 9, 15), time(18), time(20)),),
            timezone=TOKYO,
        ),
        publish=True,
    )
    sent_issue(session, en="After the summer exercises")
    text = words_of(page("/?language=en"))
    for words in (
        "Tokyo Letter, in English and Japanese",
        "Subscribe to our newsletter",
        "Upcoming events",
        "10–11 November 2026, Tue–Wed",
        "Thirteenth UK–Japan Security Dialogue",
        "Register by 30 October",
        "Recent events",
        "15 September 2026",
        "Latest issues",
        "No. 41",
        "After the summer exercises",
        "Support our research",
    ):
        assert words in text


def test_the_home_page_shows_large_what_one_can_still_register_for(page):
    door = {"register_url": "https://www.example.org/register"}
    lecture(days=(Day(date(2026, 10, 20)),), register_by=NOW, texts={"en": Text(title="Closed")}, **door)
    cancelled = lecture(days=(Day(date(2026, 10, 21)),), texts={"en": Text(title="Breakfast")}, **door)
    entries.cancel(cancelled.id, "bob")
    lecture()
    lecture(days=(Day(date(2026, 12, 20)),), texts={"en": Text(title="Evening")}, **door)
    assert "Evening" in re.search(r'<li class="feature">.*?</li>', page("/?language=en"))[0]


def test_the_home_page_speaks_japanese(page, session):
    dialogue()
    sent_issue(session, ja="夏の演習を終えて")
    text = words_of(page("/?language=ja"))
    for words in (
        "東京だより(日本語・英語)",
        "ニュースレターを購読する",
        "10–11 日 2026年11月(火・水)",
        "第13回 日英安全保障対話",
        "第41号",
        "研究をご支援ください",
    ):
        assert words in text


def test_the_browser_chooses_the_language_where_no_link_did(client):
    response = client.get("/", headers={"Accept-Language": "ja,en;q=0.5"})
    assert '<html lang="ja">' in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_the_chosen_language_travels_on_in_links(page):
    dialogue()
    assert 'href="/entries/thirteenth-uk-japan-security-dialogue?language=ja"' in page("/?language=ja")


def test_a_list_that_readers_cannot_find_is_not_offered(page):
    audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    audience.create_list("board", {"en": "The board"}, public=False)
    html = page("/?language=en")
    assert 'value="tokyo-letter"' in html
    assert "The board" not in html


# Entries


def test_a_contact_is_named_in_the_language_of_the_page(page):
    texts = {
        "en": Text(title="Dialogue", contact_name="Secretariat"),
        "ja": Text(title="対話", contact_name="会議事務局"),
    }
    slug = dialogue(texts=texts).slug
    html = page(f"/entries/{slug}?language=ja")
    assert "会議事務局" in html
    assert "Secretariat" not in html
    assert "CONTACT:会議事務局 dialogue@example.org" in page(f"/entries/{slug}.ics?language=ja")


def test_a_contact_that_is_named_in_the_other_language_alone_is_named_in_that(page):
    texts = {"en": Text(title="Dialogue", contact_name="Secretariat"), "ja": Text(title="対話")}
    slug = dialogue(texts=texts).slug
    assert '<span lang="en">Secretariat</span>' in page(f"/entries/{slug}?language=ja")


def test_what_an_event_says_in_one_language_alone_is_told_to_readers_of_the_other(page):
    said = Text(
        title="Dialogue",
        venue="Conference Hall",
        organiser="Minato Institute",
        speakers=(Speaker("Admiral Sato"),),
    )
    slug = dialogue(texts={"en": said, "ja": Text(title="対話")}).slug
    html = page(f"/entries/{slug}?language=ja")
    assert '<span lang="en">Conference Hall</span>' in html
    assert '<span lang="en">Minato Institute</span>' in html
    assert '<ul class="speakers" role="list" lang="en"><li>Admiral Sato</li>' in " ".join(
        html.split()
    ).replace("> <", "><")
    assert "LOCATION:Conference Hall" in page(f"/entries/{slug}.ics?language=ja")


def test_a_calendar_offers_no_registration_that_is_over(page):
    kept = dialogue(register_url="https://example.org/register", register_by=None)
    assert "https://example.org/register" in page(f"/entries/{kept.slug}.ics?language=en").replace(
        "\r\n ", ""
    )
    entries.cancel(kept.id, "Bob")
    assert "https://example.org/register" not in page(f"/entries/{kept.slug}.ics?language=en").replace(
        "\r\n ", ""
    )


def test_an_event_page_tells_days_place_registration_and_contact(page):
    text = words_of(page(f"/entries/{dialogue().slug}?language=en"))
    for words in (
        "10–11 November 2026, Tuesday and Wednesday",
        "Tuesday 10 November, 10:00–18:00",
        "Wednesday 11 November, 9:30–16:30",
        "Tokyo time",
        "Register by Friday 30 October",
        "International Conference Hall, Tokyo",
        "English and Japanese",
        "Chief of the Air Staff",
        "Conference secretariat",
        "dialogue@example.org",
        "Add to calendar",
    ):
        assert words in text


def test_an_event_page_speaks_japanese(page):
    text = words_of(page(f"/entries/{dialogue().slug}?language=ja"))
    for words in (
        "2026年11月10日(火)・11日(水)",
        "11月10日(火) 10:00〜18:00",
        "日本時間",
        "10月30日(金)までに申し込む",
        "国際会議室(東京)",
        "英語・日本語",
    ):
        assert words in text


def test_a_closed_registration_is_a_sentence_and_no_button(page):
    html = page(f"/entries/{dialogue(register_by=NOW - timedelta(days=2)).slug}?language=en")
    assert "Registration closed on Tuesday 6 October." in html
    assert "https://www.example.org/register" not in re.sub(r"<script.*?</script>", "", html)


def test_a_cancelled_event_says_so_above_everything(page):
    event = dialogue()
    entries.cancel(event.id, "bob")
    html = page(f"/entries/{event.slug}?language=en")
    assert "This event has been cancelled." in html
    assert 'class="btn primary"' not in html
    assert "https://schema.org/EventCancelled" in html


def test_a_change_of_time_stands_above_the_date(page):
    event = dialogue()
    content = entries.content_of(event)
    moved = (content.days[0], Day(date(2026, 11, 11), time(10), time(16, 30)))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        entries.change(event.id, replace(content, days=moved), event.version, "bob")
        text = words_of(page(f"/entries/{event.slug}?language=en"))
    assert "Changed on 9 October" in text


def test_a_change_of_venue_is_told_once_in_the_language_of_the_page(page):
    event = dialogue()
    content = entries.content_of(event)
    moved = {
        "en": replace(content.texts["en"], venue="Hibiya Library"),
        "ja": replace(content.texts["ja"], venue="日比谷図書文化館"),
    }
    entries.change(event.id, replace(content, texts=moved), event.version, "bob")
    english = page(f"/entries/{event.slug}?language=en")
    assert "Venue: now Hibiya Library, not International Conference Hall, Tokyo." in english
    assert "日比谷図書文化館" not in english
    assert "Hibiya Library" not in page(f"/entries/{event.slug}?language=ja")


def test_a_text_in_the_other_language_is_labelled(page):
    html = page(f"/entries/{lecture().slug}?language=en")
    assert "Japanese only" in html
    assert '<h1 lang="ja">公開講演「平和を保つ部隊」</h1>' in html


def test_times_elsewhere_are_told_on_the_publishers_clocks_too(page):
    text = words_of(page(f"/entries/{lecture().slug}?language=en"))
    assert "Wednesday 2 December, 17:00–18:30" in text
    assert "London time" in text
    assert "In Tokyo: Thursday 3 December, 2:00–3:30" in text


def test_an_all_day_event_tells_no_times(page):
    html = page(f"/entries/{lecture(days=(Day(date(2026, 12, 2)),)).slug}?language=en")
    assert "London time" not in html


def test_related_entries_stand_beneath(page):
    event = dialogue()
    entries.write(
        Content(kind=Kind.ANALYSIS, texts={"en": Text(title="Buying together")}, topics=("uk-japan",)),
        publish=True,
    )
    assert "Buying together" in page(f"/entries/{event.slug}?language=en")


def test_an_article_tells_its_author_and_day(page):
    text = words_of(page(f"/entries/{article().slug}?language=en"))
    assert "Alice Ashby" in text
    assert "October 2026, Thursday" in text


def test_drafts_and_unknown_addresses_answer_alike(client, session):
    draft = entries.write(Content(kind=Kind.NEWS, texts={"en": Text(title="Draft")}))
    session.commit()
    hidden = client.get(f"/entries/{draft.slug}?language=en")
    unknown = client.get("/entries/nothing-here?language=en")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace(draft.slug, "nothing-here") == unknown.text


def structured(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html).group(1))


def test_machines_read_the_event(page):
    told = structured(page(f"/entries/{dialogue().slug}?language=en"))
    assert told["@type"] == "Event"
    assert told["startDate"] == "2026-11-10T10:00:00+09:00"
    assert told["endDate"] == "2026-11-11T16:30:00+09:00"
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert told["location"][0]["name"] == "International Conference Hall, Tokyo"
    assert told["inLanguage"] == ["en", "ja"]


def test_machines_read_the_article(page):
    told = structured(page(f"/entries/{article(Kind.ANALYSIS).slug}?language=en"))
    assert told["@type"] == "AnalysisNewsArticle"
    assert told["headline"] == "Two fellowships for 2027"
    assert told["author"]["name"] == "Alice Ashby"


def test_what_mallory_writes_into_a_title_stays_text(page):
    evil = "</script><script>alert(1)</script>"
    html = page(f"/entries/{article(en=Text(title=evil)).slug}?language=en")
    assert "<script>alert" not in html
    assert structured(html)["headline"] == evil


def test_search_engines_find_each_language(page):
    html = page(f"/entries/{dialogue().slug}?language=en")
    assert 'hreflang="ja" href="http://localhost' in html
    assert 'rel="canonical"' in html


def test_lists_are_by_kind_time_topic_and_words(page):
    dialogue()
    lecture(days=(Day(date(2026, 9, 1), time(17), time(18)),))
    article()
    assert "第13回" not in page("/entries/?kind=news&language=ja")
    assert "Two fellowships" in page("/entries/?kind=news&language=en")
    coming, past = (
        page("/entries/?kind=event&language=ja"),
        page("/entries/?kind=event&when=past&language=ja"),
    )
    assert "第13回" in coming
    assert "公開講演" not in coming
    assert "公開講演" in past
    assert "第13回" in page("/entries/?topic=uk-japan&language=ja")
    found = page("/entries/?q=fellow&language=en")
    assert "Two fellowships" in found
    assert 'content="noindex"' in found
    assert "見つかりませんでした" in page("/entries/?q=xyzzy&language=ja")


def test_each_list_has_a_title_of_its_own(page):
    dialogue()
    lists = ("kind=event", "kind=event&when=past", "kind=event&topic=uk-japan", "kind=news")
    titles = [re.search("<title>(.*?)</title>", page(f"/entries/?{one}&language=en"))[1] for one in lists]
    assert titles == [
        "Events · Minato Institute",
        "Past events · Minato Institute",
        "Events: UK–Japan co-operation · Minato Institute",
        "News · Minato Institute",
    ]


@pytest.mark.parametrize(
    "path", ["/entries/?kind=party", "/entries/?topic=nothing", "/issues/?list=nothing", "/feed.atom?kind=x"]
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("number", ["0", "-3", "999", "x", "1e9"])
def test_odd_page_numbers_are_served_the_nearest_page(client, number):
    assert client.get(f"/entries/?page={number}").status_code == 200


def test_long_lists_are_parted_into_pages(page):
    for number in range(25):
        article(en=Text(title=f"News item {number}"))
    first, second = page("/entries/?kind=news&language=en"), page("/entries/?kind=news&page=2&language=en")
    assert first.count("<h3") == 20
    assert second.count("<h3") == 5
    assert "Page 1 of 2" in first
    assert 'href="/entries/?kind=news&amp;language=en&amp;page=2"' in first


def test_a_calendar_file_of_one_event(client, session):
    event = dialogue()
    session.commit()
    response = client.get(f"/entries/{event.slug}.ics?language=en")
    assert response.mimetype == "text/calendar"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    assert b"SUMMARY;LANGUAGE=en:Thirteenth" in response.data


def test_news_has_no_calendar_file(client, session):
    slug = article().slug
    session.commit()
    assert client.get(f"/entries/{slug}.ics").status_code == 404


# Issues


def test_issues_are_read_as_they_were_sent(page, session):
    sent_issue(session, en="After the summer exercises", ja="夏の演習を終えて")
    assert "After the summer exercises" in page("/issues/?language=en")
    html = page("/issues/tokyo-letter-41?language=ja")
    assert "夏の演習を終えて" in html
    assert "夏の演習を終えて as text" in html
    assert 'src="/issues/tokyo-letter-41/letter?language=ja"' in html


def test_the_letter_may_look_like_itself_and_do_nothing(client, session):
    sent_issue(session, en="After the summer exercises")
    session.commit()
    response = client.get("/issues/tokyo-letter-41/letter?language=en")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert '<base target="_top">' in response.text


# Feeds


def test_a_feed_reader_is_told_when_nothing_is_new(client, session):
    article()
    session.commit()
    first = client.get("/feed.atom?language=en")
    assert first.mimetype == "application/atom+xml"
    assert ET.fromstring(first.data).find("{http://www.w3.org/2005/Atom}entry") is not None
    again = client.get("/feed.atom?language=en", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_calendar_can_be_subscribed_to(client, session):
    dialogue()
    session.commit()
    response = client.get("/calendar.ics?language=ja")
    assert response.mimetype == "text/calendar"
    assert "第13回" in response.data.decode().replace("\r\n ", "")


@pytest.mark.parametrize("path", ["/follow", "/privacy", "/robots.txt"])
def test_the_quiet_pages_stand(client, path):
    assert client.get(path).status_code == 200


# For search engines


def test_robots_are_shown_the_way_to_every_page_in_each_language(client, session):
    slug = dialogue().slug
    session.commit()
    assert "Sitemap: http" in client.get("/robots.txt").text
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    site = ET.fromstring(answer.data)
    found = {each.text.partition("/entries/")[2] for each in site.iter(f"{SITEMAP}loc")}
    assert {f"{slug}?language=en", f"{slug}?language=ja"} <= found
    for address in site.iter(f"{SITEMAP}loc"):
        assert client.get("/" + address.text.split("/", 3)[3]).status_code == 200


def test_each_page_says_by_which_address_it_is_known(page):
    html = page("/entries/?kind=news&utm_source=elsewhere&language=ja")
    assert '/entries/?kind=news&amp;language=ja">' in html.partition('rel="canonical"')[2].partition("\n")[0]
    assert html.count('rel="canonical"') == 1
    assert 'hreflang="en" href="http' in html
    slug = dialogue().slug
    assert page(f"/entries/{slug}?language=ja").count('rel="canonical"') == 1
    assert 'rel="canonical"' not in page("/nothing", status=404)


# For all pages


def test_reading_changes_nothing_and_sets_no_cookie(client, session):
    slug = dialogue().slug
    session.commit()
    for path in (
        "/",
        "/entries/",
        f"/entries/{slug}",
        "/issues/",
        "/feed.atom",
        "/calendar.ics",
        "/privacy",
        "/follow",
    ):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers
        assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    "query", ["endpoint=x", "_scheme=javascript", "_external=1&_anchor=x", "page=2&page=3", "language=xx"]
)
def test_mallorys_queries_find_no_way_into_our_links(client, query):
    response = client.get(f"/entries/?{query}")
    assert response.status_code == 200
    assert 'href="javascript' not in response.text


@pytest.mark.parametrize(
    "path", ["/entries", "/issues", "/dashboard", "//issues", "/issues//mallory.example"]
)
def test_no_redirect_repeats_the_host_that_mallory_asked_for(client, path):
    target = client.get(path, headers={"Host": "mallory.example"}).headers["Location"]
    assert target.startswith("/")
    assert not target.startswith("//")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_error_pages_say_what_to_do(page, language):
    html = page(f"/nothing?language={language}", status=404)
    assert {"en": "There is nothing at this address", "ja": "このアドレスにはページがありません"}[
        language
    ] in html
