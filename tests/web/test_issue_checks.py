"""The panel of checks on its two pages: findings lead to their places, are mended, overridden, and seen."""

import re

import pytest

from newsletter import accounts, issues
from newsletter.database import db
from newsletter.issues import Kind, State
from tests.issues.conftest import articles, dialogue, lecture, letter, now, readers
from tests.web.test_issue_pages import bob, carol, draft, page, press

__all__ = ["articles", "bob", "carol", "dialogue", "draft", "lecture", "letter", "now", "readers"]  # the cast


@pytest.fixture
def doubted(draft):
    texts = {"en": {"body": "We meet on Monday, 10 November 2026."}, "ja": {"body": "こんにちは"}}
    block = issues.new_block(Kind.TEXT, texts=texts)
    made = issues.save(draft.id, draft.version, blocks=(*draft.pieces, block))
    db.session.commit()
    return made


def error_of(issue):
    (error,) = issues.inspect(issues.issue(issue.id)).errors
    return error


def test_the_panel_leads_to_the_field_and_mends_it_by_one_press(bob, doubted):
    html = page(bob, f"/dashboard/issues/{doubted.id}")
    error = error_of(doubted)
    assert f'href="#{error.anchor}"' in html
    assert f'id="{error.anchor}"' in html
    assert re.search(r"\d+ checks passed", html)
    answer = press(bob, doubted, f"mend:{error.mark}", **{"preheader-en": "Typed beside it"})
    assert answer.headers["Location"].endswith("#checks")
    kept = issues.issue(doubted.id)
    assert kept.pieces[-1].text("body", "en") == "We meet on Tuesday, 10 November 2026."
    assert kept.preheaders["en"] == "Typed beside it"


def test_an_error_stands_by_a_reason_that_the_audit_trail_keeps(bob, doubted):
    here, error = f"/dashboard/issues/{doubted.id}", error_of(doubted)
    refused = bob.post(f"{here}/checks/override", data={"mark": error.mark, "reason": "x"})
    assert refused.status_code == 422
    assert "Write in a few words" in refused.get_data(as_text=True)
    bob.post(f"{here}/checks/override", data={"mark": error.mark, "reason": "The year is a joke."})
    html = page(bob, f"{here}/review")
    assert "The year is a joke." in html
    assert "stands in the way of sending" not in html
    (record, *_) = accounts.audit_log().items
    assert record.what == "overrode an error of an issue"
    assert "The year is a joke." in record.about
    bob.post(f"{here}/checks/withdraw", data={"mark": error.mark})
    assert "stands in the way of sending" in page(bob, f"{here}/review")


def test_warnings_are_ticked_as_seen_before_the_issue_goes_out(bob, draft):
    here = f"/dashboard/issues/{draft.id}"
    send = {"when": "now", "version": draft.version}
    refused = bob.post(f"{here}/send", data=send)
    assert refused.status_code == 422
    assert "Say that you have seen the warnings" in refused.get_data(as_text=True)
    assert bob.post(f"{here}/checks/seen", data={"warned": issues.inspect(draft).warned}).status_code == 422
    bob.post(f"{here}/checks/seen", data={"warned": issues.inspect(draft).warned, "seen": "1"})
    assert "Seen by bob" in page(bob, f"{here}/review")
    bob.post(f"{here}/send", data=send)
    assert issues.issue(draft.id).state is State.SENDING


def test_the_panel_alone_says_the_same_in_japanese_and_decides_nothing_for_viewers(bob, carol, doubted):
    where = f"/dashboard/issues/{doubted.id}/checks?on=review"
    assert "このままで正しい" in bob.get(where + "&language=ja").get_data(as_text=True)
    assert "の曜日が違います" in carol.get(where + "&language=ja").get_data(as_text=True)
    assert "このままで正しい" not in carol.get(where + "&language=ja").get_data(as_text=True)
    assert carol.post(f"/dashboard/issues/{doubted.id}/checks/seen").status_code == 403
