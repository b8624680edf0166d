"""Settings: how the mail looks, chosen beside a letter that shows it; and a gallery of all themes."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Response as Page
from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, rendering, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, say
from newsletter.web.dashboard.letters import in_scheme, shut_off
from newsletter.web.dashboard.settings.look_form import (
    THEME_WORDS,
    asked_list,
    beside,
    filled,
    read,
    readable,
    with_uploads,
)

_PUBLICATION = 0


@blueprint.get("/settings/look")
@guard.needs(Role.OWNER)
def look() -> str:
    """Show how the mail of the publication, or of a list, looks."""
    return _page(filled(settings.chosen_look(_list_id())), {})


@blueprint.post("/settings/look")
@guard.needs(Role.OWNER)
def change_look() -> Response | str:
    """Keep a look; or, without scripts, show one that is not kept yet."""
    form: Mapping[str, str] = request.form
    act = request.form.get("act", "save")
    try:
        form = with_uploads(form)
        if act != "save":
            return _page(_acted(form, act), {})
        settings.change_look(read(form), _list_id())
    except Invalid as error:
        db.session.rollback()
        return make_response(_page(form, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "changed the look")
    db.session.commit()
    say("Saved. Letters that are sent from now on look like this.")
    return redirect(url_for("dashboard.look", list=request.form.get("list") or None))


@blueprint.post("/settings/look/drop")
@guard.needs(Role.OWNER)
def drop_look() -> Response:
    """Let a list look as the publication does."""
    settings.drop_look(_list_id())
    accounts.audit(guard.person(), "changed the look")
    db.session.commit()
    say("Saved. Letters that are sent from now on look like this.")
    return redirect(url_for("dashboard.look", list=request.form.get("list") or None))


@blueprint.get("/settings/look/judged")
@guard.needs(Role.OWNER)
def judge_look() -> str:
    """Say what would be hard to read in a look that is being chosen."""
    return render_template("dashboard/look_judged.html", **beside(request.args))


@blueprint.get("/settings/look/letter")
@guard.needs(Role.VIEWER)
def show_letter() -> Page:
    """Show a sample letter in a look, shut off from the dashboard."""
    edition = request.args.get("edition", "en")
    found = rendering.samples(url_for("static", filename="sample.svg")).get(edition) or abort(404)
    worn = settings.as_worn(readable(request.args))
    letter = rendering.render(replace(found, look=worn))
    return shut_off(in_scheme(letter.html, request.args.get("scheme", "light")))


@blueprint.get("/settings/themes")
@guard.needs(Role.OWNER)
def themes() -> str:
    """Show every theme with a sample letter, and the form that begins one."""
    return gallery()


def gallery(form: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> str:
    """Return the page of all themes; with what was typed to begin one, and what was wrong with it."""
    edition = request.args.get("edition", frame.language())
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    worn = filled(settings.chosen_look()) | {"edition": edition, "scheme": scheme}
    return render_template(
        "dashboard/themes.html",
        edition=edition,
        scheme=scheme,
        own=settings.own_themes(),
        built_in=[(name, frame.translate()(words[0])) for name, words in THEME_WORDS.items()],
        form=Typed(form or {}),
        errors=errors or {},
        now=settings.chosen_look().theme,
        **beside(worn),
    )


def _page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    found = asked_list()
    has_own = found is not None and settings.has_own_look(found.id)
    return render_template(
        "dashboard/look.html", form=Typed(form), errors=errors, has_own=has_own, **beside(form)
    )


def _acted(form: Mapping[str, str], act: str) -> dict[str, str]:
    """Return a form after a button of it that keeps nothing: a colour that was offered, a logo taken off."""
    verb, _, rest = act.partition(":")
    changed = dict(form)
    if verb == "take":
        name, _, colour = rest.partition(":")
        changed[name] = colour
    if verb == "off":
        changed[rest] = ""
        changed |= {"dark_kept": ""} if rest == "logo_kept" else {}
    return changed


def _list_id() -> int:
    found = asked_list()
    return found.id if found else _PUBLICATION
