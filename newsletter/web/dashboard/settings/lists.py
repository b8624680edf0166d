"""Lists: what readers can subscribe to, how each goes, and the form to put on other sites."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, languages, settings
from newsletter.accounts import Role
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.web import frame
from newsletter.web.dashboard import dates, guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, by_language, refill, say, texts, typed


@blueprint.get("/lists", endpoint="lists")
@guard.needs(Role.VIEWER)
def show_lists() -> str:
    """Show the lists with their counts."""
    return render_template("dashboard/lists.html", lists=audience.lists(), counts=audience.all_counts())


@blueprint.get("/lists/new")
@guard.needs(Role.EDITOR)
def new_list() -> str:
    """Show the form that makes a list."""
    chosen = settings.publication().languages
    return render_template(
        "dashboard/list_edit.html", the_list=None, form=Typed({"public": "1"}), chosen=chosen, errors={}
    )


@blueprint.post("/lists/new")
@guard.needs(Role.EDITOR)
def create_list() -> Response:
    """Make a list."""
    try:
        _keep_off_our_own_pages(typed("slug"))
        made = audience.create_list(
            typed("slug"),
            texts("titles"),
            languages=_languages(),
            descriptions=texts("descriptions"),
            public=bool(typed("public")),
        )
        audience.change_list(
            made.id,
            unknown=typed("unknown") or "resend",
            welcomes=bool(typed("welcomes")),
            counts_links=bool(typed("counts_links")),
            approvers=_approvers(made),
        )
    except Invalid as error:
        return refill("dashboard/list_edit.html", error, the_list=None, chosen=_languages())
    accounts.audit(guard.person(), "created a list", made.slug)
    db.session.commit()
    say("The list “%(title)s” is there. Nobody has subscribed yet.", title=made.title(frame.language()))
    return redirect(url_for("dashboard.list", slug=made.slug))


@blueprint.get("/lists/<slug>", endpoint="list")
@guard.needs(Role.VIEWER)
def show_list(slug: str) -> str:
    """Show one list: how it goes, and the form to put on other sites."""
    the_list = audience.mailing_list(slug)
    return render_template(
        "dashboard/list.html",
        the_list=the_list,
        counts=audience.counts(the_list.id),
        by_language=audience.count_by_language(the_list.id),
        months=_points(the_list),
        snippets=_snippets(the_list),
    )


@blueprint.get("/lists/<slug>/edit")
@guard.needs(Role.EDITOR)
def edit_list(slug: str) -> str:
    """Show the form that changes a list."""
    the_list = audience.mailing_list(slug)
    stored = by_language("titles", the_list.titles) | by_language("descriptions", the_list.descriptions)
    stored |= {"slug": slug, "unknown": the_list.unknown, "public": "1" if the_list.public else ""}
    stored |= {"approvers": the_list.approvers}
    stored |= {name: "1" if getattr(the_list, name) else "" for name in ("welcomes", "counts_links")}
    return render_template(
        "dashboard/list_edit.html",
        the_list=the_list,
        form=Typed(stored),
        chosen=the_list.languages,
        errors={},
    )


@blueprint.post("/lists/<slug>/edit")
@guard.needs(Role.EDITOR)
def change_list(slug: str) -> Response:
    """Change a list."""
    try:
        audience.change_list(
            slug,
            titles=texts("titles"),
            descriptions=texts("descriptions"),
            languages=_languages(),
            public=bool(typed("public")),
            unknown=typed("unknown"),
            welcomes=bool(typed("welcomes")),
            counts_links=bool(typed("counts_links")),
            approvers=_approvers(audience.mailing_list(slug)),
        )
    except Invalid as error:
        return refill(
            "dashboard/list_edit.html", error, the_list=audience.mailing_list(slug), chosen=_languages()
        )
    accounts.audit(guard.person(), "changed a list", slug)
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.list", slug=slug))


def _approvers(the_list: MailingList) -> str:
    """Return who approves its issues by the form. Only an owner changes that: an editor could let themselves out."""
    if not accounts.allowed(guard.person(), Role.OWNER) or typed("approvers") == the_list.approvers:
        return the_list.approvers
    change = f"{the_list.slug}: {the_list.approvers or 'nobody'} → {typed('approvers') or 'nobody'}"
    accounts.audit(guard.person(), "changed who approves the issues of a list", change)
    return typed("approvers")


def _keep_off_our_own_pages(slug: str) -> None:
    if slug.lower() == "new":
        raise Invalid("The short name “new” is taken by this dashboard. Choose another.", "slug")


def _languages() -> list[str]:
    """Return what was ticked; nothing ticked means all the publication's."""
    return [
        code for code in settings.publication().languages if code in request.form.getlist("languages")
    ] or list(settings.publication().languages)


def _points(the_list: MailingList) -> list[tuple[str, int]]:
    """Return the confirmed subscribers at the end of each of the last twelve months, with words for the axis."""
    return [(dates.month(month.first), month.total) for month in audience.growth(the_list.id)]


def _snippets(the_list: MailingList) -> dict[str, str]:
    """Return the form to paste into another site, in each language of the list."""
    return {
        code: render_template(
            "dashboard/list_snippet.html", the_list=the_list, t=languages.translator(code), code=code
        )
        for code in the_list.languages
    }
