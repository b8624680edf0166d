"""The page of a sending: how fast, until when, who is at work, what waits; and the buttons that steer it."""

import re
import threading
import time
from dataclasses import replace

from newsletter import audience, delivery, issues, settings
from newsletter.accounts import Role
from newsletter.database import db
from tests.delivery.conftest import server
from tests.web.test_issue_pages import (
    articles,
    bob,
    carol,
    come_in,
    dialogue,
    draft,
    lecture,
    letter,
    now,
    page,
    readers,
)

__all__ = ["articles", "bob", "carol", "dialogue", "draft", "lecture", "letter", "now", "readers", "server"]


def send(bob, draft):
    bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )


def deliver():
    db.session.commit()
    delivery.deliver(20)
    issues.settle()
    db.session.commit()


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def look(client, path):
    """Read a page, and leave no transaction open that a courier would wait for."""
    html = plain(page(client, path))
    db.session.commit()
    return html


def test_without_a_script_the_page_comes_again_by_itself_until_it_is_over(bob, draft, server):
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    send(bob, draft)
    here = f"/dashboard/issues/{draft.id}/sending"
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page(bob, here)
    deliver()
    assert "http-equiv" not in page(bob, here)


def test_steering_is_at_hand_for_editors_alone_and_cancelling_asks_first(bob, carol, draft):
    send(bob, draft)
    here = f"/dashboard/issues/{draft.id}/sending"
    html = page(bob, here)
    for label in ("Pause", "Send to those who joined since", "Cancel the rest"):
        assert label in plain(html)
    assert 'name="sure"' not in html
    asked = page(bob, f"{here}?sure=yes")
    assert re.search(r'<input type="checkbox" name="sure" value="yes" required>', asked)
    assert "http-equiv" not in asked
    assert f"{here}/now?sure=yes" in asked
    assert 'name="sure"' in page(bob, f"{here}/now?sure=yes")
    assert "Cancel the rest" not in page(carol, here)
    assert carol.get(f"/dashboard/issues/{draft.id}/later").status_code == 403


def test_replies_are_grouped_by_what_they_say_and_show_no_address(bob, carol, draft, server):
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    server.judge = lambda stage, who: (
        f"451 4.7.1 <{who}>: Greylisted, id {hash(who) & 0xFFFFFFFF:09x}a" if stage == "RCPT" else None
    )
    send(bob, draft)
    deliver()
    html = page(carol, f"/dashboard/issues/{draft.id}/sending")
    assert html.count("451 4.7.1 …: Greylisted, id …") == 1
    assert "The server asks every new sender to try again later." in html
    assert re.search(r"Nobody is lost; next try 12:3\d\.", plain(html))
    assert "dora@example.org" not in html


def test_the_page_says_how_fast_it_goes_until_when_and_through_how_many_connections(
    client, bob, draft, server, app
):
    rows = [f"reader{n}@example.org,Reader {n},en" for n in range(400)]
    audience.import_subscribers(["email,name,language", *rows], draft.list_id, confirmed=True)
    relay = f"{server.url}?name=relay.example.org"
    settings.bind(replace(settings.environment(), smtp_urls=(relay,), catches_mail=False))
    server.delay = 0.2
    send(bob, draft)
    db.session.commit()
    courier = threading.Thread(target=_deliver_in, args=(app,))
    courier.start()
    here = f"/dashboard/issues/{draft.id}/sending/now"
    try:
        end = time.monotonic() + 15
        while "10 connections open" not in (html := look(bob, here)):
            assert time.monotonic() < end, html
            time.sleep(0.2)
        while not re.search(r"The rest takes .*?, until about \d+:\d\d \(Tokyo\)\.", html):
            assert time.monotonic() < end, html
            time.sleep(0.2)
            html = look(bob, here)
        assert re.search(r"Now ([\d,]+) In the last minute ([\d,]+) Expected end \d+:\d\d \(Tokyo\)", html)
        assert "relay.example.org 10 connections open" in html
        assert "1 worker 10 connections open" in html
    finally:
        server.delay = 0
        courier.join(30)
    db.session.commit()
    seen = delivery.health().workers
    assert [worker.connections for worker in seen] == [{}]


def test_what_a_relay_said_and_how_machines_are_called_is_shown_to_owners_alone(
    app, bob, carol, draft, tmp_path
):
    token = tmp_path / "token"
    relay = f"smtp://letter@127.0.0.1:9?name=relay.example.org&tls=none&auth=xoauth2&token_file={token}"
    settings.bind(replace(settings.environment(), smtp_urls=(relay,), catches_mail=False))
    send(bob, draft)
    db.session.commit()
    delivery.deliver(0.5)
    worker = delivery.health().workers[0].name
    db.session.commit()
    olivia = come_in(app.test_client(), "olivia@example.org", Role.OWNER)
    for path in ("/", f"/issues/{draft.id}/sending"):
        told, shown = look(olivia, f"/dashboard{path}"), look(carol, f"/dashboard{path}")
        assert str(token) in told
        assert str(token) not in shown + look(bob, f"/dashboard{path}")
        assert "The mail server relay.example.org takes no mail now." in shown
        assert "メールを受け取りません。" in page(carol, f"/dashboard{path}", "ja")
    assert f"{worker} Worker with 0 connections · seen now" in told
    assert worker not in shown
    assert "It takes no mail for now. Next try: " in shown
    assert "1 worker 0 connections open" in shown


def test_the_rest_is_shown_before_it_is_sent_and_sent_once(bob, draft, server):
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    send(bob, draft)
    deliver()
    here = f"/dashboard/issues/{draft.id}"
    assert "Nobody has joined since" in page(bob, f"{here}/later")
    rows = ["email,name,language", "gwen@example.org,Gwen,en", "hana@example.jp,花,ja"]
    audience.import_subscribers(rows, draft.list_id, confirmed=True)
    db.session.commit()
    assert "Send now to 2 readers" in page(bob, f"{here}/later")
    assert "2人" in page(bob, f"{here}/later", "ja")
    assert len(server.taken) == 3
    for _ in range(2):
        bob.post(f"{here}/later")
        deliver()
    assert len(server.taken) == 5
    html = plain(page(bob, f"{here}/sending"))
    assert "All 5 recipients ended in a known state." in html
    assert "It took" not in html


def test_a_cancelled_issue_leads_back_from_the_rest_with_a_sentence(bob, draft):
    send(bob, draft)
    bob.post(f"/dashboard/issues/{draft.id}/cancel", data={"sure": "yes"})
    answer = bob.post(f"/dashboard/issues/{draft.id}/later", follow_redirects=True)
    assert "Only an issue that was sent, and not cancelled, can be sent to later readers." in answer.text
    assert "0 of 3 have been tried." in plain(answer.text)
    assert "Send to those who joined since" not in answer.text


def _deliver_in(app):
    with app.app_context():
        delivery.deliver(25)
        db.session.remove()


def test_more_reasons_and_replies_than_can_be_read_are_counted(bob, carol, draft, server):
    rows = [f"reader{n}@example.org,Reader {n},en" for n in range(20)]
    audience.import_subscribers(["email,name,language", *rows], draft.list_id, confirmed=True)
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    words = dict(zip((f"reader{n}@example.org" for n in range(20)), "abcdefghijklmnopqrst", strict=True))
    server.judge = lambda stage, who: (
        f"550 5.1.1 nobody called {words.get(who, 'z') * 3} lives here" if stage == "RCPT" else None
    )
    send(bob, draft)
    deliver()
    html = page(carol, f"/dashboard/issues/{draft.id}/sending")
    assert html.count("550 5.1.1 nobody called") == 8
    assert "and 13 more kinds of reply" in html
    assert "Refused: not tried again." in html
