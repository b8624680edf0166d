"""Sources: the addresses from which entries come by themselves, visited every hour."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, entries
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.entries import how
from newsletter.web.dashboard.forms import Typed, refill, say, typed


@blueprint.get("/entries/sources", endpoint="sources")
@guard.needs(Role.VIEWER)
def show_sources() -> str:
    """Show the sources with how their last visit ended."""
    return render_template(
        "dashboard/entries_sources.html",
        sources=entries.sources(),
        errors={},
        form=Typed({"publish": "1"}),
        **how.words(),
    )


@blueprint.post("/entries/sources", endpoint="create_source")
@guard.needs(Role.EDITOR)
def create_source() -> Response:
    """Keep a new source and ask for its first visit."""
    chosen = how.chosen()
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
        return refill("dashboard/entries_sources.html", error, sources=entries.sources(), **how.words())
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
        **{**how.words(), "chosen": kept.topics},
    )


@blueprint.post("/entries/sources/<int:number>", endpoint="change_source")
@guard.needs(Role.EDITOR)
def change_source(number: int) -> Response:
    """Change how a source is read."""
    kept, chosen = entries.source(number), how.chosen()
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
        return refill("dashboard/entries_source.html", error, source=kept, **how.words())
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
