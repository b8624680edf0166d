"""The issues: all of them, a new one, and the editor where one is written, looked at, tested and sent on its way."""

import re

from flask import Response as Page
from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsletter import accounts, audience, errors, images, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, Kind, Materials, State
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import keep_picture, page_number, say, typed
from newsletter.web.dashboard.issue_form import Typed, read, read_rule, rearranged
from newsletter.web.dashboard.issue_view import View

_PREVIEW_POLICY = "default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


# All of them


@blueprint.get("/issues", endpoint="issues")
@guard.needs(Role.VIEWER)
def show_issues() -> str:
    """Show all issues by where they stand."""
    lists = {one.id: one for one in audience.lists()}
    found = issues.issues(page=page_number())
    standing = {one.id: issues.state_of(one) for one in found}
    reports = {one.id: issues.report(one.id) for one in found if one.mailing_id is not None}
    groups = {
        "open": [one for one in found if standing[one.id] in issues.OPEN],
        "sending": [one for one in found if standing[one.id] is State.SENDING],
        "past": [one for one in found if standing[one.id] in (State.SENT, State.CANCELLED)],
    }
    return render_template(
        "dashboard/issues.html",
        lists=lists,
        names={one.id: issues.name_of(one, frame.language()) for one in found},
        titles={one.id: _title(one) for one in found},
        groups=groups,
        standing=standing,
        reports=reports,
        more=len(found) == issues.PAGE,
        number=page_number(),
    )


@blueprint.get("/issues/new")
@guard.needs(Role.EDITOR)
def new_issue() -> str:
    """Show which lists a new issue can be of."""
    lists = audience.lists()
    counted = audience.all_counts()
    counts = {one.id: counted.get(one.id, audience.ListCounts()).confirmed for one in lists}
    proposals = {one.id: issues.entries_to_propose(one) for one in lists}
    return render_template("dashboard/issue_new.html", lists=lists, counts=counts, proposals=proposals)


@blueprint.post("/issues/new")
@guard.needs(Role.EDITOR)
def begin_issue() -> Response:
    """Begin an issue and open it."""
    begun = issues.draft(request.form.get("list", type=int) or 0, by=_me())
    accounts.audit(guard.person(), "began an issue", begun.slug)
    db.session.commit()
    return redirect(url_for("dashboard.issue", issue_id=begun.id))


# The editor


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
    blocks = rearranged(changed)
    version = found.version if changed.verb == "overwrite" else changed.version
    try:
        issues.save(
            issue_id,
            version,
            subjects=changed.subjects,
            preheaders=changed.preheaders,
            blocks=blocks,
            by=_me(),
        )
    except (errors.Conflict, errors.Invalid) as error:
        faster = isinstance(error, errors.Conflict)
        return _not_saved(issue_id, changed, frame.wrong(error), faster=faster)
    db.session.commit()
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
    here = url_for(
        "dashboard.issue", issue_id=issue_id, find=typed("find") or None, kind=typed("kind") or None
    )
    match changed.verb:
        case "review":
            return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
        case "test":
            return redirect(_after_test(issue_id, here))
        case "up" | "down" | "upload" | "clear":
            return redirect(f"{here}#block-{changed.what}")
        case "add":
            return redirect(f"{here}#add")
        case "find" | "add-entry" | "drop-entry":
            return redirect(f"{here}#picker" if changed.verb == "find" else here)
    return redirect(here)


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
    findings = issues.check(found, language, materials)
    view = View(materials, language)
    return render_template(
        "dashboard/issue.html",
        issue=found,
        name=issues.name_of(found, language),
        list=materials.mailing_list,
        editions=materials.languages,
        readers=audience.count_by_language(found.list_id, materials.languages),
        blocks=view.blocks(findings),
        findings=findings,
        errors_found=len(issues.errors_of(findings)),
        groups=view.candidates(request.values.get("find", "").strip(), request.values.get("kind", "")),
        find=request.values.get("find", "").strip(),
        kind=request.values.get("kind", ""),
        wrong=wrong or {},
        faster=faster,
        kinds=issues.KIND_NAMES,
        rules=view.rule_words(),
        most=issues.MOST,
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


@blueprint.get("/issues/<int:issue_id>/preview")
@guard.needs(Role.VIEWER)
def preview_issue(issue_id: int) -> Page:
    """Show one edition as its readers will get it, shut off from the dashboard."""
    found = issues.issue(issue_id)
    materials = issues.gather(found)
    chosen = request.args.get("edition", materials.languages[0])
    if chosen not in materials.languages:
        abort(404)
    letter = issues.preview(found, chosen, materials)
    view = request.args.get("view", "html")
    if view == "text":
        return shut_off(render_template("dashboard/issue_text.html", text=letter.text, edition=chosen))
    return shut_off(_in_the_dark(letter.html) if view == "dark" else _in_the_light(letter.html))


def shut_off(html: str) -> Page:
    """Answer with a letter as a page of its own, which can do nothing to the dashboard around it."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return answer


_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


def _in_the_dark(html: str) -> str:
    """Let a mail believe that its reader has a dark screen, whatever the editor's own is."""
    return _DARK.sub("@media all", html)


def _in_the_light(html: str) -> str:
    return _DARK.sub("@media not all", html)


@blueprint.post("/issues/<int:issue_id>/discard")
@guard.needs(Role.EDITOR)
def discard_issue(issue_id: int) -> Response:
    """Throw a draft away."""
    slug = issues.issue(issue_id).slug
    issues.discard(issue_id)
    accounts.audit(guard.person(), "threw a draft away", slug)
    db.session.commit()
    say("The draft is gone.")
    return redirect(url_for("dashboard.issues"))


def _title(found: Issue) -> tuple[str, str]:
    """Return the subject to show in the page's language, and the language it is in."""
    for code in (frame.language(), *found.subjects):
        if found.subjects.get(code):
            return found.subjects[code], code
    return "", frame.language()


def _me() -> str:
    you = guard.person()
    return you.name or you.email
