"""The pages for readers, over HTTP: what scanners, strangers, programs and people make of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter import audience, delivery, settings
from newsletter.app import create_app
from newsletter.audience import Source
from newsletter.database import db
from newsletter.tokens import Purpose
from newsletter.web import frame
from tests.audience.letterbox import arrived, link_in, reader, some_lists, state, token_in
from tests.mail.names import name_server

NOON = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lists(publication):
    return some_lists()


def token_for(purpose, subscriber, scope=0):
    return settings.tokens().lasting(purpose, subscriber.id, scope, 1)


def page(answer):
    return answer.get_data(as_text=True)


def rows():
    """Counts of everything that a visit could change."""
    db.session.expire_all()
    return (
        [(s.subscriber_id, s.list_id, s.state) for s in db.session.query(audience.Subscription)],
        db.session.query(audience.ConsentRecord).count(),
        [(s.name, s.language, s.address) for s in db.session.query(audience.Subscriber)],
    )


# Coming in


def test_dora_subscribes_confirms_and_reads_that_it_has_begun(client):
    form = client.get("/subscribe")
    assert form.status_code == 200
    assert 'name="email"' in page(form)
    assert "Set-Cookie" not in form.headers
    sent = client.post("/subscribe", data={"email": "dora@example.org", "name": "Dora", "language": "en"})
    assert sent.status_code == 200
    assert "Look in your mail" in page(sent)
    assert "Please confirm: Tokyo Letter" in page(sent)
    link = link_in(arrived()[0], "confirm")
    asked = client.get(link)
    assert "Confirm my subscription" in page(asked)
    assert state("dora@example.org") == "pending"
    done = client.post(link)
    assert "Your subscription has begun" in page(done)
    assert state("dora@example.org") == "confirmed"
    assert "Already confirmed" in page(client.post(link))
    assert "Already confirmed" in page(client.get(link))


def test_emi_sees_japanese_pages_and_gets_japanese_mail(client):
    japanese = {"Accept-Language": "ja,en;q=0.5"}
    assert "購読する" in page(client.get("/subscribe", headers=japanese))
    sent = client.post("/subscribe", data={"email": "hanako@example.jp"}, headers=japanese)
    assert "メールをご確認ください" in page(sent)
    letter = arrived()[0]
    assert "東京だより" in letter.subject
    link = link_in(letter, "confirm")
    assert link.endswith("?language=ja")
    assert "購読を確定する" in page(client.get(link))
    begun = page(client.post(link))
    assert '<html lang="ja">' in begun
    assert "language=ja" in begun


def test_a_reader_of_japanese_mail_sees_japanese_pages_even_in_an_english_browser(client):
    emi = reader("hanako@example.jp", language="ja")
    for purpose, name in ((Purpose.UNSUBSCRIBE, "unsubscribe"), (Purpose.PREFERENCES, "preferences")):
        path = f"/{name}/{token_for(purpose, emi)}"
        assert '<html lang="ja">' in page(client.get(path, headers={"Accept-Language": "en"}))
        assert '<html lang="en">' in page(client.get(f"{path}?language=en"))


@pytest.mark.parametrize("door", ["/subscribe", "/manage"])
def test_the_answer_is_the_same_to_the_byte_for_known_and_unknown_addresses(client, door):
    with time_machine.travel(NOON, tick=False):
        unknown = client.post(door, data={"email": "dora@example.org"})
        assert state("dora@example.org") != "confirmed" if door == "/subscribe" else arrived() == []
        reader("dora@example.org")
        known = client.post(door, data={"email": "dora@example.org"})
    assert known.data == unknown.data
    assert known.status_code == unknown.status_code == 200
    assert known.headers == unknown.headers


def test_a_form_on_another_site_is_taken(client):
    answer = client.post(
        "/subscribe?language=en",
        data={"email": "dora@example.org", "embedded": "1", "list": ["tokyo-letter", "event-notices"]},
        headers={"Origin": "https://www.example.com", "Referer": "https://www.example.com/"},
    )
    assert answer.status_code == 200
    client.post(link_in(arrived()[0], "confirm"))
    dora = audience.subscriber("dora@example.org")
    assert {entry.list_slug for entry in audience.consents(dora.id)} == {"tokyo-letter", "event-notices"}
    assert {entry.source for entry in audience.consents(dora.id)} == {Source.EMBED}


def test_a_slip_in_the_domain_is_told_at_the_form_once_mail_leaves_this_machine(client):
    kept = settings.environment()
    with name_server() as names:
        assert client.post("/subscribe", data={"email": "dora@null.com"}).status_code == 200
        assert names.asked == []
        settings.bind(replace(kept, catches_mail=False))
        try:
            answer = client.post("/subscribe?language=ja", data={"email": "hanako@null.com"})
            assert answer.status_code == 422
            assert "「null.com」にはメールを送れません。" in answer.text
            assert client.post("/subscribe", data={"email": "dora@good.com"}).status_code == 200
        finally:
            settings.bind(kept)


def test_the_form_to_embed_works_as_it_is_shown(client):
    import html

    shown = html.unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", page(client.get("/subscribe/embed")), re.DOTALL)[1]
    )
    assert "<script" not in shown
    assert 'action="http://localhost/subscribe?language=en"' in shown
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', shown))
    assert (
        client.post("/subscribe?language=en", data={**fields, "email": "dora@example.org"}).status_code == 200
    )
    assert len(arrived()) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": ""}, "Enter an email address."),
        ({"email": "dora@"}, "nothing stands after the @"),
        ({"email": "dora@example.org", "list": "nonsense"}, "There is no list “nonsense”"),
        ({"email": "dora@example.org", "topic": "nonsense"}, "There is no topic “nonsense”"),
        ({"email": "dora@example.org", "name": "D\r\nBcc: all@example.org"}, "on one line"),
        ({}, "Enter an email address."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, data, words):
    answer = client.post("/subscribe", data={"name": "Dora Keeps", **data})
    assert answer.status_code == 422
    assert words in page(answer)
    if "name" not in data:
        assert "Dora Keeps" in page(answer)
    assert arrived() == []


def test_what_somebody_typed_is_escaped(client):
    answer = client.post("/subscribe", data={"email": "<script>alert(1)</script>", "name": '"><b>'})
    assert "<script>alert" not in page(answer)
    assert '"><b>' not in page(answer)


def test_a_program_that_fills_the_hidden_field_gets_the_same_answer_and_no_mail(client):
    with time_machine.travel(NOON, tick=False):
        trapped = client.post(
            "/subscribe", data={"email": "dora@example.org", "homepage": "http://mallory.example"}
        )
        assert arrived() == []
        assert audience.search().total == 0
        honest = client.post("/subscribe", data={"email": "dora@example.org"})
    assert trapped.data == honest.data
    reader("hanako@example.jp")
    client.post("/manage", data={"email": "hanako@example.jp", "homepage": "x"})
    assert len(arrived()) == 1


def test_mail_me_my_link_leads_to_the_preferences(client):
    reader()
    assert client.get("/manage").status_code == 200
    assert "If" in page(client.post("/manage", data={"email": "dora@example.org"}))
    link = link_in(arrived()[0], "preferences")
    assert "dora@example.org" in page(client.get(link))
    assert client.post("/manage", data={"email": "nonsense"}).status_code == 422


def test_doors_that_send_mail_are_limited_for_each_visitor(tmp_path, monkeypatch):
    monkeypatch.setattr(frame.limiter, "enabled", frame.limiter.enabled)  # put back for the tests that follow
    app = create_app("config.Testing", DATA_DIR=str(tmp_path), RATE_LIMITS="on")
    with app.app_context():
        db.create_all()
        audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
        db.session.commit()
        visitor = app.test_client()
        answers = [
            visitor.post("/subscribe", data={"email": f"r{n}@example.org"}).status_code for n in range(25)
        ]
        assert answers[:20] == [200] * 20
        assert answers[20:] == [429] * 5
        refused = visitor.post("/manage", data={"email": "dora@example.org"})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert visitor.get("/subscribe").status_code == 200
        assert visitor.get("/manage").status_code == 200
        db.session.remove()
        db.engine.dispose()


# Links


def test_a_scanner_that_opens_every_link_changes_nothing(client, lists):
    dora = reader("dora@example.org", "tokyo-letter", "event-notices")
    client.post("/subscribe", data={"email": "mallory@example.com"})
    link = link_in(arrived()[0], "confirm").partition("?")[0]
    leaving = token_for(Purpose.UNSUBSCRIBE, dora, lists[0].id)
    choosing = token_for(Purpose.PREFERENCES, dora)
    before = rows()
    opened, waiting = set(), [
        link, f"{link}/again", "/subscribe", "/manage", f"/unsubscribe/{leaving}", f"/unsubscribe/{leaving}/undo",
        f"/preferences/{choosing}", f"/preferences/{choosing}/leave", f"/preferences/{choosing}/erase",
        f"/preferences/{choosing}/data.json", "/subscribe/embed",
    ]  # fmt: skip
    while waiting:
        path = waiting.pop()
        if path in opened:
            continue
        opened.add(path)
        assert client.head(path).status_code < 400, path
        answer = client.get(path)
        assert answer.status_code < 400, path
        client.open(path, method="OPTIONS")
        found = re.findall(
            r'(?:href|action)="(/(?:confirm|unsubscribe|preferences|manage|subscribe)[^"#]*)"', page(answer)
        )
        waiting.extend(each.replace("&amp;", "&") for each in found)
    assert rows() == before
    assert len(arrived()) == 1
    assert len(opened) > 11


@pytest.mark.parametrize("name", ["confirm", "unsubscribe", "preferences"])
@pytest.mark.parametrize("token", ["x", "0.0", "a" * 900, "日本", "1.abc", "%00", "..%2F.."])
def test_a_damaged_link_gets_a_page_with_a_way_on(client, name, token):
    for method in ("GET", "HEAD", "POST"):
        answer = client.open(f"/{name}/{token}", method=method)
        assert answer.status_code == 404
    if "%2F" not in token:
        assert "/manage" in page(client.get(f"/{name}/{token}"))


def test_a_link_cut_short_or_made_for_another_page_is_refused(client, lists):
    dora = reader()
    leaving = token_for(Purpose.UNSUBSCRIBE, dora, lists[0].id)
    assert client.post(f"/unsubscribe/{leaving[:-1]}").status_code == 404
    assert client.post(f"/preferences/{leaving}").status_code == 404
    assert client.post(f"/confirm/{leaving}").status_code == 404
    following = token_for(Purpose.CLICK, dora, lists[0].id)
    assert client.post(f"/unsubscribe/{following}").status_code == 404
    assert state("dora@example.org") == "confirmed"


def test_a_link_signed_with_another_key_is_foreign(client):
    from newsletter.tokens import Tokens

    dora = reader()
    forged = Tokens(["another key"]).lasting(Purpose.UNSUBSCRIBE, dora.id, 0, 1)
    assert client.post(f"/unsubscribe/{forged}").status_code == 404
    assert state("dora@example.org") == "confirmed"


def test_a_link_that_grew_too_old_offers_a_fresh_one(client):
    with time_machine.travel(NOON, tick=False) as clock:
        client.post("/subscribe", data={"email": "dora@example.org"})
        token = token_in(arrived()[0], "confirm")
        clock.shift(timedelta(days=8))
        for answer in (client.get(f"/confirm/{token}"), client.post(f"/confirm/{token}")):
            assert answer.status_code == 410
            assert f"/confirm/{token}/again" in page(answer)
        assert state("dora@example.org") == "pending"
        sent = client.post(f"/confirm/{token}/again")
        assert sent.status_code == 200
        client.post(link_in(arrived()[0], "confirm"))
        assert state("dora@example.org") == "confirmed"


def test_pages_behind_links_are_kept_by_nobody(client):
    dora = reader()
    for path in (
        f"/unsubscribe/{token_for(Purpose.UNSUBSCRIBE, dora)}",
        f"/preferences/{token_for(Purpose.PREFERENCES, dora)}",
        "/confirm/x",
    ):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "Set-Cookie" not in headers


# Going out


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_acts_at_once_and_answers_the_same_every_time(client, lists, content_type):
    dora = reader("dora@example.org", "tokyo-letter", "event-notices")
    path = f"/unsubscribe/{token_for(Purpose.UNSUBSCRIBE, dora, lists[0].id)}"
    for _ in range(3):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type=content_type)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert state("dora@example.org", "tokyo-letter") == "unsubscribed"
    assert state("dora@example.org", "event-notices") == "confirmed"
    assert audience.consents(dora.id)[0].source is Source.ONE_CLICK
    audience.forget(dora.id)
    db.session.commit()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get(path).status_code == 200


def test_a_post_with_a_broken_body_leaves_all_the_same(client, lists):
    dora = reader()
    path = f"/unsubscribe/{token_for(Purpose.UNSUBSCRIBE, dora, lists[0].id)}"
    assert (
        client.post(path, data=b"\xff\x00", content_type="multipart/form-data; boundary=x").status_code == 200
    )
    assert state("dora@example.org") == "unsubscribed"


def test_the_page_has_a_button_and_the_goodbye_has_a_way_back(client, lists):
    dora = reader("dora@example.org", "tokyo-letter", "event-notices")
    token = token_for(Purpose.UNSUBSCRIBE, dora, lists[0].id)
    shown = page(client.get(f"/unsubscribe/{token}"))
    assert "Unsubscribe from Tokyo Letter" in shown
    assert "Unsubscribe from everything" in shown
    goodbye = page(client.post(f"/unsubscribe/{token}", data={"all": "1"}))
    assert "You have left" in goodbye
    assert "Tokyo Letter, Event notices" in goodbye
    assert {state("dora@example.org"), state("dora@example.org", "event-notices")} == {"unsubscribed"}
    assert "get no mail from us" in page(client.get(f"/unsubscribe/{token}"))
    back = client.post(f"/unsubscribe/{token}/undo")
    assert "Welcome back" in page(back)
    assert {state("dora@example.org"), state("dora@example.org", "event-notices")} == {"confirmed"}


# Choosing


def test_preferences_are_shown_saved_and_shown_again(client):
    dora = reader(name="Dora")
    path = f"/preferences/{token_for(Purpose.PREFERENCES, dora)}"
    answer = client.post(
        path,
        data={
            "list": ["tokyo-letter", "event-notices"],
            "topic": "sea",
            "language": "ja",
            "name": "Dora R",
            "timezone": "Asia/Tokyo",
        },
    )
    assert answer.status_code == 303
    shown = page(client.get(answer.headers["Location"]))
    assert "保存しました" in shown
    assert "東京だより・催しのお知らせ" in shown
    chosen = audience.preferences(dora.id)
    assert (chosen.name, chosen.language, chosen.timezone, chosen.topics) == (
        "Dora R",
        "ja",
        "Asia/Tokyo",
        ("sea",),
    )


def test_each_time_zone_is_offered_once_and_a_rare_one_is_kept(client):
    dora = reader()
    audience.change_preferences(dora.id, timezone="UTC")
    db.session.commit()
    shown = page(client.get(f"/preferences/{token_for(Purpose.PREFERENCES, dora)}?language=en"))
    assert '<option value="UTC" selected>UTC</option>' in shown
    names = re.findall(r"<option[^>]*>([^<]+)</option>", shown)
    assert len(names) == len(set(names))
    assert "New York (UTC−5)" in shown or "New York (UTC−4)" in shown


def test_what_is_wrong_in_the_preferences_is_said_beside_what_was_typed(client):
    dora = reader()
    path = f"/preferences/{token_for(Purpose.PREFERENCES, dora)}"
    answer = client.post(path, data={"list": "tokyo-letter", "name": "D" * 201, "topic": "sea"})
    assert answer.status_code == 422
    assert "D" * 201 in page(answer)
    assert "Shorten the name to 200 characters." in page(answer)


def test_leaving_everything_from_the_preferences_can_be_undone(client):
    dora = reader()
    token = token_for(Purpose.PREFERENCES, dora)
    goodbye = page(client.post(f"/preferences/{token}/leave"))
    assert state("dora@example.org") == "unsubscribed"
    undo = re.search(r'action="(/unsubscribe/[^"]+/undo[^"]*)"', goodbye)[1]
    client.post(undo)
    assert state("dora@example.org") == "confirmed"


def test_a_reader_sees_and_erases_what_is_held_about_them(client):
    dora = reader(name="Dora")
    path = f"/preferences/{token_for(Purpose.PREFERENCES, dora)}"
    data = client.get(f"{path}/data.json")
    assert data.get_json()["name"] == "Dora"
    assert "attachment" in data.headers["Content-Disposition"]
    assert "It cannot be undone" in page(client.get(f"{path}/erase"))
    assert audience.search("dora").total == 1
    assert "Your data is erased" in page(client.post(f"{path}/erase"))
    assert audience.search("dora").total == 0
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/data.json").status_code == 404
    assert delivery.suppression("dora@example.org") is not None


def test_a_form_without_some_fields_leaves_them_alone(client):
    dora = reader(name="Dora")
    client.post(f"/preferences/{token_for(Purpose.PREFERENCES, dora)}", data={"list": "tokyo-letter"})
    chosen = audience.preferences(dora.id)
    assert (chosen.name, chosen.language) == ("Dora", "en")
