"""The pages that anybody may read: home, entries, issues, privacy."""

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from newsletter import archive, audience, entries, settings
from newsletter.entries import Kind
from newsletter.web import frame
from newsletter.web.public import blueprint, structured
from newsletter.web.public.telling import featured, tell, tell_all
from newsletter.web.public.wishes import TRAP

_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-top-navigation-by-user-activation"
)
"""A letter is foreign HTML with its own inline style: it may look like itself, and do nothing."""


@blueprint.after_request
def tell_caches(response: Response) -> Response:
    """Say that a page may differ by the language the browser asks for."""
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/")
def home() -> str:
    """Show what the publisher does and one form; what is coming, what was, the latest issues, and the call for support."""
    language = frame.language()
    upcoming = tell_all(entries.upcoming(limit=4), language)
    return render_template(
        "public/home.html",
        lists=audience.lists(public_only=True),
        wording=audience.wording(language),
        trap=TRAP,
        upcoming=upcoming,
        featured=featured(upcoming),
        recent=tell_all(entries.recent(limit=4), language),
        articles=tell_all(entries.latest(limit=3), language),
        page=archive.sent_issues(language, per_page=3),
    )


@blueprint.get("/entries/", endpoint="entries")
def all_entries() -> str:
    """List entries by kind, topic and time, or those that hold the words somebody searches for."""
    kind, when = _kind(), request.args.get("when", "")
    words, topic = request.args.get("q", "").strip()[:200], _topic()
    if kind is Kind.EVENT and when not in ("upcoming", "past") and not words:
        when = "upcoming"
    page = archive.visible_entries(words, kind=kind, topic=topic, when=when or None, page=_page())
    return render_template(
        "public/entries.html",
        page=page,
        found=tell_all(page.entries, frame.language()),
        kind=kind.value if kind else "",
        when=when,
        topic=topic,
        words=words,
        topics=settings.topics(),
    )


@blueprint.get("/entries/<slug>")
def entry(slug: str) -> str:
    """Show one entry, with what belongs to it."""
    language = frame.language()
    told = tell(archive.visible_entry(slug), language)
    return render_template(
        "public/entry.html",
        told=told,
        entry=told.entry,
        related=tell_all(entries.related(told.entry), language),
        structured=structured.describe(told),
    )


@blueprint.get("/entries/<slug>.ics")
def entry_calendar(slug: str) -> Response:
    """Give one event to a calendar."""
    found = archive.visible_entry(slug)
    if not found.is_event:
        abort(404)
    response = Response(entries.calendar([found], frame.language()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{_ascii(found.slug)}.ics"'
    return response


@blueprint.get("/images/<digest>")
def image(digest: str) -> Response:
    """Give a picture; its address is the digest of its bytes, so it may be kept for ever."""
    found = entries.image(digest)
    response = Response(found.data, mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/issues/")
def issues() -> str:
    """List the issues that were sent."""
    chosen = request.args.get("list", "")
    lists = audience.lists(public_only=True)
    if chosen and chosen not in {one.slug for one in lists}:
        abort(404)
    page = archive.sent_issues(frame.language(), chosen or None, _page())
    return render_template("public/issues.html", page=page, lists=lists, chosen=chosen)


@blueprint.get("/issues/latest")
def latest_issue() -> BaseResponse:
    """Lead to the newest issue there is, of a list where one is named."""
    newest = archive.sent_issues(frame.language(), request.args.get("list") or None, per_page=1).issues
    return redirect(url_for("public.issue", slug=newest[0].slug) if newest else url_for("public.issues"))


@blueprint.get("/issues/<slug>")
def issue(slug: str) -> str:
    """Show an issue as it was sent, with its neighbours."""
    return render_template("public/issue.html", issue=archive.sent_issue(slug, frame.language()))


@blueprint.get("/issues/<slug>/letter")
def letter(slug: str) -> Response:
    """Give the letter itself, to be shown within the issue's page."""
    html = archive.letter(slug, frame.language())
    response = make_response(html.replace("<head>", '<head><base target="_top">', 1))
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/privacy")
def privacy() -> str:
    """Say what is kept about readers, why, and what they can do about it."""
    counts_links = any(each.counts_links for each in audience.lists())
    return render_template("public/privacy.html", counts_links=counts_links)


def _kind() -> Kind | None:
    asked = request.args.get("kind", "")
    if asked and asked not in list(Kind):
        abort(404)
    return Kind(asked) if asked else None


def _topic() -> str:
    asked = request.args.get("topic", "")
    return settings.topic(asked).slug if asked else ""


def _page() -> int:
    return request.args.get("page", 1, type=frame.number)


def _ascii(slug: str) -> str:
    return "".join(sign for sign in slug if sign.isascii() and (sign.isalnum() or sign in "-_")) or "event"
