"""How the editor's form is kept: merged with what others saved, or shown again with what has to be chosen first."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from newsletter import issues, languages
from newsletter.database import db
from newsletter.issues import Brought, Change, Choice, Clash, Manuscript, Piece
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.form import Typed, rearranged
from newsletter.web.dashboard.composing.places import Places
from newsletter.web.dashboard.forms import say


@dataclass(frozen=True)
class ClashView:
    """A clash on the page: where it is, both sides with the words that only they have marked, and what was chosen."""

    name: str
    seen: str
    place: str
    language: str
    mine: list[Piece]
    theirs: list[Piece]
    chosen: str


def keep(issue_id: int, changed: Typed, form: MultiDict[str, str]) -> Brought:
    """Save what was typed, and then do what `undo` and `redo` say. Raises `Conflict` and `Invalid`."""
    by, tag = guard.person().called, form.get("saving", "")
    if issues.has_arrived(issue_id, tag):
        return Brought(issues.issue(issue_id))
    turn = {"undo": issues.undo, "redo": issues.redo}.get(changed.verb)
    brought = issues.bring_in(
        issue_id,
        changed.version,
        Manuscript(changed.subjects, changed.preheaders, rearranged(changed)),
        by=by,
        tag="" if turn else tag,
        unanswered=form.getlist("unanswered"),
        choices=choices(form) if changed.verb == "merge" else None,
    )
    if turn and not brought.clashes:
        db.session.commit()  # what was typed is kept, whether or not it can be undone
        return Brought(turn(issue_id, by, tag), brought.taken, (), brought.others)
    return brought


def choices(form: MultiDict[str, str]) -> dict[str, Choice]:
    """Read what was chosen: `choice.PLACE` is `mine` or `theirs`, `seen.PLACE` what the other side looked like."""
    marked = "choice."
    return {
        name.removeprefix(marked): Choice(
            mine=side == "mine", seen=form.get("seen." + name.removeprefix(marked), "")
        )
        for name, side in form.items()
        if name.startswith(marked) and side in ("mine", "theirs")
    }


def tell_what_came(brought: Brought) -> None:
    """Say whose changes came in beside one's own, and where."""
    if not brought.taken or not brought.others:
        return
    language = frame.language()
    places = Places(brought.issue.pieces, language).several(brought.taken)
    names = languages.write_list(list(brought.others), language)
    say("%(names)s changed this meanwhile, and it was taken over: %(places)s.", names=names, places=places)


def who_was_faster(brought: Brought) -> str:
    """Say who else has changed what stands in a clash."""
    t, language = frame.translate(), frame.language()
    if brought.others:
        names = languages.write_list(list(brought.others), language)
        return t("%(names)s changed the same as you meanwhile.", names=names)
    return t("The same was changed elsewhere meanwhile.")


def clash_views(clashes: Iterable[Clash], blocks: issues.Blocks) -> list[ClashView]:
    """Show clashes side by side, in the page's language."""
    places = Places(blocks, frame.language())
    return [_clash_view(clash, places) for clash in clashes]


def _clash_view(clash: Clash, places: Places) -> ClashView:
    block = next((one for one in (clash.mine, clash.theirs) if isinstance(one, issues.Block)), None)
    pieces = issues.compare_words(places.said(clash.theirs), places.said(clash.mine))
    return ClashView(
        name=clash.name,
        seen=clash.seen,
        place=places.name(clash.place, block),
        language=clash.place[-1] if len(clash.place) != 1 and clash.place[-1] in languages.NAMES else "",
        mine=[piece for piece in pieces if piece.change is not Change.DROPPED],
        theirs=[piece for piece in pieces if piece.change is not Change.ADDED],
        chosen=request.form.get(f"choice.{clash.name}", ""),
    )
