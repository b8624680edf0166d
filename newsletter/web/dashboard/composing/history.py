"""The history of an issue: its versions, what each changed, word by word, and the way back to one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, errors, issues, languages, rendering
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Change, Deed, Difference, Manuscript, Piece, Version
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.places import Places
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say

_SHOWN = 200
_ONE_SITTING = timedelta(minutes=1)


@dataclass(frozen=True)
class Sitting:
    """What one person saved within a minute, told by its last version; `since` is the number of its first."""

    version: Version
    since: int
    words: str


@dataclass(frozen=True)
class DifferenceView:
    """One place that differs: its name, what became of it, and its words, those that came and went marked."""

    place: str
    change: str
    language: str
    pieces: tuple[Piece, ...]


@blueprint.get("/issues/<int:issue_id>/versions")
@guard.needs(Role.EDITOR)
def issue_versions(issue_id: int) -> str:
    """Show the versions of an issue, the latest first, and what each changed in words."""
    found = issues.issue(issue_id)
    seen = request.args.get("before", type=frame.number)
    kept = issues.versions(issue_id, seen, _SHOWN)
    return render_template(
        "dashboard/issue_versions.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        sittings=list(_sittings(kept)),
        current=found.version,
        more=kept[-1].number if len(kept) == _SHOWN else None,
        open=found.state in issues.OPEN,
    )


def _sittings(kept: Sequence[Version]) -> Iterator[Sitting]:
    place = 0
    while place < len(kept):
        last = first = place
        while first + 1 < len(kept) and _one_sitting(kept[last], kept[first + 1]):
            first += 1
        before = (
            kept[first + 1]
            if first + 1 < len(kept)
            else issues.version_before(kept[0].issue_id, kept[first].number)
        )
        yield _sitting(kept[last], kept[first].number, before)
        place = first + 1


def _one_sitting(last: Version, earlier: Version) -> bool:
    both_edit = last.deed is earlier.deed is Deed.EDIT
    return both_edit and last.by == earlier.by and last.at - earlier.at < _ONE_SITTING


def _sitting(last: Version, since: int, before: Version | None) -> Sitting:
    t, language = frame.translate(), frame.language()
    changed = issues.differences(before.manuscript, last.manuscript) if before else []
    what = Places(last.manuscript.blocks, language).several([one.place for one in changed])
    words = t(_DEEDS[last.deed], who=last.by or t("Somebody"), what=what or t("nothing"))
    return Sitting(last, since, words)


@blueprint.get("/issues/<int:issue_id>/versions/<int:number>")
@guard.needs(Role.EDITOR)
def issue_version(issue_id: int, number: int) -> str:
    """Show one version and how it differs: from the one before its sitting, or from what the issue is now."""
    found = issues.issue(issue_id)
    shown = issues.version(issue_id, number)
    since = request.args.get("since", number, type=frame.number)
    against_now = request.args.get("against") == "now"
    before = issues.version_before(issue_id, since)
    now = issues.manuscript_of(found)
    old, new = (
        (shown.manuscript, now) if against_now else (before.manuscript if before else None, shown.manuscript)
    )
    return render_template(
        "dashboard/issue_version.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        version=shown,
        since=since,
        against_now=against_now,
        differences=_differences(old or Manuscript({}, {}, ()), new),
        is_now=now == shown.manuscript,
        open=found.state in issues.OPEN,
    )


def _differences(old: Manuscript, new: Manuscript) -> list[DifferenceView]:
    places = Places(new.blocks, frame.language())
    return [_view(one, places) for one in issues.differences(old, new)]


def _view(one: Difference, places: Places) -> DifferenceView:
    place, marked = places.name(one.place, one.block), one.place[-1] if len(one.place) > 1 else ""
    pieces: tuple[Piece, ...]
    if one.change is Change.CHANGED:
        before, after = _readable(places.said(one.before)), _readable(places.said(one.after))
        pieces = tuple(issues.compare_words(before, after))
    else:
        change = None if one.change is Change.MOVED else one.change
        pieces = (Piece(_readable(places.gist(one.block)) if one.block else "", change),)
    language = marked if marked in languages.NAMES else ""
    return DifferenceView(place, frame.translate()(_CHANGES[one.change]), language, pieces)


def _readable(text: str) -> str:
    """Show rich text without its tags."""
    return rendering.plain(text) if text.lstrip().startswith("<") else text


@blueprint.post("/issues/<int:issue_id>/versions/<int:number>/restore")
@guard.needs(Role.EDITOR)
def restore_version(issue_id: int, number: int) -> Response:
    """Bring an earlier version back, as a new one."""
    try:
        back = issues.restore(issue_id, number, guard.person().called)
    except errors.Conflict as error:
        db.session.rollback()
        say(str(error), "bad")
        return redirect(url_for("dashboard.issue_versions", issue_id=issue_id))
    accounts.audit(guard.person(), "brought an earlier version of an issue back", f"{back.slug} · {number}")
    db.session.commit()
    say("Version %(number)s is back. Undo takes you to what was there before.", number=number)
    return redirect(url_for("dashboard.issue", issue_id=issue_id))


_DEEDS = {
    Deed.BEGIN: "%(who)s began the issue.",
    Deed.EDIT: "%(who)s changed: %(what)s",
    Deed.UNDO: "%(who)s took back: %(what)s",
    Deed.REDO: "%(who)s did again: %(what)s",
    Deed.RESTORE: "%(who)s brought back an earlier version: %(what)s",
}
_CHANGES = {
    Change.ADDED: "added",
    Change.DROPPED: "dropped",
    Change.MOVED: "moved",
    Change.CHANGED: "changed",
}
