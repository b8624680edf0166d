"""The sentence before the button: what will happen to whom, and who is left out."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime

from newsletter import clock, errors, issues, languages, settings
from newsletter.issues import Issue, Outlook, Why
from newsletter.web import frame
from newsletter.web.dashboard.dates import short_moment
from newsletter.web.dashboard.forms import clock_time

NOW, AT, OWN = "now", "at", "own"


@dataclass(frozen=True)
class Choice:
    """When an issue is to go out, as it stands in a form: `day` and `hour` as clocks show them where the publication is."""

    when: str = NOW
    day: str = ""
    hour: str = "09:00"

    @property
    def by_own_clock(self) -> datetime | None:
        """The time by readers' own clocks, without a zone; none where it goes to all at one moment. Raises `Invalid`."""
        return self._local() if self.when == OWN else None

    @property
    def moment(self) -> datetime | None:
        """The moment in UTC; none for now, or where there are several. Raises `Invalid` with the field that is wrong."""
        if self.when != AT:
            return None
        local = self._local().replace(tzinfo=settings.publication().zone)
        if local <= clock.now():
            raise errors.Invalid("This moment has passed. Choose a later one, or send now.", "day")
        return local.astimezone(UTC)

    def _local(self) -> datetime:
        try:
            day = date.fromisoformat(self.day)
        except ValueError:
            raise errors.Invalid("Choose the day on which it goes out.", "day") from None
        if not MINYEAR < day.year < MAXYEAR:
            raise errors.Invalid("This year cannot be right.", "day")
        return datetime.combine(day, clock_time(self.hour))

    @property
    def said(self) -> str:
        """What the sentence spoke of, so that a press does that and nothing else."""
        moment = self.moment or self.by_own_clock
        return f"{self.when} {moment.isoformat()}" if moment else self.when


def ways() -> list[tuple[str, str]]:
    """Return when an issue can go out, as pairs of value and words."""
    t = frame.translate()
    place = languages.place_of(settings.publication().timezone, frame.language())
    return [
        (NOW, t("At once")),
        (AT, t("At a time by the clock in %(place)s", place=place)),
        (OWN, t("At a time by each reader’s own clock")),
    ]


def sentence(found: Issue, seen: Outlook, moment: datetime | None) -> str:
    """Say who gets an issue when, by language, and who is left out for which reason."""
    t, language = frame.translate(), frame.language()
    number = languages.write_number(seen.total, language)
    values = {"name": issues.name_of(found, language), "count": number, "parts": _parts(seen)}
    if moment is None:
        goes = t.plural(
            "%(name)s goes to %(count)s reader: %(parts)s.",
            "%(name)s goes to %(count)s readers: %(parts)s.",
            seen.total,
            **values,
        )
    else:
        goes = t.plural(
            "On %(moment)s, %(name)s goes to %(count)s reader: %(parts)s.",
            "On %(moment)s, %(name)s goes to %(count)s readers: %(parts)s.",
            seen.total,
            moment=languages.write_moment(moment, settings.publication().timezone, language),
            **values,
        )
    return _joined_sentences([goes, left_out(seen)])


def would_get(seen: Outlook) -> str:
    """Say how many would get it, by language: `1,204 readers: 801 in English and 403 in Japanese`."""
    number = languages.write_number(seen.total, frame.language())
    return frame.translate().plural(
        "%(count)s reader would get it: %(parts)s.",
        "%(count)s readers would get it: %(parts)s.",
        seen.total,
        count=number,
        parts=_parts(seen),
    )


def by_own_clocks(found: Issue, seen: Outlook, local: datetime) -> str:
    """Say who gets an issue at a time by their own clocks, when the first and the last of them do, and for whom it is past.

    Raises `Invalid` where it is past for all.
    """
    t, language, planned = frame.translate(), frame.language(), issues.waves(found, local)
    now = clock.now()
    late = sum(wave.readers for wave in planned if wave.at <= now)
    coming = [wave for wave in planned if wave.at > now]
    if planned and not coming:
        raise errors.Invalid("This time has passed for all readers. Choose a later one, or send now.", "day")
    goes = t.plural(
        "On %(day)s at %(time)s by their own clocks, %(name)s goes to %(count)s reader: %(parts)s.",
        "On %(day)s at %(time)s by their own clocks, %(name)s goes to %(count)s readers: %(parts)s.",
        seen.total,
        day=languages.write_date(local.date(), language),
        time=languages.write_time(local, None, language),
        name=issues.name_of(found, language),
        count=languages.write_number(seen.total, language),
        parts=_parts(seen),
    )
    return _joined_sentences([goes, *_spread(coming, late), *_without_zone(planned), left_out(seen)])


def _spread(coming: list[issues.Wave], late: int) -> list[str]:
    t, language = frame.translate(), frame.language()
    told = []
    if len(coming) > 1:
        values = {"first": short_moment(coming[0].at), "last": short_moment(coming[-1].at)}
        values["place"] = languages.place_of(settings.publication().timezone, language)
        told.append(
            t("The first get it on %(first)s and the last on %(last)s, by the clock in %(place)s.", **values)
        )
    if late:
        number = languages.write_number(late, language)
        told.append(
            t.plural(
                "For %(count)s of them this time is past: they get it at once.",
                "For %(count)s of them this time is past: they get it at once.",
                late,
                count=number,
            )
        )
    return told


def _without_zone(planned: list[issues.Wave]) -> list[str]:
    if not any("" in wave.zones for wave in planned):
        return []
    place = languages.place_of(settings.publication().timezone, frame.language())
    return [frame.translate()("Whoever has named no time zone goes by the clock in %(place)s.", place=place)]


def _joined_sentences(sentences: list[str]) -> str:
    return ("" if frame.language() == "ja" else " ").join(filter(None, sentences))


def left_out(seen: Outlook) -> str:
    """Say how many are left out, and for which reasons; empty where nobody is."""
    t, language = frame.translate(), frame.language()
    caveat = "" if seen.exact else t("Those whose address is suppressed are among these and get nothing.")
    if not seen.left_out:
        return caveat
    parts = [reason(why, count) for why, count in seen.left_out.items()]
    told = t.plural(
        "%(count)s is left out: %(parts)s.",
        "%(count)s are left out: %(parts)s.",
        seen.left,
        count=languages.write_number(seen.left, language),
        parts=_joined(parts),
    )
    return _joined_sentences([caveat, told])


def reason(why: Why, count: int) -> str:
    """Say how many are left out for one reason."""
    one, many = _REASONS[why]
    language = frame.language()
    return frame.translate().plural(one, many, count, count=languages.write_number(count, language))


def button(seen: Outlook, moment: datetime | None, local: datetime | None = None) -> str:
    """Name the button, so that it repeats to how many and when."""
    t, language = frame.translate(), frame.language()
    number = languages.write_number(seen.total, language)
    if local is not None:
        return t.plural(
            "Send to %(count)s reader at %(time)s by their own clock",
            "Send to %(count)s readers at %(time)s by their own clocks",
            seen.total,
            count=number,
            time=languages.write_time(local, None, language),
        )
    if moment is None:
        return t.plural(
            "Send now to %(count)s reader", "Send now to %(count)s readers", seen.total, count=number
        )
    return t.plural(
        "Send to %(count)s reader on %(moment)s",
        "Send to %(count)s readers on %(moment)s",
        seen.total,
        count=number,
        moment=short_moment(moment),
    )


def _parts(seen: Outlook) -> str:
    t, language = frame.translate(), frame.language()
    parts = [
        t(
            "%(n)s in %(language)s",
            n=languages.write_number(count, language),
            language=languages.language_name(code, language),
        )
        for code, count in seen.readers.items()
    ]
    return languages.write_list(parts, language)


def _joined(parts: list[str]) -> str:
    return "、".join(parts) if frame.language() == "ja" else ", ".join(parts)


_REASONS = {
    Why.SUPPRESSED: ("%(count)s is suppressed", "%(count)s are suppressed"),
    Why.UNCONFIRMED: ("%(count)s has not confirmed", "%(count)s have not confirmed"),
    Why.OTHER_TOPICS: ("%(count)s chose other topics", "%(count)s chose other topics"),
    Why.ON_A_LIST: ("%(count)s is on an excluded list", "%(count)s are on an excluded list"),
    Why.HAD_ANOTHER: ("%(count)s got an excluded issue", "%(count)s got an excluded issue"),
}
