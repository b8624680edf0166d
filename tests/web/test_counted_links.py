"""Counting links as an editor switches it on, sees it reported, and as a reader is told of it."""

import pytest

from newsletter import audience, insights, issues, settings
from newsletter.database import db
from newsletter.tokens import Purpose
from tests.issues.conftest import dialogue, letter, now, readers
from tests.web.test_dashboard import as_, cast

__all__ = ["as_", "cast", "dialogue", "letter", "now", "readers"]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


def save_list(browser, mailing_list, **more):
    form = {
        "titles-en": "Tokyo Letter",
        "titles-ja": "東京だより",
        "unknown": "resend",
        "public": "1",
        **more,
    }
    return browser.post(f"/dashboard/lists/{mailing_list.slug}/edit", data=form, follow_redirects=True)


def followed_issue(mailing_list):
    sent = issues.send(issues.draft(mailing_list).id)
    reader = db.session.query(audience.Subscriber).filter_by(address="dora@example.org").one().id
    token = settings.tokens().lasting(Purpose.CLICK, reader, mailing_list.id, sent.mailing_id)
    insights.follow(token, 2, FIREFOX)
    insights.follow(token, 2, "Googlebot/2.1")
    db.session.commit()
    return sent


def test_an_editor_switches_the_counting_on_and_off(as_, letter):
    bob = as_("bob")
    assert not letter.counts_links
    assert "lead straight to their pages, uncounted" in bob.get("/dashboard/lists/tokyo-letter").text
    assert "count how many readers follow them" in save_list(bob, letter, counts_links="1").text
    assert audience.mailing_list("tokyo-letter").counts_links
    assert 'name="counts_links" value="1" checked' in bob.get("/dashboard/lists/tokyo-letter/edit").text
    assert "uncounted" in save_list(bob, letter).text


@pytest.mark.usefixtures("dialogue", "readers")
def test_the_report_says_how_many_followed_each_link_and_what_was_left_out(as_, letter):
    audience.change_list(letter.id, counts_links=True)
    sent = followed_issue(letter)
    page = as_("bob").get(f"/dashboard/issues/{sent.id}/sending?language=en").text
    assert "1 reader followed a link." in page
    assert "1 visit is left out: it looks like that of a program that checks mail." in page
    assert "https://www.example.org/register" in page
    page = as_("bob").get(f"/dashboard/issues/{sent.id}/sending?language=ja").text
    assert (
        "1人の読者がリンクを開きました。メールを検査するプログラムとみられるアクセス1回は除いてあります。"
        in page
    )


@pytest.mark.usefixtures("dialogue", "readers")
def test_the_report_of_an_uncounted_issue_says_nothing_of_links(as_, letter):
    sent = issues.send(issues.draft(letter).id)
    db.session.commit()
    assert "Links that were followed" not in as_("bob").get(f"/dashboard/issues/{sent.id}/sending").text


@pytest.mark.usefixtures("readers")
def test_readers_are_told_where_links_are_counted_and_only_there(client, letter):
    reader = db.session.query(audience.Subscriber).filter_by(address="dora@example.org").one().id
    own_page = f"/preferences/{settings.tokens().make(Purpose.PREFERENCES, reader, 0)}"
    assert "nothing to watch you with" in client.get("/privacy").text
    assert "how many readers follow" not in client.get(own_page).text
    audience.change_list(letter.id, counts_links=True)
    db.session.commit()
    assert "nothing to watch you with" not in client.get("/privacy").text
    assert "Which links of an issue are followed" in client.get("/privacy").text
    assert "We count how many readers follow the links in our mails" in client.get(own_page).text
