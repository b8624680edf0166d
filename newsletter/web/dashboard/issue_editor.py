"""The editor, where an issue is written, checked, tested and sent on its way to the review."""

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsletter import accounts, audience, errors, images, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, Kind, Materials
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.block_form import place_of
from newsletter.web.dashboard.block_view import BlockChoices
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import keep_picture, say, typed
from newsletter.web.dashboard.issue_form import Typed, mended, read, read_rule, rearranged
from newsletter.web.dashboard.issue_missing import gaps
from newsletter.web.dashboard.issue_picker import as_arguments, picker
from newsletter.web.dashboard.issue_rich import reader_places
from newsletter.web.dashboard.issue_view import View
from newsletter.web.dashboard.library import keep_from


@blueprint.get("/issues/<int:issue_id>", endpoint="issue")
@guard.needs(Role.VIEWER)
def show_issue(issue_id: int) -> str | Response:
    """Show the editor; for an issue that is on its way, what becomes of it."""
    found = issues.issue(issue_id)
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    if not accounts.allowed(guard.person(), Role.EDITOR):
        return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
    return _editor(found, issues.gather(found))


@blueprint.post("/issues/<int:issue_id>")
@guard.needs(Role.EDITOR)
def change_issue(issue_id: int) -> Response | str:
    """Save what was typed, do what the pressed button says, and show where that leads."""
    form, unfit = _with_pictures()
    found = issues.issue(issue_id)
    changed = read(form, found.pieces, audience.mailing_list(found.list_id).languages)
    if unfit:
        return _not_saved(issue_id, changed, unfit)
    changed = mended(found, changed)
    blocks = rearranged(changed)
    version = found.version if changed.verb == "overwrite" else changed.version
    try:
        issues.save(
            issue_id,
            version,
            subjects=changed.subjects,
            preheaders=changed.preheaders,
            blocks=blocks,
            by=guard.person().called,
        )
    except (errors.Conflict, errors.Invalid) as error:
        faster = isinstance(error, errors.Conflict)
        return _not_saved(issue_id, changed, frame.wrong(error), faster=faster)
    if changed.verb == "look":
        issues.look_at_links_again(issue_id)
    db.session.commit()
    if changed.verb == "keep":
        keep_from(issue_id, changed.what)
    return _onward(issue_id, changed)


def _with_pictures() -> tuple[MultiDict[str, str], dict[str, str]]:
    """Keep the pictures that were uploaded, and return the form with them in it, and by field which are unfit."""
    form, unfit = MultiDict(request.form), {}
    for field, upload in request.files.items():
        if upload.filename and field.endswith(".file"):
            try:
                form[field.removesuffix("file") + "image"] = keep_picture(upload)
            except errors.Invalid as error:
                unfit[field] = frame.translate().filled(str(error))
    return form, unfit


def _not_saved(issue_id: int, changed: Typed, wrong: dict[str, str], *, faster: bool = False) -> Response:
    """Show the form again with all that was typed; what is kept stays as it is."""
    db.session.rollback()
    found = issues.issue(issue_id)
    who = _who_was_faster(found) if faster else ""
    db.session.expunge(found)
    found.subjects, found.preheaders = dict(changed.subjects), dict(changed.preheaders)
    found.version = changed.version
    page = _editor(found, issues.gather(found, changed.blocks), wrong=wrong, faster=who)
    return make_response(page, 409 if faster else 422)


def _who_was_faster(found: Issue) -> str:
    t = frame.translate()
    if found.state not in issues.OPEN:
        return t("This issue is on its way or sent, and cannot be changed any more.")
    if found.changed_by:
        return t(
            "%(by)s has saved this issue since you opened it. Nothing of yours is lost.", by=found.changed_by
        )
    return t("Somebody has saved this issue since you opened it. Nothing of yours is lost.")


def _onward(issue_id: int, changed: Typed) -> Response:
    arguments = as_arguments(request.form, changed.verb, changed.what)
    here = url_for("dashboard.issue", issue_id=issue_id, **arguments)
    match changed.verb:
        case "review":
            return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
        case "test":
            return redirect(_after_test(issue_id, here))
        case "library":
            return redirect(url_for("dashboard.library", issue=issue_id))
        case "mend" | "look":
            return redirect(f"{here}#checks")
    return redirect(f"{here}{place_of(changed.verb, changed.what)}")


def _after_test(issue_id: int, here: str) -> str:
    address = typed("test_address") or guard.person().email
    try:
        issues.test(issue_id, address)
    except errors.Invalid as error:
        db.session.rollback()
        say(str(error), "bad")
        return f"{here}#test"
    db.session.commit()
    say("A test of each edition is on its way to %(address)s.", address=address)
    return here


def _editor(found: Issue, materials: Materials, wrong: dict[str, str] | None = None, faster: str = "") -> str:
    language = frame.language()
    inspection = issues.inspect(found, language, materials)
    view = View(materials, language)
    return render_template(
        "dashboard/issue.html",
        issue=found,
        name=issues.name_of(found, language),
        list=materials.mailing_list,
        editions=materials.languages,
        readers=issues.count_readers(found, materials.languages),
        lines=view.lines_in_inboxes(),
        inbox_names=view.inbox_names(),
        blocks=view.blocks(inspection.findings),
        inspection=inspection,
        picker=picker(materials, language, request.values),
        wrong=wrong or {},
        faster=faster,
        kinds=issues.KIND_NAMES,
        rules=view.rule_words(),
        most=issues.MOST,
        gaps=gaps(materials, language),
        saved=[(str(one.id), one.name) for one in issues.saved_blocks()],
        choices=BlockChoices(materials, language),
        longest_text=issues.LONGEST_TEXT,
        places=reader_places(view.t, materials.languages),
        largest_picture=images.LARGEST_FILE,
    )


@blueprint.get("/issues/<int:issue_id>/lists/<block_id>")
@guard.needs(Role.EDITOR)
def taken_by_list(issue_id: int, block_id: str) -> str:
    """Show what an entry list would take by the rule in the form, for a script that asks while it is changed."""
    found = issues.issue(issue_id)
    block = next((one for one in found.pieces if one.id == block_id), None)
    if block is None or block.kind is not Kind.ENTRY_LIST:
        abort(404)
    blocks = issues.edited(found.pieces, block_id, rule=read_rule(request.args, block))
    materials = issues.gather(found, blocks)
    return render_template(
        "dashboard/issue_taken.html",
        view=View(materials, frame.language()).list_of(block_id),
        editions=materials.languages,
    )


@blueprint.post("/issues/<int:issue_id>/test")
@guard.needs(Role.EDITOR)
def test_issue(issue_id: int) -> Response:
    """Send what is saved to whoever asks, from the overview."""
    return redirect(_after_test(issue_id, url_for("dashboard.overview")))
