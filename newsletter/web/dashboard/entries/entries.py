"""Entries: finding them, writing them in all languages side by side, and their life from draft to cancelled."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, entries, issues, languages, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.entries import Content, Entry, Kind
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.entries import entry_form
from newsletter.web.dashboard.forms import Typed, keep_picture, page_number, say

_STATES = ("draft", "published", "cancelled")


@blueprint.get("/entries", endpoint="entries")
@guard.needs(Role.VIEWER)
def show_entries() -> str:
    """Show the entries, searched and filtered."""
    asked = {
        name: request.args.get(name, "").strip() for name in ("search", "kind", "topic", "when", "state")
    }
    asked["kind"] = asked["kind"] if asked["kind"] in set(Kind) else ""
    asked["state"] = asked["state"] if asked["state"] in _STATES else ""
    found = entries.search(
        asked["search"],
        kind=asked["kind"] or None,
        topic=asked["topic"] or None,
        when=asked["when"] or None,
        state=asked["state"] or None,
        page=page_number(),
    )
    return render_template("dashboard/entries.html", found=found, asked=asked, topics=settings.topics())


@blueprint.get("/entries/new/<kind>")
@guard.needs(Role.EDITOR)
def new_entry(kind: str) -> Response:
    """Show an empty form."""
    return _form(_kind(kind), None, Typed({"timezone": settings.publication().timezone}))


@blueprint.post("/entries/new/<kind>")
@guard.needs(Role.EDITOR)
def create_entry(kind: str) -> Response:
    """Keep a new entry, or show the form again with what was wrong."""
    return _save(_kind(kind), None)


@blueprint.get("/entries/<int:number>")
@guard.needs(Role.VIEWER)
def entry(number: int) -> Response:
    """Show the form of an entry as it is kept."""
    kept = entries.get(number)
    return _form(kept.kind, kept, Typed(entry_form.fields_of(entries.content_of(kept))))


@blueprint.post("/entries/<int:number>")
@guard.needs(Role.EDITOR)
def change_entry(number: int) -> Response:
    """Keep what was changed, or show the form again with what was wrong or what somebody else changed."""
    kept = entries.get(number)
    wanted = request.form.get("kind", kept.kind)
    kind = kept.kind if kept.is_event or wanted not in (Kind.NEWS, Kind.ANALYSIS) else Kind(wanted)
    return _save(kind, kept)


@blueprint.post("/entries/<int:number>/<any(publish, withdraw, cancel, reinstate):verb>")
@guard.needs(Role.EDITOR)
def act_on_entry(number: int, verb: str) -> Response:
    """Publish, withdraw, cancel or reinstate an entry."""
    by = guard.person().called
    if verb == "publish":
        kept, sentence = entries.publish(number), "Published: readers can see it now."
    elif verb == "withdraw":
        kept, sentence = entries.withdraw(number), "Withdrawn: readers no longer see it."
    elif verb == "cancel":
        kept, sentence = (
            entries.cancel(number, by),
            "Cancelled: readers see that the event does not take place.",
        )
    else:
        kept, sentence = entries.reinstate(number, by), "The event takes place again."
    accounts.audit(guard.person(), _DONE[verb], kept.title(frame.language()))
    db.session.commit()
    say(sentence)
    told_otherwise = verb in ("cancel", "reinstate") and issues.outdated(number)
    return redirect(url_for("dashboard.correction" if told_otherwise else "dashboard.entry", number=number))


_DONE = {
    "publish": "published an entry",
    "withdraw": "withdrew an entry",
    "cancel": "cancelled an event",
    "reinstate": "reinstated an event",
}


@blueprint.get("/entries/<int:number>/delete")
@guard.needs(Role.EDITOR)
def ask_delete_entry(number: int) -> str:
    """Say what deleting means, with a button."""
    return render_template("dashboard/entry_delete.html", entry=entries.get(number))


@blueprint.post("/entries/<int:number>/delete")
@guard.needs(Role.EDITOR)
def delete_entry(number: int) -> Response:
    """Remove an entry for good."""
    title = entries.get(number).title(frame.language())
    entries.delete(number)
    accounts.audit(guard.person(), "deleted an entry", title)
    db.session.commit()
    say("“%(title)s” is deleted.", title=title)
    return redirect(url_for("dashboard.entries"))


def _kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise NotFound("There is no such kind of entry.") from None


def _save(kind: Kind, kept: Entry | None) -> Response:
    """Keep what was typed. Whatever goes wrong, the form comes back with all of it."""
    typed = dict(request.form.items())
    wrong = _take_picture(typed)
    if "more" in typed:  # another row was asked for
        return _form(kind, kept, Typed(typed), errors=wrong, more=typed["more"])
    content, unread = entry_form.read(typed, kind, kept)
    content = _with_lists(content)
    wrong = {**wrong, **_translated(unread), **_wrong_with(content, unread)}
    if wrong:
        return _form(kind, kept, Typed(typed), errors=wrong, status=422)
    try:
        saved = _keep(content, kept, typed)
    except Invalid as error:
        db.session.rollback()
        field = entry_form.field_name(error.field or "title")
        return _form(
            kind, kept, Typed(typed), errors={field: frame.translate().filled(str(error))}, status=422
        )
    except Conflict:
        db.session.rollback()
        return _stale(kind, kept, typed)
    db.session.commit()
    return redirect(url_for("dashboard.entry", number=saved.id))


def _number(version: str) -> int:
    """Read the version that somebody saw; 0 where it is none."""
    return int(version) if version.isdecimal() and len(version) < 10 else 0  # noqa: PLR2004 - digits of any version


def _keep(content: Content, kept: Entry | None, typed: dict[str, str]) -> Entry:
    by = guard.person()
    if kept is None:
        saved = entries.write(content)
        accounts.audit(by, "wrote an entry", saved.title(frame.language()))
    else:
        version = typed.get("version", "")
        saved = entries.change(kept.id, content, _number(version), by.called)
        accounts.audit(by, "changed an entry", saved.title(frame.language()))
    if typed.get("do") == "publish":
        entries.publish(saved.id)
        say("Published: readers can see it now.")
    else:
        say("Saved.")
    return saved


def _take_picture(typed: dict[str, str]) -> dict[str, str]:
    """Keep an uploaded picture at once, so that a mistake elsewhere in the form does not lose it."""
    if typed.get("drop_picture"):
        typed["image"] = ""
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return {}
    try:
        typed["image"] = keep_picture(upload)
    except Invalid as error:
        db.session.rollback()
        return {"picture": frame.translate().filled(str(error))}
    typed.pop("drop_picture", None)
    return {}


def _with_lists(content: Content) -> Content:
    known = {topic.slug for topic in settings.topics()}
    spoken = tuple(code for code in request.form.getlist("languages_spoken") if code.isalpha())
    topics = tuple(slug for slug in request.form.getlist("topics") if slug in known)
    return Content(**{**vars(content), "topics": topics, "languages_spoken": spoken})


def _wrong_with(content: Content, unread: dict[str, str]) -> dict[str, str]:
    """Return by field of the form all that the domain says against what was typed and could be read."""
    t = frame.translate()
    found = {
        entry_form.field_name(error.field or "title"): t.filled(str(error))
        for error in entries.check(content)
    }
    days_unread = any(name.startswith("day-") for name in unread)  # a day that was not read is not missing
    return {name: said for name, said in found.items() if not (days_unread and name.startswith("day-"))}


def _translated(sentences: dict[str, str]) -> dict[str, str]:
    t = frame.translate()
    return {name: t.filled(sentence) for name, sentence in sentences.items()}


def _stale(kind: Kind, kept: Entry | None, typed: dict[str, str]) -> Response:
    """Show what somebody else changed meanwhile above what was typed; the next save overrules it knowingly."""
    assert kept is not None
    version = typed.get("version", "")
    theirs = entries.changes(kept.id, _number(version))
    typed["version"] = str(entries.get(kept.id).version)
    return _form(kind, kept, Typed(typed), status=409, theirs=theirs, stale=True)


def _form(
    kind: Kind, kept: Entry | None, form: Typed, *, status: int = 200, more: str = "", **values: Any
) -> Response:
    posted = request.method == "POST"
    stored = entries.content_of(kept) if kept else None
    page = render_template(
        "dashboard/entry.html",
        kind=kind,
        entry=kept,
        form=form,
        version=form["version"] or (kept.version if kept else 0),
        errors=values.pop("errors", {}),
        topics=settings.topics(),
        chosen=request.form.getlist("topics") if posted else stored.topics if stored else (),
        spoken=request.form.getlist("languages_spoken")
        if posted
        else stored.languages_spoken
        if stored
        else (),
        day_rows=entry_form.rows_in(form, "day") + (more == "day"),
        speaker_rows=entry_form.rows_in(form, "speaker", 2) + (more == "speaker"),
        zones=entry_form.zones(),
        history=entries.changes(kept.id)[:20] if kept else [],
        describe=entries.describe_change,
        name_field=entries.name_field,
        touched=_touched(kept) if kept else "",
        **values,
    )
    return make_response(page, status)


def _touched(kept: Entry) -> str:
    """Name what an editor wrote and a source no longer changes."""
    names = [entries.name_field(name.partition(".")[0], frame.language()) for name in kept.touched]
    return languages.write_list(list(dict.fromkeys(names)), frame.language())
