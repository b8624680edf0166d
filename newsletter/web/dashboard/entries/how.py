"""How entries are to be taken in, by hand or from a source: as what, in which language, with which topics, published or not."""

from typing import Any

from flask import request

from newsletter import settings
from newsletter.entries import Kind
from newsletter.web import frame
from newsletter.web.dashboard.forms import typed


def chosen() -> dict[str, Any]:
    """Return what was chosen in the form; what does not exist counts as not chosen."""
    known = {topic.slug for topic in settings.topics()}
    return {
        "kind": typed("kind") if typed("kind") in (Kind.NEWS, Kind.ANALYSIS) else "",
        "language": typed("language") if typed("language") in settings.publication().languages else "",
        "topics": [slug for slug in request.form.getlist("topics") if slug in known],
        "publish": bool(typed("publish")),
    }


def words() -> dict[str, Any]:
    """Return what the form needs to be drawn."""
    t = frame.translate()
    return {
        "kinds": [("", t("as the source says")), ("news", t("News")), ("analysis", t("Analysis"))],
        "topics": settings.topics(),
        "chosen": request.form.getlist("topics"),
    }
