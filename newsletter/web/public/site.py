"""The pages that anybody may read: home, entries, issues, privacy."""

from flask import render_template

from newsletter.web.public import blueprint


@blueprint.get("/")
def home() -> str:
    """Show what is coming, what was, and how to subscribe."""
    return render_template("public/home.html")


@blueprint.get("/entries/")
def entries() -> str:
    """List entries."""
    return render_template("public/entries.html")


@blueprint.get("/issues/")
def issues() -> str:
    """List sent issues."""
    return render_template("public/issues.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """Say what is kept about readers."""
    return render_template("public/privacy.html")


@blueprint.get("/follow")
def follow() -> str:
    """List feeds and calendars."""
    return render_template("public/follow.html")
