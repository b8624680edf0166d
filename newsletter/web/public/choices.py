"""What readers choose: lists, topics, language, name, time zone; leaving all; seeing and erasing what we hold."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from operator import itemgetter
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from newsletter import audience, clock, languages, settings
from newsletter.database import db
from newsletter.errors import BadLink, Invalid, NotFound
from newsletter.tokens import Purpose
from newsletter.web import frame
from newsletter.web.public import blueprint
from newsletter.web.public.readers import trouble
from newsletter.web.public.wishes import address, speak

_Zones = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Regions, each with the zones in it: their names for machines and for people."""


@blueprint.route("/preferences/<token>", methods=["GET", "POST"])
def preferences(token: str) -> ResponseReturnValue:
    """Show what a reader chose, and take what they change."""
    try:
        reader = _reader(token)
    except BadLink as error:
        return trouble(error, "preferences", token)
    if request.method != "POST":
        return _page(token, audience.preferences(reader))
    form = _read_form()
    try:
        chosen = _change(reader, form)
    except Invalid as error:
        db.session.rollback()
        page = _page(token, audience.preferences(reader), frame.wrong(error), form)
        page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page
    db.session.commit()
    return redirect(
        url_for("public.preferences", token=token, saved=1, language=chosen.language), HTTPStatus.SEE_OTHER
    )


@blueprint.route("/preferences/<token>/leave", methods=["GET", "POST"])
def leave(token: str) -> ResponseReturnValue:
    """End all subscriptions of a reader at once."""
    try:
        reader = _reader(token)
    except BadLink as error:
        return trouble(error, "preferences", token)
    if request.method != "POST":
        return redirect(url_for("public.preferences", token=token))
    audience.unsubscribe(reader, None, audience.Source.PREFERENCES, address())
    db.session.commit()
    standing = audience.standing(audience.Link(reader, None))
    speak(standing.language)
    way_back = settings.tokens().make(Purpose.UNSUBSCRIBE, reader, 0)
    page = render_template(
        "public/unsubscribed.html", standing=standing, token=way_back, preferences_token=token
    )
    return frame.private(page)


@blueprint.get("/preferences/<token>/data.json")
def personal_data(token: str) -> ResponseReturnValue:
    """Give a reader all that is held about them, as a file."""
    try:
        reader = _reader(token)
    except BadLink as error:
        return trouble(error, "preferences", token)
    answer = jsonify(audience.personal_data(reader))
    answer.headers["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return frame.private(answer)


@blueprint.route("/preferences/<token>/erase", methods=["GET", "POST"])
def erase(token: str) -> ResponseReturnValue:
    """Say what erasing means, and do it when the button is pressed."""
    try:
        reader = _reader(token)
    except BadLink as error:
        return trouble(error, "preferences", token)
    found = audience.preferences(reader)
    speak(found.language)
    if request.method != "POST":
        return frame.private(render_template("public/erase.html", preferences=found, token=token))
    audience.forget(reader)
    db.session.commit()
    return frame.private(render_template("public/erased.html"))


@dataclass(frozen=True)
class _Form:
    """The preference form as it was sent."""

    lists: list[str]
    topics: list[str]
    language: str
    name: str
    timezone: str


def _read_form() -> _Form:
    form = request.form
    return _Form(
        form.getlist("list"),
        form.getlist("topic"),
        form.get("language", ""),
        form.get("name", ""),
        form.get("timezone", ""),
    )


def _change(reader: int, form: _Form) -> audience.Preferences:
    return audience.change_preferences(
        reader,
        lists=form.lists,
        topics=form.topics,
        language=form.language or None,
        name=form.name if "name" in request.form else None,
        timezone=form.timezone if "timezone" in request.form else None,
        ip=address(),
    )


def _reader(token: str) -> int:
    """Return the number of the reader a link belongs to. Raises `BadLink`, also for one whose data was erased."""
    reader = audience.read_link(Purpose.PREFERENCES, token).reader
    try:
        audience.subscriber(reader)
    except NotFound as error:
        raise BadLink(str(error)) from error
    return reader


def _page(
    token: str,
    found: audience.Preferences,
    errors: dict[str, str] | None = None,
    form: _Form | None = None,
) -> Response:
    speak(found.language)
    shown = form or _Form(
        [choice.mailing_list.slug for choice in found.choices if choice.chosen],
        list(found.topics),
        found.language,
        found.name,
        found.timezone,
    )
    offered = zones(frame.language(), clock.now().date())
    page = render_template(
        "public/preferences.html",
        preferences=found,
        token=token,
        errors=errors or {},
        shown=shown,
        topics=settings.topics(),
        zones=offered,
        rare_zone=_rare_zone(shown.timezone, offered),
        own_zone=zone_name(settings.publication().timezone, frame.language(), clock.now().date()),
        saved="saved" in request.args and request.method != "POST",
        received=_received(found),
        counts_links=any(each.chosen and each.mailing_list.counts_links for each in found.choices),
    )
    return frame.private(page)


def _received(found: audience.Preferences) -> str:
    """Write what a reader gets in one line; empty where that is nothing."""
    got = (choice.mailing_list for choice in found.choices if choice.state is audience.State.CONFIRMED)
    return languages.write_list([each.title(frame.language()) for each in got], frame.language())


@lru_cache(maxsize=8)
def zones(language: str, day: date) -> _Zones:
    """Return the time zones of the world by region, each with its name in a language and its distance from UTC."""
    t = languages.translator(language)
    regions = {
        "Africa": t("Africa"),
        "America": t("Americas"),
        "Asia": t("Asia"),
        "Atlantic": t("Atlantic"),
        "Australia": t("Australia"),
        "Europe": t("Europe"),
        "Indian": t("Indian Ocean"),
        "Pacific": t("Pacific"),
    }
    return tuple((title, _zones_in(region, language, day)) for region, title in regions.items())


def _rare_zone(zone: str, offered: _Zones) -> str:
    """Return a reader's zone where it is none of those offered, such as `UTC` or an old name: saving must keep it."""
    return "" if any(zone == name for _, names in offered for name, _ in names) else zone


def _zones_in(region: str, language: str, day: date) -> tuple[tuple[str, str], ...]:
    others = get_global("zone_aliases")  # such as Asia/Saigon: each place stands there once
    names = (name for name in available_timezones() if name.startswith(f"{region}/") and name not in others)
    return tuple(sorted(((name, zone_name(name, language, day)) for name in names), key=itemgetter(1)))


def zone_name(zone: str, language: str, day: date) -> str:
    """Write a time zone as people know it, such as `Tokyo (UTC+9)`."""
    noon = clock.now().replace(year=day.year, month=day.month, day=day.day).astimezone(ZoneInfo(zone))
    minutes = int((noon.utcoffset() or noon - noon).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    distance = f"{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    return f"{languages.place_of(zone, language)} (UTC{distance})"
