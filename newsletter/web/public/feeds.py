"""Feeds and calendars for programs to follow, and the page that lists them."""

from flask import Response, abort, render_template, request

from newsletter import archive, audience, settings
from newsletter.entries import Kind
from newsletter.web import frame
from newsletter.web.public import blueprint

_FRESH = "public, max-age=300"


@blueprint.get("/feed.atom")
def feed() -> Response:
    """Give what is new as an Atom feed: of everything, a list, a topic or a kind."""
    kind = request.args.get("kind", "")
    if kind and kind not in list(Kind):
        abort(404)
    chosen = archive.feed(
        frame.language(),
        list_slug=_list(),
        topic=request.args.get("topic") or None,
        kind=Kind(kind) if kind else None,
    )
    body = render_template(
        "feeds/feed.atom.xml", feed=chosen, address=settings.url(request.full_path.rstrip("?"))
    )
    return _kept(Response(body, mimetype="application/atom+xml"))


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    """Give the events as a calendar to subscribe to: all of them, or those of a topic."""
    body = archive.calendar(frame.language(), request.args.get("topic") or None)
    return _kept(Response(body, mimetype="text/calendar"))


@blueprint.get("/follow")
def follow() -> str:
    """List the feeds and calendars that there are."""
    return render_template(
        "public/follow.html", lists=audience.lists(public_only=True), topics=settings.topics()
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell well-behaved robots which doors are for people."""
    closed = ("/dashboard/", "/confirm/", "/unsubscribe/", "/preferences/", "/click/", "/api/", "/hooks/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.url('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Show search engines the way to every page, in each language."""
    body = render_template("feeds/sitemap.xml", pages=archive.site_pages())
    return _kept(Response(body, mimetype="application/xml"))


def _list() -> str | None:
    """Return the list asked for, which must be one that readers can find."""
    asked = request.args.get("list", "")
    if asked and asked not in {one.slug for one in audience.lists(public_only=True)}:
        abort(404)
    return asked or None


def _kept(response: Response) -> Response:
    """Let feed readers ask whether anything is new, instead of fetching it again."""
    response.headers["Cache-Control"] = _FRESH
    response.add_etag()
    response.make_conditional(request)
    return response
