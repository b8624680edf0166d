"""Taking entries in: by file or address, with a look at what would come before it does; and sources visited every hour."""

from pathlib import PurePath
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, entries, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.entries import Fetched, Imported, Kind, Options, Request, Status
from newsletter.errors import Invalid, NewsletterError
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, refill, say, typed


@blueprint.get("/entries/import", endpoint="import_entries")
@guard.needs(Role.EDITOR)
def show_import() -> str:
    """Show the form that takes a file or an address."""
    return render_template(
        "dashboard/entries_import.html", form=Typed({"publish": "1"}), errors={}, **_words()
    )


@blueprint.post("/entries/import", endpoint="look_into_import")
@guard.needs(Role.EDITOR)
def look_into_import() -> Response:
    """Read what was handed in and keep it aside; nothing becomes an entry yet."""
    chosen = _chosen()
    db.session.commit()  # no transaction is held while the web is asked
    try:
        handed, name = _handed()
        _import(handed, name, chosen, dry_run=True)
    except NewsletterError as error:
        return refill("dashboard/entries_import.html", error, **_words())
    kept = entries.stash(handed, name, chosen)
    db.session.commit()
    return redirect(url_for("dashboard.preview_import", number=kept.id))


@blueprint.get("/entries/import/<int:number>")
@guard.needs(Role.EDITOR)
def preview_import(number: int) -> str:
    """Show what would come in."""
    kept, handed = entries.stashed(number)
    found = _import(handed, kept.name, kept.options, dry_run=True)
    return render_template(
        "dashboard/entries_preview.html",
        stash=kept,
        found=found,
        counts=_counts(found),
        known_source=_is_source(kept.url),
    )


@blueprint.post("/entries/import/<int:number>", endpoint="take_import")
@guard.needs(Role.EDITOR)
def take_import(number: int) -> Response:
    """Take in what was looked at."""
    kept, handed = entries.stashed(number)
    taken = _import(handed, kept.name, kept.options)
    if typed("keep") and kept.url and not _is_source(kept.url):
        chosen = {name: kept.options.get(name, "") for name in ("kind", "language")}
        entries.add_source(
            kept.url, topics=tuple(kept.options["topics"]), publish=bool(kept.options["publish"]), **chosen
        )
    entries.unstash(number)
    counts = _counts(taken)
    accounts.audit(guard.person(), "imported entries", kept.name)
    db.session.commit()
    say("Taken in: %(new)s new, %(changed)s changed, %(known)s known, %(skipped)s skipped.", **counts)
    return redirect(url_for("dashboard.entries"))


@blueprint.get("/entries/sources", endpoint="sources")
@guard.needs(Role.VIEWER)
def show_sources() -> str:
    """Show the sources with how their last visit ended."""
    return render_template(
        "dashboard/entries_sources.html",
        sources=entries.sources(),
        errors={},
        form=Typed({"publish": "1"}),
        **_words(),
    )


@blueprint.post("/entries/sources", endpoint="create_source")
@guard.needs(Role.EDITOR)
def create_source() -> Response:
    """Keep a new source and ask for its first visit."""
    chosen = _chosen()
    try:
        made = entries.add_source(
            typed("url"),
            title=typed("title"),
            kind=chosen["kind"],
            language=chosen["language"],
            topics=tuple(chosen["topics"]),
            publish=chosen["publish"],
        )
    except Invalid as error:
        return refill("dashboard/entries_sources.html", error, sources=entries.sources(), **_words())
    accounts.audit(guard.person(), "added a source", made.url)
    db.session.commit()
    say("The source is kept. Its first visit is on its way; load this page again in a moment.")
    return redirect(url_for("dashboard.sources"))


@blueprint.get("/entries/sources/<int:number>", endpoint="source")
@guard.needs(Role.EDITOR)
def edit_source(number: int) -> str:
    """Show the form that changes a source."""
    kept = entries.source(number)
    stored = {"title": kept.title, "kind": kept.kind, "language": kept.language}
    stored |= {"publish": "1" if kept.publish else "", "active": "1" if kept.active else ""}
    return render_template(
        "dashboard/entries_source.html",
        source=kept,
        form=Typed(stored),
        errors={},
        **{**_words(), "chosen": kept.topics},
    )


@blueprint.post("/entries/sources/<int:number>", endpoint="change_source")
@guard.needs(Role.EDITOR)
def change_source(number: int) -> Response:
    """Change how a source is read."""
    kept, chosen = entries.source(number), _chosen()
    try:
        entries.change_source(
            kept,
            title=typed("title"),
            kind=chosen["kind"],
            language=chosen["language"],
            topics=tuple(chosen["topics"]),
            publish=chosen["publish"],
            active=bool(typed("active")),
        )
    except Invalid as error:
        return refill("dashboard/entries_source.html", error, source=kept, **_words())
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.sources"))


@blueprint.post("/entries/sources/<int:number>/refresh")
@guard.needs(Role.EDITOR)
def refresh_source(number: int) -> Response:
    """Ask for a visit to a source now."""
    entries.ask_for(entries.source(number))
    db.session.commit()
    say("The visit is on its way; load this page again in a moment.")
    return redirect(url_for("dashboard.sources"))


@blueprint.post("/entries/sources/<int:number>/remove")
@guard.needs(Role.EDITOR)
def remove_source(number: int) -> Response:
    """Visit a source no more."""
    kept = entries.source(number)
    accounts.audit(guard.person(), "removed a source", kept.url)
    entries.remove_source(number)
    db.session.commit()
    say("The source is gone. The entries that came from it stay.")
    return redirect(url_for("dashboard.sources"))


def _handed() -> tuple[Fetched, str]:
    """Return the file or what stands at the address. Raises `Invalid`, `Unreachable`."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        with upload.stream as stream:
            data = stream.read(entries.LARGEST + 1)
        if len(data) > entries.LARGEST:
            raise Invalid("This file has more than 10 MB, which is the most that is taken in.", "file")
        return Fetched("", data), PurePath(upload.filename).name[:200]
    if not typed("url"):
        raise Invalid("Choose a file, or give an address.", "file")
    return entries.fetch(Request(typed("url"))), typed("url")


def _chosen() -> dict[str, Any]:
    known = {topic.slug for topic in settings.topics()}
    return {
        "kind": typed("kind") if typed("kind") in (Kind.NEWS, Kind.ANALYSIS) else "",
        "language": typed("language") if typed("language") in settings.publication().languages else "",
        "topics": [slug for slug in request.form.getlist("topics") if slug in known],
        "publish": bool(typed("publish")),
    }


def _import(handed: Fetched, name: str, chosen: dict[str, Any], *, dry_run: bool = False) -> list[Imported]:
    """Take in what was handed in, or only say what would be; between its parts nobody is kept waiting."""
    return entries.import_entries(
        handed, dry_run=dry_run, options=_options(chosen), name=name, breathe=db.session.commit
    )


def _options(chosen: dict[str, Any]) -> Options:
    return Options(
        kind=Kind(chosen["kind"]) if chosen["kind"] else None,
        language=chosen["language"],
        topics=tuple(chosen["topics"]),
        publish=chosen["publish"],
    )


def _counts(found: list[Imported]) -> dict[str, Any]:
    return {status.value: sum(one.status is status for one in found) for status in Status}


def _is_source(url: str) -> bool:
    return any(one.url == url for one in entries.sources())


def _words() -> dict[str, Any]:
    t = frame.translate()
    return {
        "kinds": [("", t("as the source says")), ("news", t("News")), ("analysis", t("Analysis"))],
        "topics": settings.topics(),
        "chosen": request.form.getlist("topics"),
    }
