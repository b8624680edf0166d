"""How an entry is told to a reader of one language: dates, times, place, what to do, and what has become of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from newsletter import entries, languages, rendering, settings
from newsletter.entries import Entry, EntryText, Kind
from newsletter.issues.rules import Layout

_MOST_TIMES = 4
_SHORT = {"en": 240, "ja": 120}
_KIND_WORDS = {Kind.EVENT: "Event", Kind.NEWS: "News", Kind.ANALYSIS: "Analysis"}


@dataclass(frozen=True)
class Teller:
    """Tells entries to readers of one language, as things stand at a moment."""

    language: str
    at: datetime

    def card(self, entry: Entry, layout: Layout = Layout.CARD, *, button: bool = True) -> rendering.EntryCard:
        """Tell one entry."""
        text, shown = entry.text(self.language)
        own = Teller(shown, self.at)
        return rendering.EntryCard(
            kind_word=self.kind_word(entry),
            title=own.title(entry, text),
            url=self.url(entry),
            summary=summary(text, shown),
            place=own.place(entry),
            date=self.figures(entry, long=layout is Layout.FEATURE),
            facts=tuple(own.facts(entry, text)),
            button=self.button(entry) if button else None,
            also=tuple(self.also(entry)),
            picture=self.picture(entry, text) if layout is Layout.FEATURE else None,
            layout=layout.value,
            language=shown if shown != self.language else "",
            label=languages.only_in(shown, self.language) if shown != self.language else "",
        )

    @property
    def _t(self) -> languages.Translate:
        return languages.translator(self.language)

    def kind_word(self, entry: Entry) -> str:
        """What sort of entry it is, in a word."""
        return self._t(_KIND_WORDS[entry.kind])

    def title(self, entry: Entry, text: EntryText) -> str:
        """The title, which says at once when an event was called off."""
        return self._t("Cancelled: %(title)s", title=text.title) if entry.is_cancelled else text.title

    def url(self, entry: Entry) -> str:
        """Where the entry is read: its own page, or the original of an article that we only point to."""
        if not entry.is_event and entry.url and not any(text.body_html for text in entry.texts.values()):
            return entry.url
        return settings.url(f"/entries/{quote(entry.slug)}?language={self.language}")

    def figures(self, entry: Entry, *, long: bool) -> rendering.DateFigures | None:
        """The date of an event as a picture."""
        if not entry.days:
            return None
        figures = languages.date_figures(_dates(entry), self.language, long=long)
        narrow = languages.in_a_margin(figures)
        return rendering.DateFigures(figures.days, figures.suffix, figures.line, self.days(entry), narrow)

    def days(self, entry: Entry) -> str:
        """The days of an event in one piece."""
        return languages.write_dates(_dates(entry), self.language)

    def when(self, entry: Entry) -> str:
        """The date of any entry in one piece: an event's days, else the day it is dated."""
        if entry.days:
            return self.days(entry)
        if entry.published_at is None:
            return ""
        day = entry.published_at.astimezone(entry.zone).date()
        return languages.write_date(day, self.language, weekday=False)

    def place(self, entry: Entry) -> str:
        """Where an event is, in a line."""
        if not entry.is_event:
            return ""
        venue, _ = entry.fact("venue", self.language)
        online = entry.fact("online_place", self.language)[0] or (
            self._t("Online") if entry.online_url else ""
        )
        if venue and online:
            return self._t("%(venue)s, and online", venue=venue)
        return venue or online

    def facts(self, entry: Entry, text: EntryText) -> Iterator[str]:
        """What is to be known beside title, date and place."""
        if not entry.is_event:
            yield from filter(None, [text.authors])
            return
        if entry.is_cancelled:
            yield self._t("This event has been cancelled.")
        elif self.is_over(entry):
            yield self._t("This event is over.")
        if _has_gaps(entry):
            yield self.days(entry)
        yield from filter(
            None, [self.times(entry), text.language_note, entry.fact("price", self.language)[0]]
        )
        if self.is_closed(entry) and not self.is_over(entry) and not entry.is_cancelled:
            yield self.closed_sentence(entry)
        elif self.is_full(entry):
            yield self._t("No places are left.")

    def is_over(self, entry: Entry) -> bool:
        """Tell whether an event is over at this moment."""
        return entry.over_at is not None and entry.over_at <= self.at

    def is_closed(self, entry: Entry) -> bool:
        """Tell whether registration has a deadline and it has passed at this moment."""
        return entry.register_by is not None and entry.register_by <= self.at

    def is_full(self, entry: Entry) -> bool:
        """Tell whether an event to come has no place left."""
        return entry.full and not self.is_over(entry) and not entry.is_cancelled

    def closed_sentence(self, entry: Entry) -> str:
        """Say that nobody can register any more."""
        return self._t("Registration closed on %(date)s.", date=self.deadline(entry))

    def deadline(self, entry: Entry) -> str:
        """The last day on which one can register."""
        if entry.register_by is None:
            return ""
        last = (entry.register_by - timedelta(seconds=1)).astimezone(entry.zone).date()
        year = last.year != self.at.astimezone(entry.zone).year
        return languages.write_date(last, self.language, year=year)

    def times(self, entry: Entry) -> str:
        """The times of an event, in its own zone, and in the publication's where that differs."""
        days = [day for day in entry.days if day.start]
        if not days or not entry.starts_at:
            return ""
        spans = {(day.start, day.end) for day in days}
        separator = "、" if self.language == "ja" else "; "
        if len(spans) == 1:
            written = languages.write_time(days[0].start or time(), days[0].end, self.language)
        else:
            written = separator.join(self._dated_time(day.date, day.start, day.end) for day in days)
        clock, home = languages.time_of(entry.zone.key, self.language), self._at_home(entry)
        if not home:
            return self._t("%(times)s, %(clock)s", times=written, clock=clock)
        zone = settings.publication().timezone
        own = languages.time_of if self.language == "ja" else languages.place_of
        values = {"times": written, "clock": clock, "home": home, "own": own(zone, self.language)}
        return self._t("%(times)s, %(clock)s (%(home)s in %(own)s)", **values)

    def _dated_time(self, day: date, start: time | None, end: time | None) -> str:
        written = languages.write_time(start or time(), end, self.language)
        joint = " " if self.language == "ja" else ", "
        return f"{languages.write_date(day, self.language, weekday=False, year=False)}{joint}{written}"

    def _at_home(self, entry: Entry) -> str:
        """When it begins on the publication's clocks, where they differ and one can take part from there.

        One time stands for all days, unless the clocks were changed between them.
        """
        zone, online = (
            settings.publication().zone,
            entry.online_url or entry.fact("online_place", self.language)[0],
        )
        if not entry.starts_at or not online:
            return ""
        there = [datetime.combine(day.date, day.start, entry.zone) for day in entry.days if day.start]
        home = [moment.astimezone(zone) for moment in there]
        if all(one.utcoffset() == other.utcoffset() for one, other in zip(there, home, strict=True)):
            return ""
        if len({one.time() for one in home}) == len({one.time() for one in there}):
            return self._home_time(there[0], home[0])
        separator = "、" if self.language == "ja" else "; "
        return separator.join(self._dated_time(one.date(), one.time(), None) for one in home[:_MOST_TIMES])

    def _home_time(self, there: datetime, home: datetime) -> str:
        written = languages.write_time(home, None, self.language)
        if home.date() == there.date():
            return written
        return self._dated_time(home.date(), home.time(), None)

    def button(self, entry: Entry) -> rendering.Link | None:
        """The way to register, while there is one."""
        url = entry.registration(self.language) if entry.is_event else ""
        if not url or entry.is_cancelled or self.is_over(entry) or self.is_closed(entry) or entry.full:
            return None
        if entry.register_by:
            return rendering.Link(self._t("Register by %(date)s", date=self.deadline(entry)), url)
        return rendering.Link(self._t("Register"), url)

    def also(self, entry: Entry) -> Iterator[rendering.Link]:
        """Further ways on: the agenda, the calendar."""
        if not entry.is_event or entry.is_cancelled:
            return
        if entry.agenda(self.language):
            yield rendering.Link(self._t("Agenda"), entry.agenda(self.language))
        if not self.is_over(entry):
            ics = settings.url(f"/entries/{quote(entry.slug)}.ics?language={self.language}")
            yield rendering.Link(self._t("Add to calendar"), ics)

    def picture(self, entry: Entry, text: EntryText) -> rendering.Picture | None:
        """The entry's picture."""
        if entry.image is None:
            return None
        shown = entries.for_mail(entry.image)
        return rendering.Picture(
            image_url(shown.digest),
            text.image_alt,
            shown.width,
            shown.height,
            self.url(entry),
            text.image_credit,
        )


def _dates(entry: Entry) -> list[date]:
    return [day.date for day in entry.days]


def _has_gaps(entry: Entry) -> bool:
    """Tell whether days of an event do not follow each other, so that its date as a picture does not name them all."""
    dates = _dates(entry)
    return len(dates) > 1 and (dates[-1] - dates[0]).days >= len(dates)


def image_url(digest: str) -> str:
    """Where a stored picture lies on the web."""
    return settings.url(f"/images/{digest}")


def in_quotes(title: str, language: str) -> str:
    """Make a title ready to stand in quotation marks: Japanese ones inside others take their double form."""
    return title.translate(_INNER) if language == "ja" else title


_INNER = str.maketrans("「」", "『』")


def summary(text: EntryText, language: str) -> str:
    """What is written as the summary, else the beginning of the text."""
    if text.summary or not text.body_html:
        return text.summary
    words = " ".join(rendering.plain(text.body_html).split())
    most = _SHORT.get(language, 240)
    if len(words) <= most:
        return words
    cut = words[:most].rsplit(" ", 1)[0] if language != "ja" else words[:most]
    return f"{cut.rstrip(',;:、。')}…"
