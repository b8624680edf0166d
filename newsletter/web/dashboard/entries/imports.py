"""Taking entries in, by file or address, with a look at what would come before it does."""

from pathlib import PurePath
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, entries, languages
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.entries import Fetched, Imported, Kind, Options, Request, Status
from newsletter.errors import Invalid, NewsletterError
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.entries import how
from newsletter.web.dashboard.forms import Typed, refill, say, typed


@blueprint.get("/entries/import", endpoint="import_entries")
@guard.needs(Role.EDITOR)
def show_import() -> str:
    """Show the form that takes a file or an address."""
    return render_template(
        "dashboard/entries_import.html", form=Typed({"publish": "1"}), errors={}, **how.words()
    )


@blueprint.post("/entries/import", endpoint="look_into_import")
@guard.needs(Role.EDITOR)
def look_into_import() -> Response:
    """Read what was handed in and keep it aside; nothing becomes an entry yet."""
    chosen = how.chosen()
    db.session.commit()  # no transaction is held while the web is asked
    try:
        handed, name = _handed()
        _import(handed, name, chosen, dry_run=True)
    except NewsletterError as error:
        return refill("dashboard/entries_import.html", error, **how.words())
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
        write_days=entries.write_days_of,
        place_of=languages.place_of,
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
