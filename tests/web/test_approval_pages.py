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
