"""Looking where an issue's links lead, apart from everything that people wait for.

The issues themselves are the queue: whoever looks takes hold of the addresses of one issue that nobody has looked at
lately, visits them without a transaction, and notes each answer. A look that gets lost is made by the next sweep.
"""

import re
from datetime import timedelta

from sqlalchemy import or_, select

from newsletter import clock, languages, rendering, wake
from newsletter.database import db
from newsletter.fetching import Answer
from newsletter.issues.alike import page_of
from newsletter.issues.checking.findings import Look, Speaker
from newsletter.issues.checking.link_answers import drop_old, forget, outside, row_of, take
from newsletter.issues.drafting import OPEN, issue
from newsletter.issues.materials import gather
from newsletter.issues.naming import registrations
from newsletter.issues.tables import Issue, State

_WORKED_ON = timedelta(days=3)
_COMPLETE = re.compile(
    r"https?://(?:[^/?#\s]+\.[^\W\d_]{2,}|\d+(?:\.\d+){3}|\[[\da-f:.]+\]|localhost)(?::\d+)?(?:[/?#]|$)",
    re.IGNORECASE,
)
"""An address that somebody is still typing is not looked at."""
_URGES = re.compile(r"\bregist|\bsign up\b|\bbook\b|\bapply\b|\brsvp\b|申し?込|登録|予約|応募|参加")
_CLOSED = re.compile(
    r"regist(?:ration|er)[^.。]{0,30}\b(?:closed|ended|full)\b|\bsold out\b|fully booked|no longer accept\w*"
    r"|(?:受け?付け?|申し?込み?|募集|登録|応募)(?:は|を|期間は)?(?:すでに|既に)?(?:終了|締め?切(?!日))|満席|満員|定員に達し",
)


def links_to_look_at(issue_id: int) -> dict[str, bool]:
    """Take hold of the addresses of an open issue that nobody has looked at lately; the values say which pages to read."""
    found = issue(issue_id)
    if found.state not in OPEN:
        return {}
    links = _look(found).links
    due = take([url for url in outside(links) if _COMPLETE.match(url)])
    pages = registrations(clock.now())
    return {
        url: page_of(url) in pages or _URGES.search(languages.folded(links[url])) is not None for url in due
    }


def keep_answer(answer: Answer) -> None:
    """Note what an address answered."""
    row = row_of(answer.url)
    if row is None:
        return  # forgotten meanwhile
    row.answered_at, row.outcome, row.status = clock.now(), answer.outcome, answer.status
    row.landed, row.for_good = (answer.landed or answer.url)[:4000], answer.for_good
    row.closed_words = _closed_words(answer.page)
    db.session.flush()


def _closed_words(page: str) -> str:
    if not page:
        return ""
    words = languages.folded(rendering.plain(rendering.sanitise(page)))
    found = _CLOSED.search(words)
    return found[0][:60] if found else ""


def issues_with_links_to_look_at() -> list[int]:
    """Return the issues that go out soon or are being written: the sweep looks whether their links still lead somewhere."""
    drop_old()
    lately = Issue.changed_at > clock.now() - _WORKED_ON
    written = select(Issue.id).where(
        or_(Issue.state == State.SCHEDULED, (Issue.state == State.DRAFT) & lately)
    )
    return list(db.session.scalars(written))


def look_at_links_again(issue_id: int) -> None:
    """Forget what the links of an issue answered, and have them looked at anew."""
    forget(outside(_look(issue(issue_id)).links))
    wake.wake(wake.Job.LOOK_AT_LINKS, issue_id)


def unanswered(look: Look) -> int:
    """Count the addresses that nobody has an answer of yet."""
    return sum(url not in look.answers for url in outside(look.links) if _COMPLETE.match(url))


def _look(found: Issue) -> Look:
    return Look(gather(found), Speaker(languages.translator("en")))
