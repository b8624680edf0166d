"""The dashboard from outside: who is let in where, what the pages show, what the forms do."""

import io
import re
import smtplib
import sqlite3
import threading
from email.message import EmailMessage

import pytest
from argon2 import PasswordHasher
from werkzeug.routing import AnyConverter, IntegerConverter, Map, Rule

from newsletter import accounts, audience, delivery, settings
from newsletter.accounts import Role
from newsletter.audience import State
from newsletter.database import db
from newsletter.inbox import Inbox
from newsletter.web.dashboard import guard

WORDS = "a long walk by the sea"


HASHED = PasswordHasher(time_cost=1, memory_cost=64).hash(WORDS)
"""Everybody's password, hashed in no time; the real hashing is tested with the accounts."""


@pytest.fixture
def cast(app, publication):
    """Alice owns, Bob edits, Carol views."""
    people = {}
    for name, role in (("alice", Role.OWNER), ("bob", Role.EDITOR), ("carol", Role.VIEWER)):
        people[name] = accounts.add(f"{name}@example.org", role, name=name.title())
        people[name].password_hash = HASHED
    db.session.commit()
    return people


@pytest.fixture
def as_(app, cast):
    """A browser in which one of the cast is signed in: `as_("bob")`."""

    def browser(name):
        client = app.test_client()
        with client.session_transaction() as session:
            session["person"] = accounts.begin_session(cast[name])
        db.session.commit()
        return client

    return browser


@pytest.fixture
def letter_list(app, publication):
    made = audience.create_list("tokyo-letter", {"en": "Tokyo Letter", "ja": "東京だより"})
    db.session.commit()
    return made


def dashboard_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("dashboard.")]


def address_of(rule):
    """An address that the rule fits, with something in each of its places."""
    samples = {name: _sample(rule._converters[name]) for name in rule.arguments}
    return rule.build(samples)[1]


def _sample(converter):
    if isinstance(converter, IntegerConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


# The guard


def test_every_page_says_who_may_see_it(app):
    unmarked = [
        rule.endpoint
        for rule in dashboard_rules(app)
        if guard.mark_of(app.view_functions[rule.endpoint]) is None
    ]
    assert unmarked == []


def test_strangers_are_shown_no_page_but_the_doors(app, cast, client):
    for rule in dashboard_rules(app):
        if not isinstance(guard.mark_of(app.view_functions[rule.endpoint]), Role):
            continue
        for method in rule.methods & {"GET", "POST", "PUT", "DELETE"}:
            answer = client.open(address_of(rule), method=method)
            assert answer.status_code == 302, rule
            assert "/dashboard/sign-in" in answer.location, rule


@pytest.mark.parametrize(("name", "role"), [("carol", Role.VIEWER), ("bob", Role.EDITOR)])
def test_nobody_gets_further_than_their_role(app, as_, name, role):
    client = as_(name)
    for rule in dashboard_rules(app):
        needed = guard.mark_of(app.view_functions[rule.endpoint])
        if not isinstance(needed, Role) or needed.rank <= role.rank:
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address_of(rule), method=method)
            assert answer.status_code == 403, rule
            assert "Not for your role" in answer.text


def test_only_the_known_doors_are_open_to_strangers(app):
    open_doors = {
        rule.endpoint
        for rule in dashboard_rules(app)
        if not isinstance(guard.mark_of(app.view_functions[rule.endpoint]), Role)
    }
    assert open_doors == {
        f"dashboard.{name}"
        for name in (
            "set_up",
            "make_owner",
            "sign_in",
            "let_in",
            "sign_out",
            "forgotten",
            "ask_link",
            "reset",
            "set_password",
        )
    }


def test_a_page_without_a_mark_is_shown_to_nobody_not_even_an_owner(app, as_, monkeypatch):
    forgotten = Rule("/dashboard/unmarked", endpoint="dashboard.forgotten_mark")
    monkeypatch.setattr(
        app, "url_map", Map([*(rule.empty() for rule in app.url_map.iter_rules()), forgotten])
    )
    monkeypatch.setitem(app.view_functions, "dashboard.forgotten_mark", lambda: "secret")
    answer = as_("alice").get("/dashboard/unmarked")
    assert answer.status_code == 500
    assert "secret" not in answer.text


PARTS = {"dashboard.judge_look", "dashboard.show_letter"}
"""What stands within pages, and is none itself."""


def test_every_page_that_an_owner_may_see_answers_in_both_languages(app, as_, letter_list):
    alice = as_("alice")
    for rule in dashboard_rules(app):
        if "GET" not in rule.methods or rule.arguments or rule.endpoint in PARTS:
            continue
        for language in ("en", "ja"):
            answer = alice.get(address_of(rule), query_string={"language": language})
            assert answer.status_code in {200, 302}, (rule, answer.text[:500])
            if answer.status_code == 200 and "text/html" in answer.content_type:
                assert f'<html lang="{language}"' in answer.text, rule
                assert answer.headers["Cache-Control"] in {"no-store", "no-cache"}


@pytest.mark.parametrize("number", [2**31, 2**63, "9" * 5000], ids=["int", "long", "endless"])
def test_a_number_that_no_row_can_have_leads_nowhere(as_, number):
    alice = as_("alice")
    for address in ("entries/{}", "issues/{}/review", "subscribers/{}", "entries/sources/{}"):
        assert alice.get(f"/dashboard/{address.format(number)}").status_code == 404
    for page in ("issues", "inbox", "settings/audit", "subscribers/suppressions"):
        assert alice.get(f"/dashboard/{page}?page={number}").status_code == 200
    assert alice.post("/dashboard/issues/new", data={"list": number}).status_code == 404


def test_a_form_without_its_token_is_refused(app, as_):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert (
            as_("alice")
            .post("/dashboard/settings/people", data={"email": "x@example.org", "role": "owner"})
            .status_code
            == 400
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert len(accounts.people()) == 3


def test_the_menu_holds_what_the_role_may_open(as_):
    def menu(name):
        nav = re.search(
            r'<nav aria-label="Dashboard">(.*?)</nav>', as_(name).get("/dashboard/").text, re.DOTALL
        )
        return re.findall(r">([A-Z][a-z]+)</a>", nav[1])

    assert "Settings" in menu("alice")
    assert "Settings" not in menu("bob")
    assert "Subscribers" in menu("bob")
    assert "Subscribers" not in menu("carol")


# Coming in


def test_alice_signs_in_goes_where_she_wanted_and_out_again(cast, client):
    answer = client.get("/dashboard/lists?x=1")
    door = answer.location
    answer = client.post(door, data={"email": "alice@example.org", "password": WORDS})
    assert answer.location.endswith("/dashboard/lists?x=1")
    assert client.get("/dashboard/lists").status_code == 200
    assert client.post("/dashboard/sign-out").status_code == 302
    assert client.get("/dashboard/lists").status_code == 302


def test_a_stolen_copy_of_the_cookie_is_worth_nothing_after_the_sign_out(app, cast, client):
    client.post("/dashboard/sign-in", data={"email": "alice@example.org", "password": WORDS})
    thief = app.test_client()
    thief.set_cookie("newsletter", client.get_cookie("newsletter").value)
    assert thief.get("/dashboard/lists").status_code == 200
    client.post("/dashboard/sign-out")
    assert thief.get("/dashboard/lists").status_code == 302


def test_alice_signs_out_everywhere_from_her_own_page(as_):
    office, home = as_("alice"), as_("alice")
    assert "With 2 browsers, this one among them." in office.get("/dashboard/account").text
    answer = office.post("/dashboard/account/sign-out", follow_redirects=True)
    assert "You are signed out everywhere." in answer.text
    assert home.get("/dashboard/lists").status_code == 302


def test_the_language_is_kept_with_the_person_and_one_comes_back_to_the_same_page(as_, cast):
    bob = as_("bob")
    page = bob.get("/dashboard/lists?x=1&language=en").text
    assert 'name="next" value="/dashboard/lists?x=1"' in page
    answer = bob.post("/dashboard/account/language", data={"language": "ja", "next": "/dashboard/lists?x=1"})
    assert answer.location == "/dashboard/lists?x=1"
    assert '<html lang="ja"' in as_("bob").get("/dashboard/").text
    assert '<html lang="en"' in bob.get("/dashboard/?language=en").text
    assert cast["bob"].language == "ja"


@pytest.mark.parametrize(
    "target", ["https://mallory.example.com/", "/dashboard/sign-out", "/dashboard/nothing"]
)
def test_a_change_of_language_leads_to_a_page_of_the_dashboard_alone(as_, target):
    answer = as_("bob").post("/dashboard/account/language", data={"language": "ja", "next": target})
    assert answer.location == "/dashboard/"


def test_the_first_sign_in_is_answered_in_the_browsers_language_ever_after(cast, client):
    form = {"email": "alice@example.org", "password": WORDS}
    client.post("/dashboard/sign-in", data=form, headers={"Accept-Language": "ja"})
    assert '<html lang="ja"' in client.get("/dashboard/", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("path", ["/dashboard/nothing", "/dashboard/issues/999", "/dashboard/nothing/at/all"])
def test_what_is_not_there_leads_back_to_the_dashboard_in_ones_own_language(as_, cast, path):
    cast["bob"].language = "ja"
    db.session.commit()
    answer = as_("bob").get(path)
    assert answer.status_code == 404
    assert '<html lang="ja"' in answer.text
    assert '<nav aria-label="管理画面">' in answer.text
    assert 'class="btn primary" href="/dashboard/"' in answer.text


def test_a_stranger_who_meets_a_wrong_address_is_led_to_the_sign_in(cast, client):
    answer = client.get("/dashboard/nothing")
    assert answer.status_code == 404
    assert 'href="/dashboard/sign-in"' in answer.text
    assert "<nav" not in answer.text
    assert 'href="/dashboard' not in client.get("/nothing").text


@pytest.mark.parametrize(
    "target",
    [
        "https://mallory.example.com/",
        "//mallory.example.com/dashboard",
        "/\\mallory.example.com",
        "/",
        "javascript:alert(1)",
        "/dashboardevil//x",
        "\\\\mallory.example.com",
    ],
)
def test_the_sign_in_leads_to_no_other_site(cast, client, target):
    answer = client.post(
        "/dashboard/sign-in",
        query_string={"next": target},
        data={"email": "alice@example.org", "password": WORDS},
    )
    assert answer.location == "/dashboard/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(cast, client):
    pages = []
    for email in ("alice@example.org", "mallory@example.org"):
        answer = client.post("/dashboard/sign-in", data={"email": email, "password": "not the one"})
        assert answer.status_code == 422
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert pages[0] == pages[1]
    assert "do not fit together" in pages[0]
    assert accounts.audit_log().items[0].what == "refused a sign-in"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(cast, client):
    answer = client.post("/dashboard/sign-in", data={"email": "alice@example.org", "password": WORDS})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_from_before_is_not_carried_into_the_sign_in(cast, client):
    with client.session_transaction() as session:
        session["planted"] = "by Mallory"
    client.post("/dashboard/sign-in", data={"email": "alice@example.org", "password": WORDS})
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_deactivated_person_is_out_at_the_next_page(cast, as_):
    bob = as_("bob")
    assert bob.get("/dashboard/lists").status_code == 200
    as_("alice").post(f"/dashboard/settings/people/{cast['bob'].id}/deactivate")
    assert bob.get("/dashboard/lists").status_code == 302


def test_the_first_visitor_with_the_code_becomes_the_owner(app, client):
    assert client.get("/dashboard/").location.startswith("/dashboard/set-up")
    assert client.get("/dashboard/sign-in").location.startswith("/dashboard/set-up")
    form = {
        "code": "aaaa-bbbb-cccc",
        "publication": "Minato Institute",
        "email": "alice@example.org",
        "password": WORDS,
    }
    refused = client.post("/dashboard/set-up", data=form)
    assert refused.status_code == 422
    assert "not the set-up code" in refused.text
    assert not accounts.is_set_up()
    answer = client.post("/dashboard/set-up", data=form | {"code": accounts.setup_code()})
    assert answer.location.endswith("/dashboard/")
    assert client.get("/dashboard/").status_code == 200
    assert settings.publication().name("en") == "Minato Institute"


def test_the_set_up_is_closed_once_somebody_is_there(cast, client):
    assert "/sign-in" in client.get("/dashboard/set-up").location
    form = {"code": accounts.setup_code(), "email": "mallory@example.org", "password": WORDS}
    assert "/sign-in" in client.post("/dashboard/set-up", data=form).location
    assert len(accounts.people()) == 3


def test_asking_for_a_link_says_the_same_to_everybody(cast, client):
    pages = [
        client.post("/dashboard/forgotten", data={"email": email}).text.replace(email, "")
        for email in ("alice@example.org", "mallory@example.org")
    ]
    assert pages[0] == pages[1]
    assert delivery.mailing_of("account") is not None


def test_a_link_that_is_too_old_or_cut_is_refused_in_words(cast, client):
    assert client.get("/dashboard/reset/abc").status_code == 404


# Pages and forms


def test_an_owner_invites_bob_and_changes_his_role(as_, cast):
    alice = as_("alice")
    answer = alice.post(
        "/dashboard/settings/people",
        data={"email": "dora@example.org", "role": "viewer"},
        follow_redirects=True,
    )
    assert "An invitation is on its way to dora@example.org." in answer.text
    alice.post(f"/dashboard/settings/people/{cast['bob'].id}/role", data={"role": "viewer"})
    assert cast["bob"].role is Role.VIEWER


def test_the_last_owner_stays_and_reads_why(as_, cast):
    answer = as_("alice").post(f"/dashboard/settings/people/{cast['alice'].id}/role", data={"role": "viewer"})
    assert answer.status_code == 422
    assert "One active owner has to remain" in answer.text
    assert cast["alice"].role is Role.OWNER


def test_an_editor_makes_a_list_and_sees_the_form_to_embed(as_):
    form = {
        "slug": "tokyo-letter",
        "titles-en": "Tokyo Letter",
        "titles-ja": "東京だより",
        "languages": ["en", "ja"],
        "public": "1",
        "unknown": "hold",
    }
    answer = as_("bob").post("/dashboard/lists/new", data=form, follow_redirects=True)
    assert "Tokyo Letter" in answer.text
    assert "&lt;form action=&#34;http://localhost/subscribe&#34;" in answer.text
    assert audience.mailing_list("tokyo-letter").unknown == "hold"


def test_a_list_without_a_title_is_refused_and_nothing_typed_is_lost(as_):
    answer = as_("bob").post(
        "/dashboard/lists/new",
        data={"slug": "kept-slug", "descriptions-en": "Once a month.", "unknown": "hold"},
    )
    assert answer.status_code == 422
    assert "kept-slug" in answer.text
    assert "Once a month." in answer.text
    assert audience.lists() == []


def test_subscribers_come_in_from_a_file_are_found_and_go_out_again(as_, letter_list):
    bob = as_("bob")
    table = "email,name,language\ndora@example.org,Dora,en\nemi@example.org,江口花子,ja\nnonsense,,\n"
    data = {"list": "tokyo-letter", "confirmed": "1", "file": (io.BytesIO(table.encode()), "readers.csv")}
    report = bob.post("/dashboard/subscribers/import", data=data)
    assert "3 rows were read into Tokyo Letter." in report.text
    assert "Lines that were not read" in report.text
    assert "江口花子" in bob.get("/dashboard/subscribers?search=emi").text
    assert "dora@example.org" not in bob.get("/dashboard/subscribers?speaks=ja").text
    sheet = bob.post("/dashboard/subscribers/export", data={"list": "tokyo-letter"})
    assert sheet.data.startswith("\ufeffemail".encode())
    assert "江口花子" in sheet.text
    assert accounts.audit_log().items[0].what == "exported subscribers"


def test_a_page_of_one_subscriber_shows_what_they_agreed_to(as_, letter_list):
    audience.import_subscribers("email,name\ndora@example.org,Dora\n", "tokyo-letter", confirmed=True)
    db.session.commit()
    dora = audience.subscriber("dora@example.org")
    page = as_("bob").get(f"/dashboard/subscribers/{dora.id}").text
    assert "Imported as confirmed" in page
    assert "What they agreed to" in page


def test_forgetting_asks_first_and_then_erases(as_, letter_list):
    audience.import_subscribers("email\ndora@example.org\n", "tokyo-letter", confirmed=True)
    db.session.commit()
    number = audience.subscriber("dora@example.org").id
    bob = as_("bob")
    assert "This cannot be undone." in bob.get(f"/dashboard/subscribers/{number}/forget").text
    assert audience.subscriber(number)
    answer = bob.post(f"/dashboard/subscribers/{number}/forget", follow_redirects=True)
    assert "dora@example.org" not in answer.text
    assert bob.get(f"/dashboard/subscribers/{number}").status_code == 404


def test_somebody_added_by_hand_is_asked_and_waits(as_, letter_list):
    answer = as_("bob").post(
        "/dashboard/subscribers/new",
        data={"email": "dora@example.org", "list": "tokyo-letter", "speaks": "en"},
        follow_redirects=True,
    )
    assert "asks for the confirmation" in answer.text
    found = audience.search("dora")
    assert all(state is State.PENDING for each in found.items for state in each.states.values())


def test_unsubscribing_on_the_dashboard_ends_one_subscription(as_, letter_list):
    audience.import_subscribers("email\ndora@example.org\n", "tokyo-letter", confirmed=True)
    db.session.commit()
    number = audience.subscriber("dora@example.org").id
    as_("bob").post(f"/dashboard/subscribers/{number}/unsubscribe", data={"list": "tokyo-letter"})
    assert audience.counts(letter_list.id).unsubscribed == 1


def test_a_suppressed_address_is_listed_and_lifted(as_):
    bob = as_("bob")
    bob.post(
        "/dashboard/subscribers/suppressions",
        data={"email": "dora@example.org", "reason": "asked by telephone"},
    )
    assert "asked by telephone" in bob.get("/dashboard/subscribers/suppressions").text
    bob.post("/dashboard/subscribers/suppressions/lift", data={"email": "dora@example.org"})
    assert delivery.suppression("dora@example.org") is None


def test_the_settings_keep_each_language_and_clean_the_html(as_):
    alice = as_("alice")
    form = {
        "names-en": "Minato Institute", "names-ja": "みなと研究所", "languages": ["en", "ja"], "first": "ja", "timezone": "Asia/Tokyo",
        "sender_email": "letter@example.org", "privacy_html-en": '<p onclick="x()">We keep little.</p><script>x()</script>',
        "support_title-ja": "ご支援", "support_url-ja": "https://example.org/support",
    }  # fmt: skip
    assert alice.post("/dashboard/settings", data=form).status_code == 302
    publication = settings.publication()
    assert publication.languages == ("ja", "en")
    assert publication.privacy_html["en"] == "<p>We keep little.</p>"
    assert publication.support_call("ja").title == "ご支援"


def test_a_wrong_setting_is_shown_beside_its_field_in_japanese_too(as_):
    form = {
        "names-en": "Minato Institute",
        "languages": ["en", "ja"],
        "first": "en",
        "timezone": "Tokyo",
        "sender_email": "letter@example.org",
    }
    answer = as_("alice").post("/dashboard/settings?language=ja", data=form)
    assert answer.status_code == 422
    assert "「Tokyo」という時間帯はありません" in answer.text
    assert 'id="timezone-error"' in answer.text


def test_topics_are_added_changed_and_removed(as_):
    alice = as_("alice")
    alice.post(
        "/dashboard/settings/topics", data={"slug": "sea", "titles-en": "The sea", "titles-ja": "海洋"}
    )
    alice.post("/dashboard/settings/topics/sea", data={"titles-en": "Seas", "titles-ja": "海洋"})
    assert [topic.titles["en"] for topic in settings.topics()] == ["Seas"]
    alice.post("/dashboard/settings/topics/sea/remove")
    assert settings.topics() == []


def test_everybody_changes_their_own_name_language_and_password(as_, cast):
    carol = as_("carol")
    carol.post("/dashboard/account", data={"name": "Carol C.", "language": "ja"})
    assert cast["carol"].name == "Carol C."
    assert '<html lang="ja"' in carol.get("/dashboard/account").text
    carol.post("/dashboard/account/password", data={"old": WORDS, "password": "quite another sentence"})
    assert carol.get("/dashboard/account").status_code == 200
    assert as_("carol").get("/dashboard/account").status_code == 200  # signed in anew, with the new key


def test_a_large_file_is_kept_part_by_part_so_that_nobody_waits_for_all_of_it(as_, letter_list):
    bob, file, over, counts = as_("bob"), db.engine.url.database, threading.Event(), set()

    def look_on():
        other = sqlite3.connect(file)
        while not over.wait(0.02):
            counts.add(other.execute("SELECT count(*) FROM subscribers").fetchone()[0])
        other.close()

    onlooker = threading.Thread(target=look_on)
    onlooker.start()
    rows = "\n".join(f"reader{n}@example.org" for n in range(6_000))
    bob.post("/dashboard/subscribers/import", data={"list": "tokyo-letter", "text": f"email\n{rows}"})
    over.set()
    onlooker.join()
    assert any(0 < count < 6_000 for count in counts)


# The inbox


@pytest.fixture
def inbox(app):
    inbox = Inbox(settings.environment().data_dir / "inbox")
    inbox.start()
    yield inbox
    inbox.stop()


def send(
    inbox,
    subject="第42号",
    html='<html><head></head><body><a href="https://example.org">x</a><script>alert(1)</script></body></html>',
):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "letter@example.org", "dora@example.org", subject
    message.set_content("Good morning <b>")
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", inbox.port) as relay:
        relay.send_message(message)
    return inbox.letters()[0].id


def test_a_letter_is_read_in_four_ways_and_none_of_it_can_run(as_, inbox):
    name = send(inbox)
    bob = as_("bob")
    assert "第42号" in bob.get("/dashboard/inbox?search=第42号").text
    assert "<iframe" in bob.get(f"/dashboard/inbox/{name}").text
    assert "Good morning &lt;b&gt;" in bob.get(f"/dashboard/inbox/{name}?view=text").text
    assert "Content-Type" in bob.get(f"/dashboard/inbox/{name}?view=headers").text
    assert "MIME-Version" in bob.get(f"/dashboard/inbox/{name}?view=source").text
    frame = bob.get(f"/dashboard/inbox/{name}/html")
    assert frame.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "script-src" not in frame.headers["Content-Security-Policy"]
    assert '<head><base target="_blank">' in frame.text
    assert bob.get(f"/dashboard/inbox/{name}/source").data.startswith(b"From:")


def test_a_viewer_reads_nobodys_mail(as_, inbox):
    assert as_("carol").get(f"/dashboard/inbox/{send(inbox)}").status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/dashboard/\r\nX: y", "/dashboard/..//evil.example"],
)
def test_a_sign_in_leads_nowhere_but_into_the_dashboard(cast, client, elsewhere):
    filled = {"email": "bob@example.org", "password": WORDS}
    answer = client.post("/dashboard/sign-in", query_string={"next": elsewhere}, data=filled)
    assert (answer.status_code, answer.location) == (302, "/dashboard/")


def test_only_an_owner_reads_a_letter_whose_link_lets_somebody_in(as_, inbox):
    name = send(
        inbox, html='<a href="https://example.org/dashboard/reset/1-a.b.c">Choose another password</a>'
    )
    for view in ("", "?view=text", "?view=source", "/html", "/source"):
        assert as_("bob").get(f"/dashboard/inbox/{name}{view}").status_code == 403
    assert as_("alice").get(f"/dashboard/inbox/{name}/source").status_code == 200


def test_a_letter_that_is_gone_is_not_found(as_, inbox):
    assert as_("bob").get("/dashboard/inbox/1").status_code == 404
    assert as_("bob").get("/dashboard/inbox/..%2f..%2fsecret_key/source").status_code == 404


def test_the_newest_fifty_stand_on_the_first_page(as_, inbox):
    for n in range(55):
        inbox._keeper.keep(
            "letter@example.org", "dora@example.org", f"Subject: letter-{n:03}\r\n\r\n".encode()
        )
    first = as_("bob").get("/dashboard/inbox").text
    assert "letter-054" in first
    assert "letter-004" not in first
    assert "letter-004" in as_("bob").get("/dashboard/inbox?page=2").text


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("sender_names-en", "Minato\r\nBcc: mallory@example.com", "on one line"),
        ("sender_names-ja", "みなと\u2028研究所", "on one line"),
        ("names-en", "Minato\x00Institute", "on one line"),
        ("postal_addresses-en", "Shimbashi\x1b[31m, Tokyo", "control character"),
        ("bounce_domain", "bounces.example.org\r\nRCPT TO:<mallory@example.com>", "no domain for mail"),
        ("bounce_domain", "bounces example", "no domain for mail"),
    ],
)
def test_what_would_break_the_head_of_every_mail_is_refused_beside_its_field(as_, field, text, words):
    before = settings.publication()
    answer = as_("alice").post("/dashboard/settings", data=publication_form() | {field: text})
    assert answer.status_code == 422
    assert words in re.search(f'id="{field}-error">(.*?)</p>', answer.text, re.DOTALL)[1]
    assert settings.publication() == before


def test_a_postal_address_has_lines_and_a_name_may_hold_a_joined_emoji(as_):
    form = publication_form() | {
        "postal_addresses-en": "1-2-3 Shimbashi\r\nTokyo",
        "sender_names-en": "👩\u200d💻 Minato",
        "bounce_domain": "Bounces.Example.org",
    }
    assert as_("alice").post("/dashboard/settings", data=form).status_code == 302
    kept = settings.publication()
    assert kept.postal_address("en") == "1-2-3 Shimbashi\nTokyo"
    assert kept.sender_name("en") == "👩\u200d💻 Minato"


@pytest.mark.parametrize("title", ["Tokyo\nLetter", "Tokyo\x07Letter"])
def test_a_list_title_that_no_head_of_a_mail_can_carry_is_refused_beside_its_field(as_, letter_list, title):
    answer = as_("bob").post(
        "/dashboard/lists/tokyo-letter/edit", data={"titles-en": title, "unknown": "hold"}
    )
    assert answer.status_code == 422
    assert 'id="titles-en-error"' in answer.text


def publication_form():
    return {
        "names-en": "Minato Institute",
        "names-ja": "みなと研究所",
        "sender_email": "letter@example.org",
        "timezone": "Asia/Tokyo",
        "languages": ["en", "ja"],
        "first": "en",
    }


def test_a_password_is_set_over_https_where_a_form_must_say_whence_it_comes(app, cast, client, monkeypatch):
    posted = []
    monkeypatch.setattr(delivery, "post", lambda draft, *_, **__: posted.append(draft.text))
    accounts.request_reset("alice@example.org", "en")
    db.session.commit()
    app.config["WTF_CSRF_ENABLED"] = True
    address = "/dashboard/reset/" + posted[-1].split("/dashboard/reset/")[1].split()[0]
    shown = client.get(address, base_url="https://localhost")
    assert (
        shown.headers["Referrer-Policy"] == "same-origin"
    )  # a browser that may say nothing is refused below
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.get_data(as_text=True))[1]
    data = {"csrf_token": token, "password": "a walk by the sea at night"}
    said = {"Referer": f"https://localhost{address}"}
    assert client.post(address, data=data, base_url="https://localhost").status_code == 400
    assert client.post(address, data=data, base_url="https://localhost", headers=said).status_code == 302
