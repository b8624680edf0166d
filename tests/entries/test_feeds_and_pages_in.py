"""Feeds and pages that are taken in, and the real files by other hands."""

import contextlib
import json
from time import thread_time

import pytest

from newsletter import entries, settings
from newsletter.entries import Kind, Options, Status, import_entries
from newsletter.errors import Invalid

from .conftest import rss

FELLOWSHIPS = """<title>Two fellowships</title><link>https://example.org/fellowships</link><guid>17</guid>
<pubDate>Mon, 05 Oct 2026 09:00:00 GMT</pubDate><category>Security</category>
<description>&lt;p&gt;A year in Tokyo.&lt;/p&gt;</description>"""


def text(taken, language="en"):
    return entries.get(taken.entry_id).text(language)[0]


def test_items_become_news_or_analysis_as_chosen():
    settings.add_topic("security", {"en": "Security", "ja": "安全保障"})
    settings.add_topic("asia", {"en": "Asia"})
    (news,) = import_entries(rss(FELLOWSHIPS, language="en-GB"))
    entry = entries.get(news.entry_id)
    assert (entry.kind, entry.published_at.isoformat()) == (Kind.NEWS, "2026-10-05T09:00:00+00:00")
    assert [topic.slug for topic in entry.topics] == ["security"]
    assert text(news).summary == "A year in Tokyo."
    options = Options(kind=Kind.ANALYSIS, topics=("asia",), publish=False)
    (paper,) = import_entries(rss("<title>Paper</title><guid>p</guid>"), options=options)
    assert entries.get(paper.entry_id).kind is Kind.ANALYSIS
    assert not entries.get(paper.entry_id).is_published


def test_a_feed_read_twice_makes_no_doubles_and_takes_changes():
    import_entries(rss(FELLOWSHIPS))
    assert import_entries(rss(FELLOWSHIPS))[0].status is Status.KNOWN
    (again,) = import_entries(rss(FELLOWSHIPS.replace("Two", "Three")))
    assert (again.status, text(again).title) == (Status.CHANGED, "Three fellowships")


def test_identities_that_mean_something_only_in_their_feed_do_not_meet():
    import_entries(rss("<title>One</title><guid>1</guid>"))
    (other,) = import_entries(rss("<title>Other</title><guid>1</guid>", link="https://example.com/"))
    assert other.status is Status.NEW


def test_the_same_article_in_two_feeds_stands_here_once():
    import_entries(rss(FELLOWSHIPS))
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>S</title><entry><id>tag:example.org,2026:17</id>
      <title>Two fellowships</title><link href="https://example.org/fellowships"/></entry></feed>"""
    (again,) = import_entries(atom.encode())
    assert again.status is Status.KNOWN
    assert entries.search().total == 1


@pytest.mark.parametrize(
    ("spoken", "title", "language", "note"),
    [
        ("ja", "奨学金", "ja", ""),
        ("en-us", "Grant", "en", ""),
        ("", "奨学金のお知らせ", "ja", ""),
        ("", "Grant", "en", ""),
        ("de", "Stipendium", "en", "Its language “de” is none of the publication’s; filed under “en”."),
    ],
)
def test_the_language_is_what_the_feed_says_else_what_its_letters_are(spoken, title, language, note):
    (taken,) = import_entries(rss(f"<title>{title}</title>", language=spoken))
    assert (taken.language, taken.reason) == (language, note)


def test_items_without_a_title_are_named_by_their_text_or_skipped():
    (named, skipped) = import_entries(
        rss("<description>Only a few words. And more.</description>", "<link>https://example.org/x</link>")
    )
    assert named.title.startswith("Only a few words.")
    assert (skipped.status, skipped.reason) == (Status.SKIPPED, "It has neither a title nor a text.")


def test_html_of_a_feed_is_made_safe_and_shows_no_foreign_pictures():
    body = (
        "<p onclick=x>Long "
        + "words " * 100
        + "</p><script>alert(1)</script><img src=https://tracker.example.com/1.gif><a href='javascript:x'>y</a>"
    )
    (taken,) = import_entries(rss(f"<title>T</title><description><![CDATA[{body}]]></description>"))
    html = text(taken).body_html
    assert "<p>Long" in html
    for bad in ("script", "onclick", "img"):
        assert bad not in html
    assert len(text(taken).summary) < 400


def test_a_feed_that_fetches_nothing_and_explodes_not():
    bomb = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
      <!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>S</title>
      <item><title>Fine &b; &x;</title><guid>1</guid></item></channel></rss>"""
    (taken,) = import_entries(bomb)
    assert "root:" not in taken.title


def test_json_feeds_come_in():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "S",
        "language": "ja",
        "home_page_url": "https://example.org/",
        "items": [
            {
                "id": "1",
                "url": "/a",
                "title": "奨学金",
                "content_text": "本文",
                "authors": [{"name": "江口花子"}],
                "date_published": "2026-10-05T09:00:00+09:00",
            },
            "odd",
        ],
    }
    (taken,) = import_entries(json.dumps(feed).encode())
    entry = entries.get(taken.entry_id)
    assert (taken.url, taken.language) == ("https://example.org/a", "ja")
    assert entry.published_at.isoformat() == "2026-10-05T00:00:00+00:00"
    assert entry.text("ja")[0].authors == "江口花子"


EVENT = {
    "@context": "https://schema.org",
    "@type": "BusinessEvent",
    "name": "Security Dialogue",
    "startDate": "2026-11-10T10:00+09:00",
    "endDate": "2026-11-11T16:30+09:00",
    "url": "/dialogue",
    "location": [
        {
            "@type": "Place",
            "name": "International Conference Hall",
            "address": {"@type": "PostalAddress", "addressLocality": "Tokyo", "addressCountry": "JP"},
        },
        {"@type": "VirtualLocation", "url": "https://example.org/live"},
    ],
    "performer": [{"@type": "Person", "name": "A. Speaker", "jobTitle": "Head of Cyber Policy"}],
    "organizer": {"@id": "#us"},
    "offers": {
        "@type": "Offer",
        "url": "https://example.org/register",
        "validThrough": "2026-10-30",
        "price": "0",
    },
    "inLanguage": ["en", "ja"],
}


def page(*scripts, lang="en", body="", head='<link rel="canonical" href="https://example.org/events/">'):
    inside = "".join(
        f'<script type="application/ld+json">{script if isinstance(script, str) else json.dumps(script)}</script>'
        for script in scripts
    )
    return f'<!doctype html><html lang="{lang}"><head><title>T</title>{head}<base href="https://example.org/">{inside}</head><body>{body}</body></html>'.encode()


def test_an_event_page_comes_in_with_all_it_says():
    us = {
        "@type": "Organization",
        "@id": "#us",
        "name": "Minato Institute",
        "email": "mailto:office@example.org",
    }
    (taken,) = import_entries(page("{broken", {"@graph": [EVENT, us]}))
    entry = entries.get(taken.entry_id)
    assert (taken.url, taken.place) == (
        "https://example.org/dialogue",
        "International Conference Hall, Tokyo, JP",
    )
    assert taken.starts_at.isoformat() == "2026-11-10T10:00:00+09:00"
    assert taken.ends_at.isoformat() == "2026-11-11T16:30:00+09:00"
    assert taken.register_by.isoformat() == "2026-10-30T23:59:00+09:00"
    assert (entry.online_url, entry.register_url) == (
        "https://example.org/live",
        "https://example.org/register",
    )
    assert (text(taken).organiser, entry.contact_email, text(taken).price) == (
        "Minato Institute",
        "office@example.org",
        "Free of charge",
    )
    assert text(taken).speakers == (entries.Speaker("A. Speaker", "Head of Cyber Policy"),)
    assert entry.languages_spoken == ["en", "ja"]


def test_a_page_read_twice_makes_no_doubles_even_when_its_date_moves():
    import_entries(page(EVENT))
    assert import_entries(page(EVENT))[0].status is Status.KNOWN
    (moved,) = import_entries(
        page(
            {
                **EVENT,
                "startDate": "2026-11-10T09:30+09:00",
                "eventStatus": "https://schema.org/EventCancelled",
            }
        )
    )
    assert moved.status is Status.CHANGED
    assert entries.get(moved.entry_id).is_cancelled


def test_whole_days_are_counted_to_the_last():
    (taken,) = import_entries(
        page({"@type": "Event", "name": "Fair", "startDate": "2026-11-10", "endDate": "2026-11-12"})
    )
    assert len(entries.get(taken.entry_id).days) == 3
    assert entries.get(taken.entry_id).all_day


MICRODATA = """<div itemscope itemtype="https://schema.org/Event"><h1 itemprop="name">Microdata talk</h1>
<time itemprop="startDate" datetime="2026-11-10T18:00">Tuesday</time>
<div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Hall B</span></div></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="Event"><h1 property="name">RDFa talk</h1>
<time property="startDate" datetime="2026-11-10T18:00">Tuesday</time>
<div property="location" typeof="Place"><span property="name">Hall C</span></div></div>"""


@pytest.mark.parametrize(
    ("marked", "title", "place"), [(MICRODATA, "Microdata talk", "Hall B"), (RDFA, "RDFa talk", "Hall C")]
)
def test_other_ways_of_marking_up_are_read_too(marked, title, place):
    (taken,) = import_entries(page(body=marked))
    assert (taken.title, taken.place) == (title, place)
    assert taken.starts_at.isoformat() == "2026-11-10T18:00:00+09:00"


def test_what_a_page_says_twice_comes_in_once():
    twice = {"@type": "Event", "name": "Microdata talk", "startDate": "2026-11-10T18:00"}
    assert len(import_entries(page(twice, body=MICRODATA))) == 1


def test_several_events_at_one_address_are_all_taken():
    tour = [
        {"@type": "Event", "name": "Tour", "url": "/tour", "startDate": f"2026-11-{day}"}
        for day in (10, 11, 12)
    ]
    assert [each.status for each in import_entries(page(*tour))] == [Status.NEW] * 3
    assert [each.status for each in import_entries(page(*tour))] == [Status.KNOWN] * 3


def test_articles_become_news_and_reports_analysis():
    article = {
        "@type": "NewsArticle",
        "headline": "Two fellowships",
        "datePublished": "2026-10-05",
        "author": {"name": "Dora"},
    }
    report = {
        "@type": "Report",
        "headline": "Buying together",
        "mainEntityOfPage": {"@id": "https://example.org/report"},
    }
    news, analysis = import_entries(page(article, report, lang="en"))
    assert (news.kind, analysis.kind) == (Kind.NEWS, Kind.ANALYSIS)
    assert (text(news).authors, analysis.url) == ("Dora", "https://example.org/report")


def test_a_page_without_data_names_the_feed_it_has():
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    with pytest.raises(Invalid, match=r"import https://example\.org/feed\.xml instead"):
        import_entries(page(head=feed), name="index.html")


def test_a_page_with_a_tag_of_endless_attributes_keeps_nobody_waiting():
    begun = thread_time()
    many = "".join(f'a{n}="1"' for n in range(100_000))
    with pytest.raises(Invalid, match="takes too long to read"):
        import_entries(f"<html><body {many}>".encode(), name="page.html")
    assert thread_time() - begun < 3


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["calendars", "feeds", "pages"])
def test_no_real_file_ever_raises_anything_but_invalid(corpora, folder):
    taken = 0
    for path in sorted((corpora / folder).iterdir()):
        try:
            first = import_entries(path)
        except Invalid as error:
            unnamed = [] if path.name in str(error) else [path]
            assert unnamed == []
            continue
        taken += len(first)
        again = import_entries(path)
        assert {each.status for each in again} <= {Status.KNOWN, Status.SKIPPED}, path.name
    assert taken > {"calendars": 300, "feeds": 100, "pages": 5}[folder]


def test_a_page_whose_things_refer_to_each_other_without_end_is_read_or_refused_in_time():
    def graph(things):
        document = json.dumps({"@context": "https://schema.org", "@graph": things})
        return f'<html><script type="application/ld+json">{document}</script></html>'.encode()

    event = {"@type": "Event", "@id": "#e", "startDate": "2027-01-01"}
    ladder = [{"@id": f"#{n}", "@type": "Thing", "name": [{"@id": f"#{n + 1}"}] * 2} for n in range(40)]
    (read,) = import_entries(graph([event | {"name": "Lecture", "organizer": {"@id": "#0"}}, *ladder]))
    assert text(read).title == "Lecture"
    itself = graph([event | {"name": {"@id": "#e"}}])
    with contextlib.suppress(Invalid):
        import_entries(itself)
    circle = "".join(f'<div itemscope itemprop="about" id="{one}" itemref="a b c"></div>' for one in "abc")
    page = f'<div itemscope itemtype="https://schema.org/Event" itemref="a b c"><b itemprop="name">Talk</b></div>{circle}'
    with contextlib.suppress(Invalid):
        import_entries(f"<html>{page}</html>".encode())


def test_an_address_that_is_none_costs_its_item_alone():
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [
        {"id": "http://[a", "title": "Broken", "content_text": "x"},
        {"id": "2", "title": "Whole", "content_text": "y", "url": "https://example.org/2"},
    ]}  # fmt: skip
    taken = [one for one in import_entries(json.dumps(feed).encode()) if one.entry_id]
    assert "Whole" in [text(one).title for one in taken]
