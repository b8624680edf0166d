"""Where links lead: looked at apart from everybody, kept for some hours, and said at the place where each link stands."""

from datetime import timedelta

import pytest

from newsletter import clock, fetching, issues, wake
from newsletter.database import db
from newsletter.fetching import Answer, Outcome
from newsletter.issues import Kind as BlockKind
from newsletter.issues import Level, Remedy

GONE = "https://minato.jp/gone"
MOVED = "https://minato.jp/old/page"
INSIDE = ("http://127.0.0.1:9/inside", False)


@pytest.fixture
def linked(letter, readers):
    """An issue with links in a text and a button."""
    issue = issues.draft(letter)
    body = f"[The report]({GONE}), [the agenda]({MOVED}) and http://127.0.0.1:9/inside, https://still-typ"
    texts = {"en": {"body": body}, "ja": {"body": "こんにちは"}}
    button = {"en": {"label": "Register", "url": "https://forms.minato.jp/f/7?id=3"}}
    blocks = issues.new_block(BlockKind.TEXT, texts=texts), issues.new_block(BlockKind.BUTTON, texts=button)
    issue = issues.save(issue.id, 1, subjects={"en": "A", "ja": "あ"}, blocks=blocks)
    db.session.commit()
    return issue


def look(issue, **answers):
    """Look at the links of an issue as a worker does, at a web that answers so; return what was asked."""
    known = {"gone": GONE, "moved": MOVED, "inside": INSIDE[0], "form": "https://forms.minato.jp/f/7?id=3"}
    web = {known[name]: answer for name, answer in answers.items()}
    asked = []

    def knock(url, read):
        asked.append((url, read))
        values = web.get(url, {})
        return Answer(url, **{"outcome": Outcome.FINE, "status": 200, "landed": url, **values})

    for answer in fetching.knock_at(issues.links_to_look_at(issue.id), knock):
        issues.keep_answer(answer)
        db.session.commit()
    return sorted(asked)


def said(issue, check="links"):
    return [finding for finding in issues.inspect(issue).findings if finding.check == check]


def test_links_are_waited_for_and_then_said_to_lead_nowhere(linked):
    before = issues.inspect(linked)
    assert before.waiting == 4
    assert "Links lead somewhere" not in before.passed
    asked = look(linked, gone={"outcome": Outcome.GONE, "status": 404})
    assert asked == [INSIDE, ("https://forms.minato.jp/f/7?id=3", True), (GONE, False), (MOVED, False)]
    (dead,) = said(linked)
    assert dead.level is Level.ERROR
    assert dead.sentence == "There is no page at minato.jp/gone (the server answered 404)."
    assert dead.anchor == f"{linked.pieces[0].id}-body-en"
    assert issues.inspect(linked).waiting == 0


def test_what_links_answered_counts_for_hours_and_a_doubt_for_minutes(linked, now):
    look(linked, gone={"outcome": Outcome.UNKNOWN, "status": 0})
    assert look(linked) == []
    now.shift(timedelta(minutes=30))
    assert look(linked) == [(GONE, False)]
    now.shift(timedelta(hours=7))
    assert len(look(linked)) == 4
    issues.look_at_links_again(linked.id)
    assert issues.inspect(linked).waiting == 4
    assert len(look(linked)) == 4


def test_two_who_look_at_once_do_not_ask_twice(linked):
    first = issues.links_to_look_at(linked.id)
    db.session.commit()
    assert len(first) == 4
    assert issues.links_to_look_at(linked.id) == {}


@pytest.mark.parametrize(
    ("answer", "level", "word"),
    [
        ({"outcome": Outcome.NO_HOST}, Level.ERROR, "no such site"),
        ({"outcome": Outcome.SHUT}, Level.ERROR, "not open to the public"),
        ({"outcome": Outcome.CIRCLE}, Level.ERROR, "circles"),
        ({"outcome": Outcome.BROKEN, "status": 503}, Level.WARNING, "503"),
        ({"outcome": Outcome.UNSAFE}, Level.WARNING, "certificate"),
        ({"outcome": Outcome.UNKNOWN, "status": 0}, Level.WARNING, "in time"),
        ({"outcome": Outcome.UNKNOWN, "status": 403}, Level.HINT, "turned our look away"),
        ({"landed": "https://www.minato.jp/"}, Level.WARNING, "front page"),
        ({"landed": "https://minato.jp/new", "for_good": True}, Level.HINT, "has moved"),
        ({"landed": "https://minato.jp/login"}, None, ""),
        ({"landed": "https://www.minato.jp/old/page/", "for_good": True}, None, ""),
    ],
)
def test_each_answer_is_told_by_what_it_means_to_readers(linked, answer, level, word):
    look(linked, moved=answer)
    findings = said(linked)
    assert [finding.level for finding in findings] == ([level] if level else [])
    assert all(word in finding.sentence for finding in findings)


def test_the_target_of_a_redirect_is_taken_by_one_press(linked):
    look(linked, moved={"landed": "https://minato.jp/new/page", "for_good": True})
    (moved,) = said(linked)
    assert moved.remedies == (Remedy.MEND,)
    _, _, blocks = issues.mended(linked, moved.mark, linked.subjects, linked.preheaders, linked.pieces)
    assert "[the agenda](https://minato.jp/new/page)" in blocks[0].text("body", "en")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<h1>Seminar</h1><p>Registration is now closed.</p>", "registration is now closed"),
        ("<p>受付は終了しました</p>", "受付は終了"),
        ("<p>申込締切日：11月5日</p><script>'満席'</script>", ""),
    ],
)
def test_a_page_that_says_that_nobody_can_register_any_more_is_a_hint(linked, page, words):
    look(linked, form={"page": page})
    assert [(one.level, words in one.sentence) for one in said(linked)] == (
        [(Level.HINT, True)] if words else []
    )


def test_a_machine_without_a_way_to_the_web_says_so_once(linked):
    silent = {"outcome": Outcome.UNKNOWN, "status": 0}
    look(linked, gone=silent, moved=silent, form=silent, inside=silent)
    (finding,) = said(linked)
    assert "None of the 4 links" in finding.sentence


def test_links_are_looked_at_soon_after_a_save_and_again_while_the_issue_is_worked_on(linked, now):
    woken = []
    wake.bind(lambda job, *numbers: woken.append((job, *numbers)))
    issues.save(linked.id, linked.version, subjects={"en": "B", "ja": "び"})
    db.session.commit()
    assert woken == [(wake.Job.LOOK_AT_LINKS, linked.id)]
    assert issues.issues_with_links_to_look_at() == [linked.id]
    now.shift(timedelta(days=5))
    assert issues.issues_with_links_to_look_at() == []
    issues.send(linked.id, clock.now() + timedelta(days=1))
    assert issues.issues_with_links_to_look_at() == [linked.id]
