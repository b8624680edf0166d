"""Working together on an issue, as its pages show it."""

import re

import pytest

from newsletter import accounts, audience, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import State
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
    press,
    readers,
)  # fmt: skip

__all__ = ["articles", "bob", "carol", "dialogue", "draft", "lecture", "letter", "now", "readers"]


@pytest.fixture
def charlie(app, bob):
    return come_in(app.test_client(), "charlie@example.org", Role.EDITOR)


@pytest.fixture
def guarded(letter, draft):
    audience.change_list(letter.id, approvers="editor")
    db.session.commit()
    return draft


def review(client, issue, language="en"):
    return page(client, f"/dashboard/issues/{issue.id}/review", language)


def seen(html):
    return re.search(r'name="fingerprint" value="(\w+)"', html)[1]


def post(client, issue, place, **data):
    answer = client.post(f"/dashboard/issues/{issue.id}/{place}", data=data)
    assert answer.status_code in (302, 403), answer.status_code
    return answer


def test_an_issue_goes_from_ready_to_approved_to_sent_between_two_people(bob, charlie, guarded):
    assert "Send now to" not in review(bob, guarded)
    post(bob, guarded, "approval/ask", words="Look at https://www.example.org/a. <b>Now</b>")
    html = review(charlie, guarded)
    assert '<a href="https://www.example.org/a" rel=' in html
    assert "&lt;b&gt;Now&lt;/b&gt;" in html
    assert "waits for your approval" in page(charlie, "/dashboard/")
    assert "waits for your approval" not in page(bob, "/dashboard/")
    post(charlie, guarded, "approval/give", fingerprint=seen(html))
    assert "Send now to" in review(bob, guarded)
    press(bob, guarded, "save", **{"subject-en": "Another subject"})
    html = review(bob, guarded)
    assert "Send now to" not in html
    assert "Changed since it was approved:" in html
    assert "Subject, English" in html
    assert "承認後に変更あり" in review(charlie, guarded, "ja")
    answer = bob.post(
        f"/dashboard/issues/{guarded.id}/send",
        data={"when": "now", "seen": issues.inspect(issues.issue(guarded.id)).warned},
    )
    assert answer.status_code == 422
    assert "It needs another approval" in answer.get_data(as_text=True)
    assert issues.issue(guarded.id).state is State.DRAFT


def test_an_approval_is_bound_to_who_gets_it(bob, charlie, guarded, letter):
    press = audience.create_list("press", {"en": "Press", "ja": "報道"})
    issues.plan(guarded.id, issues.issue(guarded.id).version, issues.Plan(without_lists=(press.id,)))
    db.session.commit()
    post(bob, guarded, "approval/ask")
    post(charlie, guarded, "approval/give", fingerprint=seen(review(charlie, guarded)))
    issues.plan(guarded.id, issues.issue(guarded.id).version, issues.Plan())
    db.session.commit()
    html = review(bob, guarded)
    assert "Send now to" not in html
    assert "The readers it goes to" in html


def test_the_report_of_an_issue_says_who_did_what_to_it(bob, charlie, carol, guarded):
    post(bob, guarded, "approval/ask")
    post(charlie, guarded, "approval/give", fingerprint=seen(review(charlie, guarded)))
    warned = issues.inspect(issues.issue(guarded.id)).warned
    assert (
        bob.post(f"/dashboard/issues/{guarded.id}/send", data={"when": "now", "seen": warned}).status_code
        == 302
    )
    html = page(bob, f"/dashboard/issues/{guarded.id}/sending")
    told = re.findall(r"<th scope=\"row\">(\w+)@example.org</th><td>([^<]*)", html)
    assert [(who, what.strip()) for who, what in told] == [
        ("bob", "asked for the approval of an issue"),
        ("charlie", "approved an issue"),
        ("bob", "sent an issue"),
    ]
    assert "charlie@example.org" not in page(carol, f"/dashboard/issues/{guarded.id}/sending")


def test_a_viewer_reads_how_it_stands_and_changes_nothing(bob, charlie, carol, guarded):
    post(bob, guarded, "approval/ask")
    html = review(carol, guarded)
    assert "waits for approval" in html
    assert "Approve it as it is now" not in html
    digest = seen(review(charlie, guarded))
    for place in ("ask", "give", "send-back"):
        assert post(carol, guarded, f"approval/{place}", fingerprint=digest, words="x").status_code == 403
    assert len(issues.approval_steps(guarded.id)) == 1


def test_what_was_said_stands_there_again_where_an_answer_was_refused(bob, charlie, guarded):
    post(bob, guarded, "approval/ask")
    old = seen(review(charlie, guarded))
    press(bob, guarded, "save", **{"subject-en": "Slipped in"})
    answer = post(charlie, guarded, "approval/send-back", fingerprint=old, words="Mind the date")
    html = charlie.get(answer.headers["Location"]).get_data(as_text=True)
    assert "has changed since you looked at it" in html
    assert ">Mind the date</textarea>" in html


def test_only_an_owner_changes_whether_a_list_asks_for_approval(app, bob, letter):
    audience.change_list(letter.id, approvers="owner")
    db.session.commit()
    form = {"titles-en": "Tokyo Letter", "unknown": "resend", "public": "1", "approvers": ""}
    assert "Only an owner changes this" in page(bob, "/dashboard/lists/tokyo-letter/edit")
    bob.post("/dashboard/lists/tokyo-letter/edit", data=form)
    assert audience.mailing_list(letter.id).approvers == "owner"
    olive = come_in(app.test_client(), "olive@example.org", Role.OWNER)
    olive.post("/dashboard/lists/tokyo-letter/edit", data=form)
    db.session.expire_all()
    assert audience.mailing_list(letter.id).approvers == ""
    assert accounts.audit_log().items[1].about == "tokyo-letter: owner → nobody"


def say(client, issue, words, **data):
    return client.post(f"/dashboard/issues/{issue.id}/comments", data={"words": words, **data})


def test_comments_are_written_answered_and_resolved_on_a_page_without_a_script(bob, charlie, draft):
    block = draft.pieces[0].id
    answer = say(bob, draft, "<script>alert(1)</script> @charlie@example.org", block=block, shown=block)
    html = page(charlie, answer.headers["Location"].partition("#")[0])
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    first = issues.threads(draft.id)[0].first
    charlie.post(f"/dashboard/comments/{first.id}/answer", data={"words": "Yes."})
    editor = page(bob, f"/dashboard/issues/{draft.id}")
    assert "Comments on block 1: 1 open comment" in editor
    assert "bob@example.org mentions you in Tokyo Letter No. 1" in page(charlie, "/dashboard/")
    charlie.post(f"/dashboard/comments/{first.id}/resolve")
    assert "1 resolved thread" in page(bob, f"/dashboard/issues/{draft.id}/comments")
    assert "解決済み1件" in page(bob, f"/dashboard/issues/{draft.id}/comments", "ja")
    assert "mentions you" not in page(charlie, "/dashboard/")
    for language in ("en", "ja"):
        assert "alert(1)" not in issues.preview(issues.issue(draft.id), language).html


def test_comments_of_a_dropped_block_are_read_and_what_was_typed_for_it_is_not_lost(bob, draft):
    block = draft.pieces[1].id
    say(bob, draft, "Too long", block=block)
    press(bob, draft, f"drop:{block}")
    html = page(bob, f"/dashboard/issues/{draft.id}/comments")
    assert "A block that was dropped" in html
    assert "Too long" in html
    answer = say(bob, draft, "Still too long", block=block, shown=block)
    assert answer.status_code == 422
    assert "has been dropped meanwhile" in answer.get_data(as_text=True)
    assert ">Still too long</textarea>" in answer.get_data(as_text=True)


def test_a_viewer_reads_comments_and_writes_none(bob, carol, draft):
    say(bob, draft, "For all to read")
    html = page(carol, f"/dashboard/issues/{draft.id}/comments")
    assert "For all to read" in html
    assert "<textarea" not in html
    first = issues.threads(draft.id)[0].first
    assert say(carol, draft, "x").status_code == 403
    for act in ("answer", "reword", "take-back", "resolve", "reopen"):
        assert carol.post(f"/dashboard/comments/{first.id}/{act}", data={"words": "x"}).status_code == 403
    assert carol.post(f"/dashboard/issues/{draft.id}/presence", data={"page": "p"}).status_code == 403
    assert [one.first.words for one in issues.threads(draft.id)] == ["For all to read"]


def test_nobody_rewords_what_somebody_else_wrote(bob, charlie, draft):
    say(bob, draft, "Mine")
    first = issues.threads(draft.id)[0].first
    path = f"/dashboard/comments/{first.id}"
    answer = charlie.post(f"{path}/reword", data={"words": "Yours"}, headers={"X-Fragment": "1"})
    assert answer.status_code == 422
    charlie.post(f"{path}/take-back")
    assert issues.threads(draft.id)[0].first.words == "Mine"
    bob.post(f"{path}/take-back")
    assert issues.threads(draft.id) == []
    late = bob.post(f"{path}/answer", data={"words": "Late", "issue": draft.id})
    assert (late.status_code, ">Late</textarea>" in late.get_data(as_text=True)) == (422, True)


def test_two_editors_are_told_of_each_other_and_of_a_newer_version(bob, charlie, draft):
    block = draft.pieces[0].id
    path = f"/dashboard/issues/{draft.id}/presence"
    assert bob.post(path, data={"page": "a", "block": block}).get_json()["people"] == []
    told = charlie.post(path, data={"page": "b"}).get_json()
    assert (told["people"][0]["name"], told["people"][0]["blocks"]) == ("bob@example.org", [block])
    before = told["version"]
    press(bob, draft, "save", **{"subject-en": "Newer"})
    told = charlie.post(path, data={"page": "b"}).get_json()
    assert told["version"] > before
    assert told["saved"] == "bob@example.org saved this issue, now."
    assert bob.post(path, data={"page": "a", "gone": "1"}).status_code == 204
    assert charlie.post(path, data={"page": "b"}).get_json()["people"] == []
