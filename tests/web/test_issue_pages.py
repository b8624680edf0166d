import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from newsletter import accounts, audience, delivery, entries, feedback, issues, mail, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Kind, State
from tests.feedback.test_receiving import bounce
from tests.issues.conftest import articles, dialogue, lecture, letter, now, readers

__all__ = ["articles", "dialogue", "lecture", "letter", "now", "readers"]  # the cast of the issues' tests

PASSWORD = "correct horse battery staple"  # a test's own


def come_in(client, email, role):
    accounts.add(email, role, password=PASSWORD)
    db.session.commit()
    answer = client.post("/dashboard/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code in (302, 303)
    return client


@pytest.fixture
def bob(client, publication, now):
    settings.bind(replace(settings.environment(), smtp_urls=("smtp://127.0.0.1:9",)))
    accounts.add("alice@example.org", Role.OWNER, password=PASSWORD)
    return come_in(client, "bob@example.org", Role.EDITOR)


@pytest.fixture
def carol(app, bob):
    return come_in(app.test_client(), "carol@example.org", Role.VIEWER)


@pytest.fixture
def draft(letter, readers, dialogue, lecture, articles):
    made = issues.draft(letter)
    db.session.commit()
    return made


def page(client, path, language="en"):
    answer = client.get(path, query_string={"language": language} if "?" not in path else None)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def form_of(html):
    """What a browser would send of the editor's form, without any button."""
    inside = html[html.index('id="editor"') : html.index("</form>", html.index('id="editor"'))]
    data = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        unchecked = 'type="checkbox"' in tag and "checked" not in tag
        if name and not unchecked and 'type="radio"' not in tag:
            data.setdefault(name[1], []).append(value[1] if value else "")
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?([^<]*)</textarea>', inside):
        data[name] = [value]
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        data[name] = re.findall(r'value="([^"]*)" selected', options)[:1] or [""]
    return data


def press(client, issue, button, **changes):
    data = form_of(page(client, f"/dashboard/issues/{issue.id}"))
    return client.post(f"/dashboard/issues/{issue.id}", data={**data, **changes, "do": button})


def test_an_editor_begins_an_issue_and_finds_everything_proposed(bob, letter, readers, dialogue, articles):
    assert "Tokyo Letter" in page(bob, "/dashboard/issues/new")
    answer = bob.post("/dashboard/issues/new", data={"list": letter.id})
    html = page(bob, answer.headers["Location"])
    assert "Register by 30 October: Thirteenth UK–Japan Security Dialogue" in html
    assert "第13回 日英安全保障対話 申込みは10月30日(金)まで" in html
    assert "Two fellowships for 2027" in html


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_an_issue_opens_in_both_languages(bob, draft, language):
    for path in ("/dashboard/issues", "/dashboard/issues/new", f"/dashboard/issues/{draft.id}"):
        page(bob, path, language)
    page(bob, f"/dashboard/issues/{draft.id}/review", language)
    issues.send(draft.id)
    db.session.commit()
    for path in ("sending", "sending/now", "recipients", f"editions/{language}"):
        page(bob, f"/dashboard/issues/{draft.id}/{path}", language)
    page(bob, "/dashboard/issues", language)


def test_saving_keeps_what_was_typed_and_moving_a_block_saves_as_well(bob, draft):
    second = draft.pieces[1].id
    answer = press(bob, draft, f"up:{second}", **{"subject-ja": "改題"})
    assert answer.headers["Location"].endswith(f"#block-{second}")
    saved = issues.issue(draft.id)
    assert saved.subjects["ja"] == "改題"
    assert saved.pieces[0].id == second
    assert len(saved.pieces) == len(draft.pieces)


def test_blocks_are_added_dropped_and_resized(bob, draft):
    first = draft.pieces[0].id
    press(bob, draft, "add:button")
    button = issues.issue(draft.id).pieces[-1]
    assert button.kind is Kind.BUTTON
    press(
        bob,
        draft,
        "save",
        **{f"{button.id}.label.en": "Join", f"{button.id}.url.en": "https://www.example.org/"},
    )
    event = next(block for block in draft.pieces if block.kind is Kind.ENTRY)
    press(bob, draft, f"drop:{first}", **{f"{event.id}.layout": "line"})
    saved = issues.issue(draft.id)
    assert saved.pieces[-1].text("label", "en") == "Join"
    assert next(block for block in saved.pieces if block.id == event.id).layout == "line"
    assert first not in {block.id for block in saved.pieces}


def test_an_entry_is_picked_from_what_a_search_finds(bob, draft, lecture):
    press(bob, draft, f"drop-entry:{lecture.id}")
    assert lecture.id not in {block.entry for block in issues.issue(draft.id).pieces}
    html = page(bob, f"/dashboard/issues/{draft.id}?find=armies")
    assert f"add-entry:{lecture.id}" in html
    assert "Two fellowships for 2027" not in html[html.index('id="picker"') : html.index('id="blocks"')]
    press(bob, draft, f"add-entry:{lecture.id}")
    assert lecture.id in {block.entry for block in issues.issue(draft.id).pieces}


def test_a_stale_save_asks_what_both_changed_and_takes_over_the_rest(bob, draft):
    data = form_of(page(bob, f"/dashboard/issues/{draft.id}"))
    issues.save(draft.id, draft.version, subjects={"en": "Alice’s", "ja": "アリス"}, by="Alice")
    db.session.commit()
    text = f"{draft.pieces[0].id}.body.en"
    mine = {**data, "subject-en": "Bob’s", text: "What Bob wrote"}
    answer = bob.post(f"/dashboard/issues/{draft.id}", data={**mine, "do": "save"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Alice changed the same as you meanwhile." in html
    assert "What Bob wrote" in html
    assert issues.issue(draft.id).subjects["en"] == "Alice’s"
    chosen = {**form_of(html), "do": "merge", "choice.subject.en": "mine"}
    answer = bob.post(f"/dashboard/issues/{draft.id}", data=chosen, follow_redirects=True)
    assert "Alice changed this meanwhile, and it was taken over" in answer.get_data(as_text=True)
    saved = issues.issue(draft.id)
    assert saved.subjects == {"en": "Bob’s", "ja": "アリス"}
    assert saved.pieces[0].text("body", "en") == "What Bob wrote"


def test_a_script_gets_the_page_to_take_over_and_a_request_that_comes_twice_is_done_once(bob, draft):
    before = len(draft.pieces)
    data = form_of(page(bob, f"/dashboard/issues/{draft.id}"))
    for _ in range(2):
        answer = bob.post(
            f"/dashboard/issues/{draft.id}",
            data={**data, "do": "add:heading", "saving": "one"},
            headers={"X-Fragment": "1"},
        )
        assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert html.lstrip().startswith("<main")
    assert len(issues.issue(draft.id).pieces) == before + 1
    answer = bob.post(
        f"/dashboard/issues/{draft.id}", data={**form_of(html), "do": "review"}, headers={"X-Fragment": "1"}
    )
    assert answer.headers["X-Go"].endswith("/review")


@pytest.mark.parametrize("language", ["", "?language=ja"])
def test_what_is_saved_by_the_way_stays_on_its_page_whatever_language_the_link_says(bob, draft, language):
    address = f"/dashboard/issues/{draft.id}{language}"
    typed = {
        **form_of(page(bob, address)),
        "do": "autosave",
        "saving": "one",
        "subject-en": "Soon, by the way",
    }
    for _ in range(2):
        answer = bob.post(address, data=typed, headers={"X-Fragment": "1"})
        assert (answer.status_code, answer.headers["X-Kept"]) == (200, "1")
        assert "Soon, by the way" in answer.get_data(as_text=True)
    answer = bob.post(address, data=typed | {"do": "add:quote", "saving": "two"}, headers={"X-Fragment": "1"})
    assert (answer.status_code, answer.headers.get("X-Go")) == (200, None)


def test_a_save_by_the_way_is_kept_before_its_page_is_put_together(bob, draft):
    address = f"/dashboard/issues/{draft.id}"
    typed = {**form_of(page(bob, address)), "do": "autosave", "subject-en": "Kept at once"}
    answer = bob.post(address, data=typed, headers={"X-Fragment": "1"}, buffered=False)
    assert issues.issue(draft.id).subjects["en"] == "Kept at once"
    answer.close()  # as a reader of the page who went away before it came


def test_an_error_with_values_in_it_is_said_in_the_language_of_the_page(bob, draft):
    data = {**form_of(page(bob, f"/dashboard/issues/{draft.id}")), "do": "test", "test_address": "x@"}
    bob.post(f"/dashboard/issues/{draft.id}?language=ja", data=data)
    html = page(bob, f"/dashboard/issues/{draft.id}", "ja")
    assert "x@" in html
    assert "nothing stands after" not in html


def test_what_one_undoes_comes_back_from_the_history(bob, draft):
    text = f"{draft.pieces[0].id}.body.en"
    press(bob, draft, "save", **{text: "A first sentence that is new"})
    press(bob, draft, "undo")
    assert issues.issue(draft.id).pieces[0].text("body", "en") != "A first sentence that is new"
    html = page(bob, f"/dashboard/issues/{draft.id}/versions")
    assert "took back" in html
    html = page(bob, f"/dashboard/issues/{draft.id}/versions/2")
    assert "<ins>" in html
    bob.post(f"/dashboard/issues/{draft.id}/versions/2/restore")
    assert issues.issue(draft.id).pieces[0].text("body", "en") == "A first sentence that is new"


def test_the_preview_reads_as_a_reader_who_is_looked_for(bob, carol, draft):
    body = {"body": "Dear {name|reader}, welcome."}
    text = issues.new_block(Kind.TEXT, texts={"en": body, "ja": {"body": "{name|読者}さま"}})
    issues.save(draft.id, draft.version, blocks=(text,))
    db.session.commit()
    address = f"/dashboard/issues/{draft.id}/preview?edition=en"
    assert "Dear Dora, welcome." in page(bob, f"{address}&reader=dora@example.org")
    assert "江口花子さま" in page(bob, f"{address}&reader=花子")
    assert "Dear reader, welcome." in page(carol, f"{address}&reader=dora@example.org")
    assert "dora@example.org" in page(bob, f"/dashboard/issues/{draft.id}/preview/readers?reader=dor")


def test_a_subject_that_is_too_long_is_refused_at_its_field(bob, draft):
    answer = press(bob, draft, "save", **{"subject-ja": "長" * 400})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="subject-ja-error"' in html
    assert "長" * 400 in html


def test_the_preview_is_the_real_letter_and_can_do_nothing(bob, draft):
    answer = bob.get(f"/dashboard/issues/{draft.id}/preview?edition=ja")
    assert "第13回 日英安全保障対話" in answer.get_data(as_text=True)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    text = page(bob, f"/dashboard/issues/{draft.id}/preview?edition=en&view=text")
    assert "Read on the web" in text
    assert "(prefers-color-scheme: dark)" not in page(
        bob, f"/dashboard/issues/{draft.id}/preview?edition=en&view=dark"
    )
    assert bob.get(f"/dashboard/issues/{draft.id}/preview?edition=fr").status_code == 404


def test_a_test_is_sent_to_the_address_given(bob, draft):
    answer = press(bob, draft, "test", test_address="dora@example.org")
    assert "on its way to dora@example.org" in page(bob, answer.headers["Location"])
    assert delivery.mailing_of(f"test:{draft.id}")
    answer = press(bob, draft, "test", test_address="dora at example")
    assert "holds a space" in page(bob, answer.headers["Location"])


def test_the_overview_sends_a_test_to_whoever_asks(bob, draft):
    assert f"/dashboard/issues/{draft.id}/test" in page(bob, "/dashboard/")
    answer = bob.post(f"/dashboard/issues/{draft.id}/test", follow_redirects=True)
    assert "A test of each edition is on its way to bob@example.org." in answer.get_data(as_text=True)


def test_the_report_says_what_came_back(bob, draft):
    settings.bind(replace(settings.environment(), smtp_urls=()))  # into the built-in inbox
    bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )
    with delivery.catching():
        delivery.deliver()
    sent = issues.issue(draft.id).mailing_id
    view = delivery.recipients(sent).items[0]
    to = mail.return_path("bounces.example.org", settings.environment().secret_keys, sent, view.seq)
    feedback.receive(bounce(to, recipient=view.address))
    db.session.commit()
    for path in ("/dashboard/", f"/dashboard/issues/{draft.id}/sending"):
        assert "Came back since: 1 bounce, 0 complaints." in page(bob, path)


def test_the_review_says_in_a_sentence_who_gets_what(bob, draft):
    html = page(bob, f"/dashboard/issues/{draft.id}/review")
    assert "Tokyo Letter No. 1 goes to 3 readers: 2 in English and 1 in Japanese." in html
    assert "東京だより 第1号を3人の読者へ送ります(英語2人・日本語1人)。" in page(
        bob, f"/dashboard/issues/{draft.id}/review", "ja"
    )


def test_the_last_words_follow_the_time_and_the_button_does_what_they_say(bob, draft):
    delivery.suppress("finn@example.org", "asked us to")
    db.session.commit()
    here = f"/dashboard/issues/{draft.id}"
    html = page(bob, f"{here}/review/last?when=at&day=2026-10-13&hour=9:00")
    assert (
        "On Tuesday 13 October 2026, 9:00 (Tokyo), Tokyo Letter No. 1 goes to 2 readers: 1 in English and 1 in Japanese. "
        "1 is left out: 1 is suppressed." in html
    )
    assert "Send to 2 readers on Tue 13 Oct, 9:00" in html
    assert (
        "2026年10月13日(火) 9:00(日本時間)に、東京だより 第1号を2人の読者へ送ります(英語1人・日本語1人)。"
        in page(bob, f"{here}/review/last?when=at&day=2026-10-13&hour=9:00&language=ja")
    )
    assert "This moment has passed." in page(bob, f"{here}/review/last?when=at&day=2020-10-13&hour=9:00")
    other = {"when": "at", "day": "2026-10-13", "hour": "9:00", "said": "now", "version": draft.version}
    answer = bob.post(f"{here}/send", data=other)
    assert "Send to 2 readers on Tue 13 Oct, 9:00" in answer.get_data(as_text=True)
    assert issues.issue(draft.id).state is State.DRAFT
    shown = bob.post(f"{here}/send", data={**other, "said": "now", "do": "show"}).get_data(as_text=True)
    assert "Send to 2 readers on Tue 13 Oct, 9:00" in shown
    said = re.search(r'name="said" value="([^"]+)"', html)[1]
    bob.post(f"{here}/send", data={**other, "said": said, "seen": issues.inspect(draft).warned})
    assert issues.issue(draft.id).state is State.SCHEDULED


def test_readers_are_chosen_on_the_review_and_counted_meanwhile(bob, draft, letter):
    members = audience.create_list("members", {"en": "Members", "ja": "会員"})
    audience.import_subscribers(["email,language", "gil@example.org,en"], members.id, confirmed=True)
    db.session.commit()
    here = f"/dashboard/issues/{draft.id}"
    assert "4 readers would get it: 3 in English and 1 in Japanese." in page(
        bob, f"{here}/readers?lists={members.id}"
    )
    form = {"lists": members.id, "version": draft.version}
    counted = bob.post(f"{here}/readers", data={**form, "do": "count"}).get_data(as_text=True)
    assert "4 readers would get it" in counted
    assert "goes to 3 readers" in counted
    bob.post(f"{here}/readers", data=form)
    html = page(bob, f"{here}/review")
    assert "Readers of Tokyo Letter and Members." in html
    assert "goes to 4 readers" in html
    answer = bob.post(f"{here}/readers", data=form)
    assert "Somebody has changed this issue since you opened it." in answer.get_data(as_text=True)


def test_sending_now_leads_to_the_page_that_follows_it(bob, draft):
    answer = bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )
    assert answer.headers["Location"].startswith(f"/dashboard/issues/{draft.id}/sending")
    html = page(bob, f"/dashboard/issues/{draft.id}/sending")
    assert "0 of 3 have been tried" in html
    assert "data-refresh" in html
    again = bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )
    assert "Nothing was sent twice" in page(bob, again.headers["Location"])
    assert issues.report(draft.id).recipients == 3


def test_a_time_is_read_as_clocks_show_it_where_the_publication_is(bob, draft):
    data = {
        "when": "at",
        "version": draft.version,
        "day": "2026-10-13",
        "hour": "09:00",
        "seen": issues.inspect(draft).warned,
    }
    bob.post(f"/dashboard/issues/{draft.id}/send", data=data)
    scheduled = issues.issue(draft.id)
    assert scheduled.state is State.SCHEDULED
    assert scheduled.send_at.isoformat() == "2026-10-13T00:00:00+00:00"
    assert "Tuesday 13 October 2026, 9:00 (Tokyo)" in page(bob, f"/dashboard/issues/{draft.id}/review")
    bob.post(f"/dashboard/issues/{draft.id}/unschedule")
    assert issues.issue(draft.id).state is State.DRAFT


@pytest.mark.parametrize(("day", "hour"), [("", "9:00"), ("2026-10-13", "late"), ("2020-01-01", "9:00")])
def test_a_time_that_is_none_is_refused_with_a_sentence(bob, draft, day, hour):
    data = {"when": "at", "version": draft.version, "day": day, "hour": hour}
    answer = bob.post(f"/dashboard/issues/{draft.id}/send", data=data)
    assert answer.status_code == 422
    assert issues.issue(draft.id).state is State.DRAFT


def test_an_error_leaves_no_way_to_send_but_the_way_to_mend(bob, draft, dialogue):
    entries.withdraw(dialogue.id)
    db.session.commit()
    html = page(bob, f"/dashboard/issues/{draft.id}/review")
    assert "1 error stands in the way of sending." in html
    assert "Send now" not in html
    sending = f"/dashboard/issues/{draft.id}/send?language=ja"
    answer = bob.post(
        sending, data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned}
    )
    assert answer.status_code == 422
    assert "読者はそのページを開けません" in answer.text
    assert "not published" not in answer.text


def test_sending_is_paused_resumed_and_cancelled_only_when_one_is_sure(bob, draft):
    issues.send(draft.id)
    db.session.commit()
    here = f"/dashboard/issues/{draft.id}"
    bob.post(f"{here}/pause")
    assert "Paused by bob@example.org." in page(bob, f"{here}/sending")
    bob.post(f"{here}/resume")
    bob.post(f"{here}/cancel")
    assert issues.report(draft.id).withdrawn == 0
    bob.post(f"{here}/cancel", data={"sure": "yes"})
    html = page(bob, f"{here}/sending")
    assert "The rest was cancelled." in html
    assert "data-refresh" not in html
    assert bob.get(f"{here}/sending/now").headers["X-Done"]


def test_a_viewer_looks_but_changes_nothing_and_sees_no_addresses(carol, draft):
    here = f"/dashboard/issues/{draft.id}"
    assert carol.get(here).headers["Location"].startswith(f"{here}/review")
    assert "Send now" not in page(carol, f"{here}/review")
    for path in ("", "/send", "/discard", "/unschedule", "/pause", "/resume", "/cancel"):
        assert carol.post(here + path).status_code == 403
    issues.send(draft.id)
    db.session.commit()
    assert "dora@example.org" not in page(carol, f"{here}/sending")
    assert carol.get(f"{here}/recipients").status_code == 403


def test_a_stranger_sees_nothing(app, draft):
    answer = app.test_client().get(f"/dashboard/issues/{draft.id}")
    assert answer.status_code == 302


def test_a_draft_is_thrown_away(bob, draft):
    bob.post(f"/dashboard/issues/{draft.id}/discard")
    assert issues.issues() == []
    assert bob.get(f"/dashboard/issues/{draft.id}").status_code == 404


def test_a_damaged_form_costs_one_sentence(bob, draft):
    answer = bob.post(f"/dashboard/issues/{draft.id}", data={"version": "x", "order": ["zzz"]})
    assert answer.status_code == 422
    assert "Load the page again" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_readers_were_told_wrongly_leads_from_the_overview_to_its_correction(
    bob, draft, dialogue, language
):
    issues.send(draft.id)
    entries.cancel(dialogue.id, by="Alice")
    db.session.commit()
    here = f"/dashboard/entries/{dialogue.id}/correction"
    assert here in page(bob, "/dashboard/", language)
    html = page(bob, here, language)
    assert "No. 1" in html if language == "en" else "第1号" in html
    answer = bob.post(here, data={"list": draft.list_id})
    assert "Cancelled: Thirteenth UK–Japan Security Dialogue" in page(bob, answer.headers["Location"])


def test_cancelling_an_event_that_was_told_leads_to_what_readers_know(bob, draft, dialogue):
    issues.send(draft.id)
    db.session.commit()
    answer = bob.post(f"/dashboard/entries/{dialogue.id}/cancel")
    assert answer.headers["Location"].endswith(f"/entries/{dialogue.id}/correction")
    html = page(bob, answer.headers["Location"])
    assert "No. 1 is still going out with this event in it." in html
    assert f"/dashboard/issues/{draft.id}/sending" in html


def test_a_change_that_readers_need_not_know_is_settled(bob, draft, dialogue):
    issues.send(draft.id)
    entries.cancel(dialogue.id, by="Alice")
    db.session.commit()
    answer = bob.post(f"/dashboard/entries/{dialogue.id}/correction/settle", data={"list": draft.list_id})
    html = page(bob, answer.headers["Location"])
    assert "Nobody is asked about it again" in html
    assert f"/dashboard/entries/{dialogue.id}/correction" not in html


def with_block(client, draft, kind):
    press(client, draft, f"add:{kind}")
    return issues.issue(draft.id).pieces[-1]


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "navy").save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_put_in_described_replaced_and_taken_out(bob, draft):
    block = with_block(bob, draft, "picture")
    upload = {f"{block.id}.file": (io.BytesIO(photograph()), "sea.png")}
    answer = press(
        bob, draft, f"upload:{block.id}", **upload, **{f"{block.id}.alt.en": "The sea", "subject-en": "Typed"}
    )
    assert answer.headers["Location"].endswith(f"#block-{block.id}")
    saved = issues.issue(draft.id)
    assert saved.subjects["en"] == "Typed"
    assert bob.get(f"/images/{saved.pieces[-1].image}").status_code == 200
    letter = page(bob, f"/dashboard/issues/{draft.id}/preview?edition=en")
    assert f"/images/{saved.pieces[-1].image}" in letter
    assert 'alt="The sea"' in letter
    html = page(bob, f"/dashboard/issues/{draft.id}")
    assert "A picture has no Japanese description." in html
    assert "Another picture" in html
    press(bob, draft, f"clear:{block.id}")
    assert issues.issue(draft.id).pieces[-1].image == ""
    assert "A picture block holds no picture yet." in page(bob, f"/dashboard/issues/{draft.id}")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 a zip", "The file is a zip archive (or an Office document), whatever its name says."),
        (photograph()[:400], "The picture is damaged or was cut off on its way."),
        (b"\x89PNG" + bytes(50 * 1024 * 1024), "The picture has 50 MB; at most 20 MB are taken."),
    ],
    ids=["zip", "broken", "heavy"],
)
def test_a_file_that_is_no_fit_picture_costs_one_line_and_nothing_that_was_typed(bob, draft, data, sentence):
    block = with_block(bob, draft, "picture")
    here = f"/dashboard/issues/{draft.id}"
    typed = {"do": "save", "subject-en": "Typed in the meantime", f"{block.id}.alt.en": "The sea"}
    upload = {f"{block.id}.file": FileStorage(io.BytesIO(data), "sea.png")}
    boundary, body = encode_multipart(
        {**form_of(page(bob, here)), **typed, **upload}
    )  # in memory, not in a file
    answer = bob.post(here, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert html.count(sentence) == 2  # at its field, and in the summary that leads there
    assert f'id="{block.id}.file-error"' in html
    assert "Typed in the meantime" in html
    assert "The sea" in html


def test_an_entry_list_says_what_it_would_take_while_its_rule_is_changed(bob, draft, articles):
    press(bob, draft, f"drop-entry:{articles[0].id}")
    block = with_block(bob, draft, "entry_list")
    here = f"/dashboard/issues/{draft.id}/lists/{block.id}"
    rule = f"{block.id}.limit=4&{block.id}.kinds=news&{block.id}.window=any"
    assert "Takes 1 entry now." in page(bob, f"{here}?{rule}")
    assert "Takes nothing now" in page(bob, f"{here}?{block.id}.limit=4&{block.id}.kinds=analysis")
    assert "今は1件が入ります。" in page(bob, f"{here}?{rule}&language=ja")
    assert issues.issue(draft.id).pieces[-1].rule == issues.Rule()
    changed = {
        f"{block.id}.kinds": ["news"],
        f"{block.id}.window": "quarter",
        f"{block.id}.order": "title",
        f"{block.id}.limit": "999",
    }
    press(bob, draft, "save", **changed)
    assert issues.issue(draft.id).pieces[-1].rule == issues.Rule(
        kinds=("news",), window=issues.Window.QUARTER, order=issues.Order.TITLE, limit=issues.MOST
    )
    assert bob.get(f"/dashboard/issues/{draft.id}/lists/none").status_code == 404


def test_an_issue_is_rehearsed_and_one_readers_message_is_looked_at(bob, draft):
    here = f"/dashboard/issues/{draft.id}/rehearsal"
    assert "has not been rehearsed as it stands now" in page(bob, here)
    bob.post(here)
    html = page(bob, here)
    assert "3 readers would get it: 2 in English and 1 in Japanese." in html
    assert "Nobody is left out." in html
    found = page(bob, f"{here}?search=emi")
    link = re.search(r'href="([^"]+reader=\d+[^"]*)"', found)[1].replace("&amp;", "&").partition("#")[0]
    shown = page(bob, link)
    assert "第13回 日英安全保障対話" in shown
    frame = re.search(r'<iframe[^>]*src="([^"]+)"', shown)[1]
    answer = bob.get(frame)
    assert "日英安全保障対話" in answer.get_data(as_text=True)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "を除く" not in page(bob, f"{here}?language=ja")
    assert bob.get(f"{here}/now").headers["X-Done"]


def test_a_time_by_readers_own_clocks_is_said_with_what_is_past(bob, draft):
    audience.change_preferences(audience.subscriber("dora@example.org").id, timezone="Pacific/Auckland")
    audience.change_preferences(audience.subscriber("emi@example.jp").id, timezone="Europe/London")
    db.session.commit()
    here = f"/dashboard/issues/{draft.id}"
    when = "when=own&day=2026-10-08&hour=13:00"  # noon in Tokyo, four in the afternoon in Auckland
    html = page(bob, f"{here}/review/last?{when}")
    assert (
        "On Thursday 8 October 2026 at 13:00 by their own clocks, Tokyo Letter No. 1 goes to 3 readers"
        in html
    )
    assert (
        "The first get it on Thu 8 Oct, 13:00 and the last on Thu 8 Oct, 21:00, by the clock in Tokyo."
        in html
    )
    assert "For 1 of them this time is past: they get it at once." in html
    assert "Whoever has named no time zone goes by the clock in Tokyo." in html
    assert "それぞれの現地時刻で2026年10月8日(木) 13:00に" in page(
        bob, f"{here}/review/last?{when}&language=ja"
    )
    form = {"when": "own", "day": "2026-10-08", "hour": "13:00", "version": draft.version}
    form["seen"] = issues.inspect(draft).warned
    bob.post(f"{here}/send", data=form)
    assert issues.report(draft.id).recipients == 1
    html = page(bob, f"{here}/sending")
    assert "Still to come, by readers’ own clocks" in html
    assert "London" in html


def test_tests_go_to_the_group_of_the_settings_and_to_one_address_a_language(bob, draft):
    here = f"/dashboard/issues/{draft.id}"
    assert "The test group has no addresses yet." in bob.post(f"{here}/tests/group").get_data(as_text=True)
    settings.change_publication(test_group=("ann@example.org", "kei@example.jp", "ann@example.org", ""))
    db.session.commit()
    assert "To the group (2 addresses)" in page(bob, f"{here}/review")
    bob.post(f"{here}/tests/group")
    found = [one for n in range(1, 5) for one in delivery.recipients(n).items]
    assert sorted(one.address for one in found) == ["ann@example.org"] * 2 + ["kei@example.jp"] * 2
    assert {one.label[:5] for one in found} == {"[Test", "［テスト］"}
    answer = bob.post(f"{here}/tests/languages", data={"test-en": "ann@example.org", "test-ja": "kei@"})
    assert answer.status_code == 422
    assert 'value="ann@example.org"' in answer.get_data(as_text=True)
    bob.post(f"{here}/tests/languages", data={"test-ja": "kei@example.jp"})
    (last,) = delivery.recipients(5).items
    assert (last.address, last.label[:5]) == ("kei@example.jp", "［テスト］")
    assert issues.issue(draft.id).version == draft.version
