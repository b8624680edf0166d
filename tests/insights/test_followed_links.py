"""Links of a mail that are counted: where they lead, who may follow them, and what is told of those who did."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from urllib.parse import urljoin

import pytest

from newsletter import audience, delivery, insights, issues, rendering, settings
from newsletter.database import db
from newsletter.errors import Damaged
from newsletter.inbox import Inbox
from newsletter.insights import Reach
from newsletter.issues import Kind
from newsletter.tokens import Purpose
from tests.issues.conftest import NOW, dialogue, lecture, letter, now, readers

__all__ = ["dialogue", "lecture", "letter", "now", "readers"]  # the cast of the issues' tests

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
CLICK = re.compile(r"/click/([^/]+)/(\d+)$")


@pytest.fixture
def inbox(app, tmp_path):
    inbox = Inbox(tmp_path / "inbox")
    port = inbox.start()
    settings.bind(replace(settings.environment(), smtp_urls=(f"smtp://127.0.0.1:{port}",)))
    yield inbox
    inbox.stop()


@pytest.fixture
def counting(letter):
    audience.change_list(letter.id, counts_links=True)
    db.session.commit()
    return letter


def drafted(
    mailing_list,
    body="[our programme](https://www.example.org/programme?a=1&b=2), or [write](mailto:a@example.org)",
):
    made = issues.draft(mailing_list)
    text = issues.new_block(Kind.TEXT)
    text = replace(text, texts={"en": {"body": body}, "ja": {"body": body}})
    return issues.save(made.id, made.version, blocks=(text, *made.pieces))


def sent(mailing_list, **words):
    found = issues.send(drafted(mailing_list, **words).id)
    db.session.commit()
    return found


def token_of(email, issue, purpose=Purpose.CLICK):
    return settings.tokens().lasting(purpose, reader_of(email), issue.list_id, issue.mailing_id)


def reader_of(email):
    return db.session.query(audience.Subscriber).filter_by(address=email).one().id


def addresses(html):
    return [unescape(address) for address in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', html)]


def by_words(issue, language="en"):
    return {link.words: link.reach for link in insights.followed(issue.id).links if link.language == language}


# Mail and web


@pytest.mark.usefixtures("dialogue", "readers")
@pytest.mark.parametrize(("email", "language"), [("dora@example.org", "en"), ("emi@example.jp", "ja")])
def test_each_link_of_a_mail_leads_to_what_its_archived_page_links_to(
    counting, inbox, client, email, language
):
    issue = sent(counting)
    delivery.deliver(20)
    (caught,) = [inbox.read(one.id) for one in inbox.letters() if one.to == email]
    followed = []
    for address in addresses(caught.html):
        if CLICK.search(address):
            answer = client.get(address, headers={"User-Agent": FIREFOX})
            assert answer.status_code == 302
            followed.append(urljoin(address, answer.headers["Location"]))
        elif "/unsubscribe/" not in address and "/preferences/" not in address:
            followed.append(address)
    page = addresses(issues.edition(issue.id, language).web_html)
    assert followed == [address for address in page if not address.endswith("/manage")]
    assert "https://www.example.org/programme?a=1&b=2" in followed
    assert "https://www.example.org/register" in followed


@pytest.mark.usefixtures("dialogue", "readers")
def test_the_ways_out_and_the_web_edition_are_not_counted_and_the_text_keeps_plain_addresses(counting, inbox):
    sent(counting)
    delivery.deliver(20)
    caught = next(inbox.read(one.id) for one in inbox.letters() if one.to == "dora@example.org")
    plain = [address for address in addresses(caught.html) if not CLICK.search(address)]
    assert {address.split("/")[3].split("?")[0] for address in plain if address.startswith("http")} == {
        "issues",
        "unsubscribe",
        "preferences",
    }
    assert "mailto:a@example.org" in plain
    assert "/click/" not in caught.text
    assert "https://www.example.org/programme?a=1&b=2" in caught.text
    assert "/click/" not in caught.source.decode().partition("\r\n\r\n")[0]
    assert "counts how many readers follow them" in caught.html


@pytest.mark.usefixtures("dialogue", "readers")
def test_where_links_are_not_counted_the_mail_has_plain_ones_and_says_nothing_of_counting(letter, inbox):
    issue = sent(letter)
    delivery.deliver(20)
    for one in inbox.letters():
        assert "/click/" not in inbox.read(one.id).source.decode().replace("=\r\n", "")
        assert "counts how many" not in inbox.read(one.id).html
    assert insights.followed(issue.id).links == ()


@pytest.mark.usefixtures("dialogue", "readers")
def test_previews_and_the_archive_show_plain_links(counting):
    issue = sent(counting)
    for language in ("en", "ja"):
        assert "/click/" not in issues.edition(issue.id, language).web_html
    assert "/click/" not in issues.preview(drafted(counting), "en").html


@pytest.mark.usefixtures("readers")
def test_an_address_with_a_readers_name_in_it_stays_as_it_is(counting, inbox):
    made = issues.draft(counting)
    button = replace(
        issues.new_block(Kind.BUTTON),
        texts={"en": {"label": "Reply", "url": "https://www.example.org/?for={name|you}"}},
    )
    issues.save(made.id, made.version, blocks=(button,))
    issue = issues.send(made.id)
    db.session.commit()
    delivery.deliver(20)
    caught = next(inbox.read(one.id) for one in inbox.letters() if one.to == "dora@example.org")
    assert "https://www.example.org/?for=Dora" in addresses(caught.html)
    assert "Reply" not in by_words(issue)


@pytest.mark.usefixtures("readers")
def test_the_check_for_letters_that_are_cut_off_counts_the_longer_links(counting):
    links = " ".join(f"[{n}](https://e.org/{n})" for n in range(700))
    cut = "Gmail cuts off"
    found = issues.check(drafted(counting, body=links))
    assert any(cut in one.sentence for one in found)
    audience.change_list(counting.id, counts_links=False)
    assert not any(cut in one.sentence for one in issues.check(drafted(counting, body=links)))


def test_relinking_changes_the_addresses_that_are_named_and_no_others():
    html = '<p><a class="x" href="https://a.example/?b=1&amp;c=2">One</a> <a href="https://d.example/"><img alt="Two"></a></p>'
    assert rendering.links(html) == {"https://a.example/?b=1&c=2": "One", "https://d.example/": "Two"}
    again = rendering.relink(html, {"https://a.example/?b=1&c=2": 'https://e.example/"1"'})
    assert list(rendering.links(again)) == ['https://e.example/"1"', "https://d.example/"]


# Tokens


@pytest.mark.usefixtures("dialogue", "readers")
@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.CLICK])
def test_a_token_made_for_something_else_does_not_lead_on(counting, client, purpose):
    issue = sent(counting)
    answer = client.get(f"/click/{token_of('dora@example.org', issue, purpose)}/1")
    assert answer.status_code == 404
    assert insights.followed(issue.id).total == Reach()


@pytest.mark.usefixtures("dialogue", "readers")
def test_a_token_of_a_counted_link_opens_no_other_door(counting, client):
    issue = sent(counting)
    token = token_of("dora@example.org", issue)
    assert client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert client.get(f"/preferences/{token}").status_code == 404
    assert client.get(f"/confirm/{token}").status_code == 404
    assert audience.counts(counting.id).confirmed == 3


@pytest.mark.usefixtures("dialogue", "readers")
def test_a_link_that_does_not_work_answers_with_ways_on(counting, client):
    issue = sent(counting)
    token = token_of("dora@example.org", issue)
    other = partial(settings.tokens().lasting, Purpose.CLICK)
    broken = [
        f"/click/{token[:-3]}/1",
        f"/click/{token}/0",
        f"/click/{token}/999",
        f"/click/{token}/1x",
        f"/click/{token}/{'9' * 40}",
        f"/click/{other(1)}/1",
        f"/click/{other(1, 1, 4711)}/1",
    ]
    for path in broken:
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "This link does not work" in answer.text
        assert "Read the issue on the web" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("dialogue", "readers")
def test_the_target_is_looked_up_and_never_taken_from_the_address(counting, client):
    issue = sent(counting)
    answer = client.get(f"/click/{token_of('dora@example.org', issue)}/1?url=https://evil.example/&n=2")
    assert answer.headers["Location"] == issues.links(issue.id)[0].url


@pytest.mark.usefixtures("dialogue", "readers")
def test_the_answer_is_kept_by_nobody_and_tells_the_next_site_nothing(counting, client):
    issue = sent(counting)
    path = f"/click/{token_of('dora@example.org', issue)}/1"
    for answer in (client.get(path), client.head(path)):
        assert answer.status_code == 302
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers


# Counting


@pytest.mark.usefixtures("dialogue", "readers")
def test_people_and_visits_are_told_apart(counting, now):
    issue = sent(counting)
    dora, finn = (token_of(email, issue) for email in ("dora@example.org", "finn@example.org"))
    for token, n in ((dora, 1), (dora, 1), (finn, 1), (finn, 2)):
        insights.follow(token, n, FIREFOX)
        now.shift(timedelta(minutes=1))
    first, second, *others = [link.reach for link in insights.followed(issue.id).links]
    assert (first, second) == (Reach(people=2, visits=3), Reach(people=1, visits=1))
    assert set(others) == {Reach()}
    assert insights.followed(issue.id).total == Reach(people=2, visits=4)


@pytest.mark.usefixtures("dialogue", "readers")
def test_a_look_with_head_and_a_wish_not_to_be_tracked_count_nothing(counting, client):
    issue = sent(counting)
    path = f"/click/{token_of('dora@example.org', issue)}/1"
    client.head(path, headers={"User-Agent": FIREFOX})
    for wish in ("DNT", "Sec-GPC"):
        assert client.get(path, headers={"User-Agent": FIREFOX, wish: "1"}).status_code == 302
    assert insights.followed(issue.id).total == Reach()
    client.get(path, headers={"User-Agent": FIREFOX})
    assert insights.followed(issue.id).total == Reach(people=1, visits=1)


@pytest.mark.usefixtures("dialogue", "readers")
def test_programs_that_name_themselves_are_left_out(counting, client):
    issue = sent(counting)
    path = f"/click/{token_of('dora@example.org', issue)}/1"
    for agent in (
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Barracuda Sentinel (EE)",
        "",
    ):
        client.get(path, headers={"User-Agent": agent})
    client.get(path, headers={"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"})
    assert insights.followed(issue.id).total == Reach(machines=5)
    client.get(path, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13; CUBOT X50) Chrome/130.0 Mobile"})
    assert insights.followed(issue.id).total == Reach(people=1, visits=1, machines=5)


@pytest.mark.usefixtures("dialogue", "readers")
def test_whoever_opens_three_links_within_seconds_is_no_person_but_may_come_back_as_one(counting, now):
    issue = sent(counting)
    dora = token_of("dora@example.org", issue)
    for n in (1, 2, 3):
        insights.follow(dora, n, FIREFOX)
        now.shift(timedelta(seconds=1))
    assert insights.followed(issue.id).total == Reach(machines=3)
    now.shift(timedelta(hours=1))
    insights.follow(dora, 2, FIREFOX)
    assert insights.followed(issue.id).total == Reach(people=1, visits=1, machines=3)


@pytest.mark.usefixtures("dialogue", "readers")
def test_nobody_fills_the_table_by_following_one_link_for_ever(counting):
    issue = sent(counting)
    dora = token_of("dora@example.org", issue)
    for _ in range(205):
        insights.follow(dora, 1, FIREFOX)
    assert insights.followed(issue.id).total == Reach(people=1, visits=200)


@pytest.mark.usefixtures("dialogue", "readers")
def test_after_two_months_visits_become_sums_and_links_still_lead_on(counting, now):
    issue = sent(counting)
    dora = token_of("dora@example.org", issue)
    insights.follow(dora, 1, FIREFOX)
    before = insights.followed(issue.id)
    now.move_to(NOW + timedelta(days=62))
    insights.tidy()
    db.session.commit()
    assert insights.followed(issue.id) == before
    assert db.session.execute(db.text("SELECT count(*) FROM visits")).scalar() == 0
    assert insights.follow(dora, 1, FIREFOX) == before.links[0].url
    insights.tidy()
    assert insights.followed(issue.id) == before


@pytest.mark.usefixtures("dialogue", "readers")
def test_switching_the_counting_off_stops_it_for_mail_that_has_left_too(counting):
    issue = sent(counting)
    dora = token_of("dora@example.org", issue)
    audience.change_list(counting.id, counts_links=False)
    assert insights.follow(dora, 1, FIREFOX) == issues.links(issue.id)[0].url
    assert insights.followed(issue.id).total == Reach()


@pytest.mark.usefixtures("dialogue", "readers")
def test_nothing_that_is_kept_names_a_reader_or_joins_two_issues(counting):
    for issue in (sent(counting), sent(counting)):
        insights.follow(token_of("dora@example.org", issue), 1, FIREFOX)
    db.session.flush()
    rows = [dict(row) for row in db.session.execute(db.text("SELECT * FROM visits")).mappings()]
    assert set(rows[0]) == {"id", "issue_id", "n", "at", "who", "machine"}
    assert len({row["who"] for row in rows}) == 2
    assert str(reader_of("dora@example.org")) not in {row["who"] for row in rows}


def test_a_link_of_a_mail_that_is_no_longer_kept_is_damaged(publication):
    with pytest.raises(Damaged):
        insights.follow(settings.tokens().lasting(Purpose.CLICK, 1, 1, 1), 1, FIREFOX)
