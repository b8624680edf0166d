"""Settings: where an organisation writes a theme of its own, tries it beside a letter, and puts it in use."""

from dataclasses import dataclass, replace

from flask import Response as Page
from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, rendering, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.settings import OwnTheme
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say
from newsletter.web.dashboard.letters import in_scheme, shut_off
from newsletter.web.dashboard.settings.look import gallery

_LONGEST_EXCERPT = 120
_LATEST = 20


@dataclass(frozen=True)
class Shown:
    """A fault as the page shows it: a sentence in the reader's language, the line, and what stands there."""

    sentence: str
    line: int | None
    excerpt: str


@blueprint.post("/settings/themes")
@guard.needs(Role.OWNER)
def begin_theme() -> Response:
    """Begin a theme as a copy of a built-in one."""
    try:
        theme = settings.add_own_theme(
            request.form.get("title", ""), request.form.get("base", ""), guard.person().email
        )
    except Invalid as error:
        db.session.rollback()
        return make_response(gallery(request.form, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "began a theme", theme.title)
    db.session.commit()
    return redirect(url_for("dashboard.workshop", theme_id=theme.id))


@blueprint.get("/settings/themes/<int:theme_id>")
@guard.needs(Role.OWNER)
def workshop(theme_id: int) -> str:
    """Show a theme to write on, with what is wrong with it and how it looks."""
    theme = settings.own_theme(theme_id)
    number = request.args.get("version", type=frame.number)
    return _page(theme, settings.version(theme, number).source)


@blueprint.post("/settings/themes/<int:theme_id>")
@guard.needs(Role.OWNER)
def write_theme(theme_id: int) -> Response:
    """Keep a draft, and put it in use where that was asked for."""
    theme, source = settings.own_theme(theme_id), request.form.get("source", "")
    try:
        settings.rename_own_theme(theme, request.form.get("title", theme.title))
        saved = settings.save_version(theme, source, guard.person().email)
    except Invalid as error:
        db.session.rollback()
        return make_response(_page(settings.own_theme(theme_id), source, frame.wrong(error)), 422)
    db.session.commit()  # a draft is kept, whatever is wrong with it
    if request.form.get("act") != "use":
        say("Saved as version %(number)s.", number=saved.number)
        return redirect(url_for("dashboard.workshop", theme_id=theme.id))
    return _put_in_use(theme, saved)


def _put_in_use(theme: OwnTheme, saved: settings.ThemeVersion) -> Response:
    try:
        settings.use_version(theme, saved.number)
    except Invalid as error:
        return make_response(_page(theme, saved.source, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "put a theme in use", theme.title)
    db.session.commit()
    say(
        "Version %(number)s sets every sample in every language and can be chosen as a look.",
        number=saved.number,
    )
    return redirect(url_for("dashboard.workshop", theme_id=theme.id))


@blueprint.post("/settings/themes/<int:theme_id>/restore")
@guard.needs(Role.OWNER)
def restore_theme(theme_id: int) -> Response:
    """Make an earlier version the newest draft again; none is lost."""
    theme = settings.own_theme(theme_id)
    old = settings.version(theme, request.form.get("version", type=frame.number))
    made = settings.save_version(theme, old.source, guard.person().email)
    db.session.commit()
    say("Version %(old)s is the draft again, as version %(number)s.", old=old.number, number=made.number)
    return redirect(url_for("dashboard.workshop", theme_id=theme.id))


@blueprint.post("/settings/themes/<int:theme_id>/remove")
@guard.needs(Role.OWNER)
def remove_theme(theme_id: int) -> Response:
    """Remove a theme that no mail wears."""
    theme = settings.own_theme(theme_id)
    title = theme.title
    try:
        settings.remove_own_theme(theme)
    except Invalid as error:
        source = settings.version(theme).source
        return make_response(_page(theme, source, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "removed a theme", title)
    db.session.commit()
    say("The theme “%(title)s” is removed.", title=title)
    return redirect(url_for("dashboard.themes"))


@blueprint.post("/settings/themes/<int:theme_id>/judged")
@guard.needs(Role.OWNER)
def judge_theme(theme_id: int) -> str:
    """Say what is wrong with a theme that is being written; nothing of it is kept."""
    theme, source = settings.own_theme(theme_id), request.form.get("source", "")
    return render_template("dashboard/workshop_judged.html", faults=_faults(theme, source))


@blueprint.route("/settings/themes/<int:theme_id>/letter", methods=["GET", "POST"])
@guard.needs(Role.OWNER)
def try_letter(theme_id: int) -> Page:
    """Show a sample letter in a theme that is being written, shut off from the dashboard; nothing of it is kept."""
    theme = settings.own_theme(theme_id)
    source = request.form.get("source") or settings.version(theme).source
    sample = rendering.samples(url_for("static", filename="sample.svg")).get(
        request.values.get("edition", frame.language())
    ) or abort(404)
    worn = replace(settings.look(), theme=theme.base, own=None)
    set_in_it = _tried(source, replace(sample, look=worn))
    if isinstance(set_in_it, str):
        return shut_off(in_scheme(set_in_it, request.values.get("scheme", "light")))
    return shut_off(render_template("dashboard/workshop_none.html", faults=_shown(set_in_it, source)))


def _tried(source: str, content: rendering.Content) -> str | list[rendering.Fault]:
    if len(source.encode()) > rendering.LONGEST_THEME:
        return [rendering.Fault("A theme may have 200 kB. Take out what it does not need.")]
    return rendering.preview_theme(source.replace("\r\n", "\n"), content)


def _page(theme: OwnTheme, source: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "dashboard/workshop.html",
        theme=theme,
        source=source,
        errors=errors or {},
        faults=_faults(theme, source),
        versions=settings.versions(theme)[:_LATEST],
        letter_languages=list(rendering.samples()),
    )


def _faults(theme: OwnTheme, source: str) -> list[Shown]:
    source = source.replace("\r\n", "\n")
    if len(source.encode()) > rendering.LONGEST_THEME:
        return _shown([rendering.Fault("A theme may have 200 kB. Take out what it does not need.")], source)
    return _shown(rendering.try_theme(source, theme.base), source)


def _shown(faults: list[rendering.Fault], source: str) -> list[Shown]:
    lines = source.split("\n")
    return [
        Shown(
            frame.translate().filled(fault.sentence),
            fault.line,
            lines[fault.line - 1].strip()[:_LONGEST_EXCERPT]
            if fault.line and fault.line <= len(lines)
            else "",
        )
        for fault in faults
    ]
