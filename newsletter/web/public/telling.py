"""How an entry is told on the public pages: when and where, what one can do, what was changed, in whose language."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from newsletter import clock, entries, languages, settings
from newsletter.entries import Day, Entry, EntryText, Kind
from newsletter.languages import DayFigures

_MOST_CHANGES = 3
_STAY = "\u00a0"  # a space at which no line breaks


@dataclass(frozen=True)
class Mark:
    """A short fact about an entry; `kind` says how it looks."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """What was changed on a day that readers must know of."""

    on: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An entry, told to a reader of `language`. Where it has no text in that language, another one stands in, labelled."""

    entry: Entry
    language: str

    @cached_property
    def text(self) -> EntryText:
        """The words of the entry."""
        return self.entry.text(self.language)[0]

    @cached_property
    def shown(self) -> str:
        """The language that these words are in."""
        return self.entry.text(self.language)[1]

    def fact(self, name: str) -> tuple[str, str]:
        """Return a fact such as `venue`, and the language it stands in: what one language leaves out, another one tells."""
        return self.entry.fact(name, self.shown)

    @property
    def label(self) -> str:
        """`Japanese only`, where the reader is shown another language than theirs."""
        return languages.only_in(self.shown, self.language) if self.shown != self.language else ""

    @property
    def kind_word(self) -> str:
        """What sort of entry it is, in a word."""
        t = self._t
        return {Kind.EVENT: t("Event"), Kind.NEWS: t("News"), Kind.ANALYSIS: t("Analysis")}[self.entry.kind]

    @property
    def t(self) -> languages.Translate:
        """Says sentences in the language of the entry's words, for those that stand among them."""
        return languages.translator(self.shown)

    # When

    @property
    def first(self) -> date:
        """The day an event begins, or the day that an article is dated."""
        if self.entry.days:
            return self.entry.days[0].date
        return (
            (self.entry.published_at or self.entry.created_at).astimezone(settings.publication().zone).date()
        )

    @property
    def last(self) -> date:
        """The day an event ends."""
        return self.entry.days[-1].date if self.entry.days else self.first

    @property
    def _dates(self) -> list[date]:
        return [day.date for day in self.entry.days] or [self.first]

    @property
    def weight(self) -> int:
        """How much room it is worth among its neighbours: most if one can register, for several days above all."""
        return (
            0
            if self.is_closed
            else 3
            if self.is_open and self.first != self.last
            else 2
            if self.is_open
            else 1
        )

    @property
    def iso(self) -> str:
        """The date for machines, as an HTML `time` takes it; runs of days have none in HTML and give their first."""
        return self.first.isoformat()

    @property
    def figures(self) -> DayFigures:
        """The date as a picture for lists, with the time where one day has one."""
        figures = languages.date_figures(self._dates, self.language)
        (day, *more) = self.entry.days or (Day(self.first),)
        if more or day.start is None:
            return figures
        gap = " " if self.language == "ja" else _STAY
        return DayFigures(figures.days, figures.suffix, f"{figures.line}{gap}{self._clock(day.start)}")

    @property
    def large_figures(self) -> DayFigures:
        """The date as a large picture, with its weekdays in full."""
        return languages.date_figures(self._dates, self.language, long=True)

    @property
    def date_line(self) -> str:
        """The date in a line."""
        return languages.write_dates(self._dates, self.language, weekday=self.language == "ja")

    @property
    def times(self) -> tuple[str, ...]:
        """Each day of an event with its times, in its own zone; none where it has no times."""
        return tuple(self._line(day, self.entry.zone) for day in self.entry.days) if self._is_timed else ()

    @property
    def zone_words(self) -> str:
        """Whose clocks these times are."""
        return languages.time_of(self.entry.zone.key, self.language) if self._is_timed else ""

    @property
    def times_at_home(self) -> tuple[str, ...]:
        """The same times on the publication's clocks, where those differ."""
        home = settings.publication().zone
        starts = self.entry.starts_at
        if (
            not starts
            or starts.astimezone(home).utcoffset() == starts.astimezone(self.entry.zone).utcoffset()
        ):
            return ()
        return tuple(self._line(day, home) for day in self.entry.days if day.start)

    @property
    def home(self) -> str:
        """The city of the publication's clocks."""
        return languages.place_of(settings.publication().timezone, self.language)

    # Where

    @property
    def place(self) -> str:
        """Where an event is, in a line."""
        t, (venue, _), (online, _) = self.t, self.fact("venue"), self.fact("online_place")
        online = online or (t("Online") if self.entry.online_url else "")
        if venue and online:
            return t("%(venue)s, and online", venue=venue)
        return venue or online

    @property
    def spoken(self) -> str:
        """What there is to say about languages at an event, or the languages spoken."""
        names = [languages.language_name(code, self.language) for code in self.entry.languages_spoken]
        return self.text.language_note or languages.write_list(names, self.language)

    # What one can do

    @property
    def is_open(self) -> bool:
        """Tell whether one can register now."""
        return bool(self.entry.registration(self.language)) and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Tell whether it is too late to register."""
        gone = self.entry.is_over or self.entry.is_cancelled
        return gone or self.entry.registration_closed or self.entry.full

    @property
    def deadline(self) -> str:
        """The last day on which one can register, with its weekday."""
        return self._deadline(weekday=True)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The short facts that stand beside an event in lists."""
        price, _ = self.fact("price")
        marks = [
            self._state_mark,
            Mark(price) if price and not self.entry.is_over else None,
        ]
        return tuple(mark for mark in marks if mark)

    @property
    def _state_mark(self) -> Mark | None:
        t = self._t
        if self.entry.is_cancelled:
            return Mark(t("Cancelled"), "bad")
        if not self.entry.is_event or self.entry.is_over:
            return None
        if self.entry.registration_closed:
            return Mark(t("Registration closed"))
        if self.entry.full:
            return Mark(t("Full"))
        if self.is_open and self.entry.register_by:
            return Mark(
                t("Register by %(date)s", date=self._deadline(weekday=self.language == "ja")), "accent"
            )
        return Mark(t("Registration open"), "accent") if self.is_open else None

    # What was changed

    @property
    def changes(self) -> tuple[Change, ...]:
        """The latest changes that readers must know of, by day, newest first; none once the event is over."""
        if not self.entry.is_event or self.entry.is_over:
            return ()
        by_day: dict[str, dict[str, None]] = {}
        for change in entries.told_changes(self.entry.id):
            if change.what == "cancelled" or change.language not in ("", self.shown):
                continue  # said by a notice of its own; said to the readers of that language
            on = languages.write_date(
                change.changed_at.astimezone(self.entry.zone), self.language, weekday=False, year=False
            )
            by_day.setdefault(on, {})[entries.describe_change(change, self.entry, self.language)] = None
        return tuple(Change(on, tuple(sentences)) for on, sentences in list(by_day.items())[:_MOST_CHANGES])

    @property
    def _t(self) -> languages.Translate:
        return languages.translator(self.language)

    @property
    def _is_timed(self) -> bool:
        return any(day.start for day in self.entry.days)

    def _deadline(self, *, weekday: bool) -> str:
        if self.entry.register_by is None:
            return ""
        last = (self.entry.register_by - timedelta(seconds=1)).astimezone(self.entry.zone).date()
        this_year = last.year == clock.now().astimezone(self.entry.zone).year
        return languages.write_date(last, self.language, weekday=weekday, year=not this_year)

    def _clock(self, start: time) -> str:
        written = languages.write_time(start, None, self.language)
        if self.entry.zone.key == settings.publication().timezone:
            return written
        place = languages.place_of(self.entry.zone.key, self.language)
        return self._t("%(time)s (%(place)s)", time=written, place=place).replace(" ", _STAY)

    def _line(self, day: Day, zone: ZoneInfo) -> str:
        if day.start is None:
            return languages.write_date(day.date, self.language, year=False)
        start = datetime.combine(day.date, day.start, self.entry.zone).astimezone(zone)
        end = self._end(day).astimezone(zone) if day.end else None
        joint = " " if self.language == "ja" else ", "
        day_words = languages.write_date(start, self.language, year=False)
        return f"{day_words}{joint}{languages.write_time(start, end, self.language)}"

    def _end(self, day: Day) -> datetime:
        overnight = day.start is not None and day.end is not None and day.end <= day.start
        on = day.date + timedelta(days=1) if overnight else day.date
        return datetime.combine(on, day.end or time(), self.entry.zone)


def tell(entry: Entry, language: str) -> Told:
    """Tell one entry."""
    return Told(entry, language)


def tell_all(found: list[Entry] | tuple[Entry, ...], language: str) -> list[Told]:
    """Tell entries, in their order."""
    return [Told(entry, language) for entry in found]


def featured(told: list[Told]) -> Told | None:
    """Return the one to be shown large: that which is worth the most room, the first among equals."""
    return max(told, key=lambda one: one.weight, default=None)
