"""The editor, where an issue is written, checked, tested and sent on its way to the review."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    stream_with_context,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsletter import accounts, audience, errors, images, issues
from newsletter.accounts import Role
from newsletter.database import begin_reading, db
from newsletter.issues import Brought, Issue, Kind, Materials
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.block_form import place_of
from newsletter.web.dashboard.composing.block_view import BlockChoices
from newsletter.web.dashboard.composing.form import Typed, mended, read, read_rule, rearranged
from newsletter.web.dashboard.composing.keeping import clash_views, keep, tell_what_came, who_was_faster
from newsletter.web.dashboard.composing.library import keep_from
from newsletter.web.dashboard.composing.missing import gaps
from newsletter.web.dashboard.composing.picker import as_arguments, picker
from newsletter.web.dashboard.composing.rich import reader_places
from newsletter.web.dashboard.composing.view import View
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import keep_picture, say, typed


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
    """Save what was typed, do what the pressed button says, and show where that leads.

    A script that asks for a fragment gets the page as it is then, to be taken over in place, or in `X-Go` where to go.
    """
    form, unfit = _with_pictures()
    found = issues.issue(issue_id)
    changed = read(form, found.pieces, audience.mailing_list(found.list_id).languages)
    if unfit:
        return _not_saved(issue_id, changed, unfit)
    changed = mended(found, changed)
    try:
        brought = keep(issue_id, changed, form)
    except (errors.Conflict, errors.Invalid) as error:
        return _refused(issue_id, changed, error)
    if brought.clashes:
        return _not_saved(issue_id, changed, brought=brought)
    if changed.verb == "look":
        issues.look_at_links_again(issue_id)
    db.session.commit()
    if changed.verb == "keep":
        keep_from(issue_id, changed.what)
    tell_what_came(brought)
    if _is_live() and _says_nothing(changed):
        return _kept(issue_id)
    return _shown(issue_id, _onward(issue_id, changed))


def _says_nothing(changed: Typed) -> bool:
    """Tell whether it was a save by the way, of which the page has nothing to say."""
    return changed.verb == "autosave" and "_flashes" not in session


def _kept(issue_id: int) -> Response:
    """Answer as soon as all is kept, before the page is put together, so that the letter can be drawn meanwhile."""

    def page() -> Iterator[str]:
        yield "\n"
        begin_reading()
        db.session.add(guard.person())  # the view's own session is closed by now
        found = issues.issue(issue_id)
        yield _editor(found, issues.gather(found))

    db.session.commit()
    return Response(stream_with_context(page()), headers={"X-Kept": "1"}, mimetype="text/html")


def _refused(issue_id: int, changed: Typed, error: errors.Conflict | errors.Invalid) -> Response:
    """Show why nothing was saved. What cannot be undone by itself is no reason not to keep what was typed."""
    if isinstance(error, errors.Conflict) and changed.verb in ("undo", "redo"):
        db.session.rollback()
        say(str(error), "warn")
        return _shown(issue_id, redirect(url_for("dashboard.issue", issue_id=issue_id)))
    return _not_saved(issue_id, changed, frame.wrong(error))


def _is_live() -> bool:
    return "X-Fragment" in request.headers


def _shown(issue_id: int, onward: Response) -> Response:
    """Answer a script with the page itself where the way leads back to it, else with the way."""
    here, _, place = onward.location.partition("#") if onward.location else ("", "", "")
    if not _is_live():
        return onward
    if urlsplit(here).path != urlsplit(url_for("dashboard.issue", issue_id=issue_id)).path:
        return Response(status=204, headers={"X-Go": onward.location or ""})
    found = issues.issue(issue_id)
    answer = make_response(_editor(found, issues.gather(found)))
    answer.headers["X-Place"] = place
    return answer


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


def _not_saved(
    issue_id: int, changed: Typed, wrong: dict[str, str] | None = None, brought: Brought | None = None
) -> Response:
    """Show the form again with all that was typed; what is kept stays as it is."""
    db.session.rollback()
    found = issues.issue(issue_id)
    blocks = rearranged(changed)
    db.session.expunge(found)
    found.subjects, found.preheaders = dict(changed.subjects), dict(changed.preheaders)
    found.version = changed.version
    page = _editor(found, issues.gather(found, blocks), wrong=wrong, brought=brought)
    conflict = brought or found.state not in issues.OPEN
    return make_response(page, 409 if conflict else 422)


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


def _editor(
    found: Issue,
    materials: Materials,
    wrong: dict[str, str] | None = None,
    brought: Brought | None = None,
) -> str:
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
        faster=who_was_faster(brought) if brought else "",
        clashes=clash_views(brought.clashes, materials.blocks) if brought else [],
        ways=issues.ways(found.id, guard.person().called),
        live=_is_live(),
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
