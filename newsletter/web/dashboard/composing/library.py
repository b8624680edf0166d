"""The library of saved blocks: found, renamed, rewritten in each language, deleted, put into an issue."""

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, entries, errors, issues, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Block, Blocks, SavedBlock
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.view import Field, field_row
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say, typed


@dataclass(frozen=True)
class Piece:
    """One block of what is saved: what it is called, its texts row by row, its picture, and its entry's title."""

    block: Block
    name: str
    rows: tuple[tuple[Field, ...], ...]
    entry: str

    @property
    def words(self) -> list[tuple[str, str]]:
        """What it says, by language: the first text of each."""
        said = [(field.language, field.value) for field in self.rows[0]] if self.rows else []
        return [(language, value) for language, value in said if value]


def pieces_of(blocks: Blocks) -> list[Piece]:
    """Show what is saved, block by block."""
    return [_piece(block) for block in blocks]


def _piece(block: Block) -> Piece:
    codes, t, language = settings.publication().languages, frame.translate(), frame.language()
    told = entries.by_ids([block.entry]) if block.entry else []
    rows = tuple(field_row(block, name, codes) for name in issues.FIELDS[block.kind])
    return Piece(block, t(issues.KIND_NAMES[block.kind]), rows, told[0].title(language) if told else "")


@blueprint.get("/library", endpoint="library")
@guard.needs(Role.VIEWER)
def show_library() -> str:
    """Show the saved blocks, those that were searched for; with `issue` each can be put into it."""
    text = request.args.get("find", "").strip()[:200]
    number = request.args.get("issue", type=frame.number)
    into = issues.issue(number) if number else None
    return render_template(
        "dashboard/library.html",
        found=[(one, pieces_of(one.pieces)) for one in issues.saved_blocks(text)],
        find=text,
        into=into,
        into_name=issues.name_of(into, frame.language()) if into else "",
    )


@blueprint.get("/library/<int:number>")
@guard.needs(Role.EDITOR)
def saved_block(number: int) -> str:
    """Show one saved block, to be renamed and rewritten."""
    saved = issues.saved_block(number)
    return _form(saved, saved.name, saved.pieces)


def _form(saved: SavedBlock, name: str, blocks: Blocks, wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "dashboard/library_block.html", saved=saved, name=name, pieces=pieces_of(blocks), wrong=wrong or {}
    )


@blueprint.post("/library/<int:number>")
@guard.needs(Role.EDITOR)
def change_saved_block(number: int) -> Response:
    """Rename and rewrite a saved block."""
    saved, languages = issues.saved_block(number), settings.publication().languages
    texts = {
        block.id: {
            language: {name: typed(f"{block.id}.{name}.{language}") for name in issues.FIELDS[block.kind]}
            for language in languages
        }
        for block in saved.pieces
    }
    version = request.form.get("version", 0, type=frame.number)
    try:
        issues.change_saved(number, version, typed("name"), texts, guard.person().called)
    except (errors.Invalid, errors.Conflict) as error:
        db.session.rollback()
        saved = issues.saved_block(number)
        page = _form(saved, typed("name"), issues.rewritten(saved.pieces, texts), frame.wrong(error))
        return make_response(page, 422)
    accounts.audit(guard.person(), "changed a saved block", typed("name"))
    db.session.commit()
    say("Saved. Issues that took it before keep it as it was.")
    return redirect(url_for("dashboard.library"))


@blueprint.get("/library/<int:number>/delete")
@guard.needs(Role.EDITOR)
def ask_to_delete_saved_block(number: int) -> str:
    """Ask whether a block shall leave the library."""
    return render_template("dashboard/library_delete.html", saved=issues.saved_block(number))


@blueprint.post("/library/<int:number>/delete")
@guard.needs(Role.EDITOR)
def delete_saved_block(number: int) -> Response:
    """Take a block out of the library."""
    name = issues.saved_block(number).name
    issues.delete_saved(number)
    accounts.audit(guard.person(), "deleted a saved block", name)
    db.session.commit()
    say("“%(name)s” is no longer in the library.", name=name)
    return redirect(url_for("dashboard.library"))


def keep_from(issue_id: int, block_id: str) -> None:
    """Keep a block of an issue in the library, and say under which name."""
    kept = issues.keep(issues.issue(issue_id).pieces, block_id, guard.person().called, frame.language())
    accounts.audit(guard.person(), "saved a block to the library", kept.name)
    db.session.commit()
    say("The block is in the library now, as “%(name)s”.", name=kept.name)


@blueprint.post("/issues/<int:issue_id>/saved/<int:number>")
@guard.needs(Role.EDITOR)
def insert_saved_block(issue_id: int, number: int) -> Response:
    """Put a copy of a saved block into an issue as it is kept, from the page of the library."""
    found = issues.issue(issue_id)
    before = {block.id for block in found.pieces}
    blocks = issues.with_saved(found.pieces, number)
    issues.save(issue_id, found.version, blocks=blocks, by=guard.person().called)
    db.session.commit()
    new = next(block for block in blocks if block.id not in before)
    return redirect(f"{url_for('dashboard.issue', issue_id=issue_id)}#block-{new.id}")
