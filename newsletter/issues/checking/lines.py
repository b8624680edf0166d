"""Checks of the lines that inboxes show: subject and preheader of each edition."""

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from newsletter import languages
from newsletter.issues.checking.findings import Check, Finding, Level, Look
from newsletter.issues.reading import sent_issues

_PHONES_SHOW, _INBOXES_SHOW = 70, 100
"""Columns of a subject, where a wide character takes two."""
_PREHEADER_AT_MOST = 200
_LOUD = re.compile(r"[!！]\s*[!！]|[?？]\s*[?？]|[!！?？]{3}")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LETTERS_OF_A_SHOUT = 12
_SPAM = re.compile(
    r"\b(?:act now|100 ?% free|free gift|click below|limited time|risk[- ]free|winner|guaranteed?|cash|urgent"
    r"|don'?t miss|last chance|once in a lifetime|special promotion)\b|\${2,}"
    r"|無料プレゼント|今すぐ|至急|緊急|当選|限定特典|必ず(?:儲|もうか)|激安|大チャンス|お見逃しなく"
)


def _there(look: Look) -> Iterator[Finding]:
    for language in look.materials.languages:
        if not look.materials.issue.subjects.get(language, "").strip():
            sentence = look.t("There is no %(language)s subject.", language=look.name_of(language))
            yield Finding(Level.ERROR, sentence, field=f"subject-{language}")
        elif not look.materials.issue.preheaders.get(language, "").strip():
            sentence = look.t("There is no %(language)s preheader.", language=look.name_of(language))
            detail = look.t("Inboxes show the first words of the issue instead.")
            yield Finding(Level.WARNING, sentence, detail, field=f"preheader-{language}")


def columns(text: str) -> int:
    """Return how wide a line is: a wide character, such as a Japanese one, takes two columns."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _length(look: Look) -> Iterator[Finding]:
    for passage in look.passages:
        if passage.in_inbox:
            wide = languages.write_number(columns(passage.text), look.t.language)
            values = {"place": look.place(passage), "columns": wide}
            if passage.name == "subject" and columns(passage.text) > _PHONES_SHOW:
                long = columns(passage.text) > _INBOXES_SHOW
                sentence = look.t("%(place)s is %(columns)s columns long.", **values)
                detail = (
                    look.t(
                        "Most inboxes cut it off. Say what matters in 70 columns; a Japanese sign takes two."
                    )
                    if long
                    else look.t("Phones cut it off. What matters should stand at its beginning.")
                )
                yield Finding(Level.WARNING if long else Level.HINT, sentence, detail, field=passage.field)
            elif passage.name == "preheader" and columns(passage.text) > _PREHEADER_AT_MOST:
                sentence = look.t("%(place)s is %(columns)s columns long.", **values)
                detail = look.t("Inboxes show about half of it at most.")
                yield Finding(Level.HINT, sentence, detail, field=passage.field)


def _repeats(look: Look) -> Iterator[Finding]:
    """Find a preheader that says no more than the subject beside it."""
    issue = look.materials.issue
    for language in look.materials.languages:
        subject = _bare(issue.subjects.get(language, ""))
        preheader = _bare(issue.preheaders.get(language, ""))
        if subject and preheader and (preheader in subject or preheader.startswith(subject)):
            sentence = look.t(
                "The %(language)s preheader repeats the subject.", language=look.name_of(language)
            )
            detail = look.t("Inboxes show both side by side. Say what else is worth opening it for.")
            yield Finding(
                Level.WARNING, sentence, detail, field=f"preheader-{language}", about=issue.subjects[language]
            )


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", languages.folded(text))


def _as_last_time(look: Look) -> Iterator[Finding]:
    last = next((one for one in sent_issues(look.materials.issue.list_id, limit=1)), None)
    if last is None or last.id == look.materials.issue.id:
        return
    for language in look.materials.languages:
        now = look.materials.issue.subjects.get(language, "")
        if now and _bare(now) == _bare(last.subjects.get(language, "")):
            number = languages.write_issue_number(last.number, look.t.language)
            values = {"language": look.name_of(language), "number": number}
            sentence = look.t("The %(language)s subject is that of %(number)s.", **values)
            detail = look.t(
                "Readers take it for a letter that they have, and mail programs put both together."
            )
            yield Finding(Level.WARNING, sentence, detail, field=f"subject-{language}")


def _tone(look: Look) -> Iterator[Finding]:
    for passage in look.passages:
        if not passage.in_inbox:
            continue
        values = {"place": look.place(passage)}
        if _shouts(passage.text):
            sentence = look.t("%(place)s: words in CAPITALS.", **values)
            yield Finding(
                Level.HINT, sentence, look.t("Filters and readers take it for shouting."), field=passage.field
            )
        if loud := _LOUD.search(passage.text):
            sentence = look.t("%(place)s: “%(signs)s”.", signs=loud[0], **values)
            yield Finding(
                Level.HINT,
                sentence,
                look.t("Filters and readers take it for advertising."),
                field=passage.field,
            )
        if word := _SPAM.search(languages.folded(passage.text)):
            sentence = look.t("%(place)s: “%(word)s” sounds like advertising.", word=word[0], **values)
            detail = look.t("Filters weigh such words. Plain ones arrive more surely.")
            yield Finding(Level.HINT, sentence, detail, field=passage.field)


def _shouts(text: str) -> bool:
    """Tell whether most of a line's letters are capitals; a short name such as NATO does not count."""
    words = _LATIN_WORD.findall(text)
    loud = [word for word in words if word.isupper()]
    letters = sum(map(len, loud))
    return letters >= _LETTERS_OF_A_SHOUT and letters * 2 > sum(map(len, words))


CHECKS = (
    Check("lines", "Each edition has its subject and preheader", _there),
    Check("length", "Subjects fit into inboxes", _length),
    Check("repeats", "Preheaders say more than subjects", _repeats),
    Check("as_last_time", "Subjects are not those of the last issue", _as_last_time),
    Check("tone", "Subjects do not sound like advertising", _tone),
)
