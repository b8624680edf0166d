"""Subscribers: finding them, seeing what they agreed to and got, adding, importing, exporting and forgetting them."""

from collections.abc import Iterator
from datetime import date

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter import accounts, audience, clock, delivery, mail, settings
from newsletter.accounts import Role
from newsletter.audience import MailingList, Source, State
from newsletter.database import db
from newsletter.errors import Invalid, NotFound
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, page_number, refill, say, typed

# Finding


@blueprint.get("/subscribers")
@guard.needs(Role.EDITOR)
def subscribers() -> str:
    """Show subscribers, newest first, searched and filtered."""
    asked = _Asked()
    found = audience.search(asked.text, asked.list_id, asked.state, page_number(), language=asked.language)
    titles = {each.id: each.title(frame.language()) for each in audience.lists()}
    return render_template("dashboard/subscribers.html", found=found, asked=asked, titles=titles, **_words())


class _Asked:
    """What was searched for; a filter that means nothing is left out."""

    def __init__(self) -> None:
        arguments = request.args
        self.text = arguments.get("search", "").strip()
        self.list = arguments.get("list", "")
        self.list_id = next((each.id for each in audience.lists() if each.slug == self.list), None)
        self.state = next((state for state in State if state == arguments.get("state")), None)
        spoken = arguments.get("speaks", "")
        self.language = spoken if spoken in settings.publication().languages else None

    @property
    def narrowed(self) -> bool:
        """Tell whether anything was asked for."""
        return bool(self.text or self.list_id or self.state or self.language)


def _words() -> dict[str, list[tuple[str, str]]]:
    return {"list_words": [(each.slug, each.title(frame.language())) for each in audience.lists()]}


# One


@blueprint.get("/subscribers/<int:number>")
@guard.needs(Role.EDITOR)
def subscriber(number: int) -> str:
    """Show one subscriber: what they chose, agreed to and got."""
    return _page_of(number)


def _page_of(number: int) -> str:
    one = audience.subscriber(number)
    return render_template(
        "dashboard/subscriber.html",
        one=one,
        chosen=audience.preferences(number),
        topics=settings.topics(),
        consents=audience.consents(number),
        history=delivery.history(number),
        suppression=delivery.suppression(one.address),
    )


@blueprint.post("/subscribers/<int:number>/unsubscribe")
@guard.needs(Role.EDITOR)
def unsubscribe(number: int) -> AnyResponse:
    """End one subscription, or all of them."""
    slug = typed("list")
    one = audience.subscriber(number)
    audience.unsubscribe(number, audience.mailing_list(slug).id if slug else None, Source.DASHBOARD)
    accounts.audit(guard.person(), "unsubscribed a subscriber", f"{number}, {slug or 'all lists'}")
    db.session.commit()
    say("%(address)s is unsubscribed.", address=one.address)
    return redirect(url_for("dashboard.subscriber", number=number))


@blueprint.get("/subscribers/<int:number>/forget")
@guard.needs(Role.EDITOR)
def ask_to_forget(number: int) -> str:
    """Say what forgetting means, and ask."""
    return render_template("dashboard/subscriber_forget.html", one=audience.subscriber(number))


@blueprint.post("/subscribers/<int:number>/forget")
@guard.needs(Role.EDITOR)
def forget(number: int) -> AnyResponse:
    """Erase a subscriber."""
    audience.subscriber(number)
    audience.forget(number, Source.DASHBOARD)
    accounts.audit(
        guard.person(), "erased a subscriber", str(number)
    )  # the address is to be forgotten here too
    db.session.commit()
    say("The subscriber is erased. Nobody can write to that address by mistake.")
    return redirect(url_for("dashboard.subscribers"))


# Adding


@blueprint.get("/subscribers/new")
@guard.needs(Role.EDITOR)
def new_subscriber() -> str:
    """Show the form that adds one subscriber by hand."""
    return render_template("dashboard/subscriber_new.html", form=Typed({}), chosen=[], errors={}, **_words())


@blueprint.post("/subscribers/new")
@guard.needs(Role.EDITOR)
@frame.limiter.limit("200/hour")
def add_subscriber() -> AnyResponse:
    """Write to one person, who is on the list as soon as they press the link."""
    chosen = tuple(request.form.getlist("list"))
    wish = audience.Request(
        email=typed("email"),
        name=typed("name"),
        language=typed("speaks") or frame.language(),
        lists=chosen,
        source=Source.DASHBOARD,
    )
    try:
        announced = audience.subscribe(wish)
    except Invalid as error:
        return refill("dashboard/subscriber_new.html", error, chosen=chosen, **_words())
    accounts.audit(guard.person(), "added a subscriber", ", ".join(each.slug for each in announced.lists))
    db.session.commit()
    say(
        "A mail to %(address)s asks for the confirmation. They are on the list once they press its link.",
        address=announced.address,
    )
    return redirect(url_for("dashboard.subscribers"))


# Files in and out


@blueprint.get("/subscribers/import")
@guard.needs(Role.EDITOR)
def import_form() -> str:
    """Show the form that takes in a file."""
    return render_template(
        "dashboard/subscribers_import.html", form=Typed({}), report=None, errors={}, **_words()
    )


@blueprint.post("/subscribers/import")
@guard.needs(Role.EDITOR)
def import_file() -> AnyResponse | str:
    """Take in a file and report on each line that could not be read.

    What is taken in is kept part by part, so that nobody who subscribes meanwhile waits for the whole of it.
    """
    try:
        into, data = _list().id, _upload()
        db.session.commit()
        report = audience.import_subscribers(
            data, into, confirmed=bool(typed("confirmed")), progress=lambda _done, _of: db.session.commit()
        )
    except Invalid as error:
        return refill("dashboard/subscribers_import.html", error, report=None, **_words())
    accounts.audit(
        guard.person(), "imported subscribers", f"{_list().slug}: {report.created} + {report.updated}"
    )
    db.session.commit()
    return render_template(
        "dashboard/subscribers_import.html",
        form=Typed({}),
        report=report,
        errors={},
        into=_list(),
        **_words(),
    )


@blueprint.post("/subscribers/export")
@guard.needs(Role.EDITOR)
def export() -> Response:
    """Give a list out as a table; a post, because the trail notes it."""
    the_list = _list()
    accounts.audit(guard.person(), "exported subscribers", the_list.slug)
    db.session.commit()
    lines = audience.export_csv(the_list.id, tuple(State))
    answer = Response(stream_with_context(_with_mark(lines)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{the_list.slug}-{_today()}.csv"'
    return answer


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """Put the mark before the text by which spreadsheets know that it is UTF-8."""
    yield "\ufeff"
    yield from lines


def _today() -> date:
    return clock.now().astimezone(settings.publication().zone).date()


def _list() -> MailingList:
    try:
        return audience.mailing_list(typed("list"))
    except NotFound as error:
        raise Invalid("Choose a list.", "list") from error


def _upload() -> bytes:
    sent = request.files.get("file")
    pasted = typed("text")
    data = sent.read() if sent and sent.filename else pasted.encode()
    if not data.strip():
        raise Invalid("Choose a file, or paste addresses.", "file")
    return data


# Suppressions


@blueprint.get("/subscribers/suppressions")
@guard.needs(Role.EDITOR)
def suppressions() -> str:
    """Show the addresses that are not mailed."""
    page = delivery.suppressions(page_number())
    return render_template("dashboard/subscribers_suppressed.html", found=page, form=Typed({}), errors={})


@blueprint.post("/subscribers/suppressions")
@guard.needs(Role.EDITOR)
def suppress() -> AnyResponse:
    """Mail an address no more."""
    try:
        delivery.suppress(mail.read_address(typed("email")).email, typed("reason") or "added by hand")
    except Invalid as error:
        return refill("dashboard/subscribers_suppressed.html", error, found=delivery.suppressions(1))
    accounts.audit(guard.person(), "suppressed an address")
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.suppressions"))


@blueprint.post("/subscribers/suppressions/lift")
@guard.needs(Role.EDITOR)
def lift() -> AnyResponse:
    """Let an address be mailed again."""
    address = typed("email")
    try:
        lifted = delivery.lift(address)
    except Invalid as error:
        return refill("dashboard/subscribers_suppressed.html", error, found=delivery.suppressions(1))
    accounts.audit(guard.person(), "lifted a suppression")
    db.session.commit()
    if lifted:
        say("%(address)s can be mailed again.", address=address)
    else:
        say("%(address)s was not suppressed.", "warn", address=address)
    return redirect(url_for("dashboard.suppressions"))
