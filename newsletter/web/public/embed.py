"""The subscribe form as a few lines of HTML for other sites: no script, no style of ours, nothing loaded from here."""

from flask import render_template, request

from newsletter import audience, settings
from newsletter.web import frame
from newsletter.web.public import blueprint
from newsletter.web.public.wishes import TRAP


@blueprint.get("/subscribe/embed")
def embed() -> str:
    """Show the form's HTML to copy, for the lists that are asked for."""
    lists = audience.lists(public_only=True)
    asked = request.args.getlist("list")
    chosen = [each for each in lists if each.slug in asked] or lists
    with_topics = "topics" in request.args
    return render_template(
        "public/embed.html",
        lists=lists,
        chosen=chosen,
        with_topics=with_topics,
        snippet=snippet(chosen, settings.topics() if with_topics else []),
        topics=settings.topics(),
    )


def snippet(lists: list[audience.MailingList], topics: list[settings.Topic]) -> str:
    """Return the form as HTML that stands by itself, in the language of the page."""
    return render_template(
        "public/snippet.html",
        lists=lists,
        topics=topics,
        action=settings.url(f"/subscribe?language={frame.language()}"),
        wording=audience.wording(frame.language()),
        trap=TRAP,
    ).strip()
