"""What is kept of entries: the entry, its text in each language, its pictures, its sources, and what was changed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, attribute_keyed_dict, mapped_column, relationship

from newsletter import clock, languages, rendering, settings
from newsletter.database import Json, Model, UTCDateTime, one_of
from newsletter.entries.content import Day, Kind, Speaker, State, days_from
from newsletter.settings import Topic

entry_topics = Table(
    "entry_topics",
    Model.metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Image(Model):
    """A picture, checked, turned upright, without metadata; found by the digest of its bytes."""

    __tablename__ = "images"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Cut(Model):
    """What was cut out of a picture for mail, so that the same is cut once: the part in per cent, and how wide it may be."""

    __tablename__ = "image_cuts"
    __table_args__ = (UniqueConstraint("original", "part", "widest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    original: Mapped[str]
    part: Mapped[str]
    widest: Mapped[int]
    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))

    image: Mapped[Image] = relationship(lazy="joined")


class Source(Model):
    """Where entries come from again and again: a feed, a calendar or a page on the web."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    """`news` or `analysis` for what has no date of its own; empty: as the source says, else news."""
    language: Mapped[str] = mapped_column(default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    publish: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    refreshed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    """How the last visit that brought anything ended: a number for each of new, changed, known, skipped."""


class EntryText(Model):
    """What an entry says in one language."""

    __tablename__ = "entry_texts"
    __table_args__ = (UniqueConstraint("entry_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    venue: Mapped[str] = mapped_column(default="")
    online_place: Mapped[str] = mapped_column(default="")
    organiser: Mapped[str] = mapped_column(default="")
    authors: Mapped[str] = mapped_column(default="")
    price: Mapped[str] = mapped_column(default="")
    language_note: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    image_alt: Mapped[str] = mapped_column(default="")
    image_credit: Mapped[str] = mapped_column(default="")
    agenda_url: Mapped[str] = mapped_column(default="")
    register_url: Mapped[str] = mapped_column(default="")
    sought: Mapped[str] = mapped_column(default="", deferred=True)
    """What a search looks through: all that it says, as `languages.sought` writes it."""
    speaker_rows: Mapped[list[dict[str, str]]] = mapped_column("speakers", Json, default=list)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who speaks, in the order given."""
        return tuple(Speaker(row["name"], row.get("role", "")) for row in self.speaker_rows)


class Entry(Model):
    """Something to tell: an event, a piece of news, an analysis."""

    __tablename__ = "entries"
    __table_args__ = (
        Index(None, "state", "kind", "over_at"),
        Index(None, "state", "kind", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    state: Mapped[State] = mapped_column(one_of(State), default=State.DRAFT)
    slug: Mapped[str] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """The identity under which calendars know it, whatever becomes of the address."""
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The date that stands on news and analysis; of an event, when it was first shown."""
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When readers could first see it here, whatever date stands on it."""
    series: Mapped[str] = mapped_column(default="", index=True)
    url: Mapped[str] = mapped_column(default="", index=True)
    image_id: Mapped[int | None] = mapped_column(ForeignKey("images.id", ondelete="SET NULL"))

    day_rows: Mapped[list[list[str | None]]] = mapped_column("days", Json, default=list)
    timezone: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    map_url: Mapped[str] = mapped_column(default="")
    online_url: Mapped[str] = mapped_column(default="")
    agenda_url: Mapped[str] = mapped_column(default="")
    register_url: Mapped[str] = mapped_column(default="")
    register_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    full: Mapped[bool] = mapped_column(default=False)
    """Whether an event has no place left."""
    contact_email: Mapped[str] = mapped_column(default="")
    languages_spoken: Mapped[list[str]] = mapped_column(Json, default=list)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"), index=True)
    source_key: Mapped[str | None] = mapped_column(unique=True)
    """The identity that its source gave it; the second import meets it by this."""
    touched: Mapped[list[str]] = mapped_column(Json, default=list)
    """Fields that an editor has written since: a source changes them no more."""

    texts: Mapped[dict[str, EntryText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )
    topics: Mapped[list[Topic]] = relationship(
        secondary=entry_topics, order_by=Topic.position, lazy="selectin"
    )
    image: Mapped[Image | None] = relationship(lazy="joined")
    source: Mapped[Source | None] = relationship()

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of an event, in its own zone, in order."""
        return days_from(self.day_rows or [])

    @property
    def is_event(self) -> bool:
        """Tell whether this is an event."""
        return self.kind is Kind.EVENT

    @property
    def is_published(self) -> bool:
        """Tell whether readers may see it."""
        return self.state is State.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the event was called off."""
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        """Tell whether the event lies in the past."""
        return self.over_at is not None and self.over_at <= clock.now()

    @property
    def all_day(self) -> bool:
        """Tell whether the event has days but no times."""
        return bool(self.day_rows) and not any(start or end for _, start, end in self.day_rows)

    @property
    def registration_closed(self) -> bool:
        """Tell whether there was a deadline and it has passed."""
        return self.register_by is not None and self.register_by <= clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the event's times are written in; the publication's where there is none."""
        return ZoneInfo(self.timezone) if self.timezone else settings.publication().zone

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has a title in, in the publication's order."""
        order = settings.publication().languages
        return tuple(sorted(self.texts, key=lambda language: (language not in order, language)))

    def text(self, language: str) -> "tuple[EntryText, str]":
        """Return the text to show to a reader of `language`, and the language it is in, which may be another."""
        for candidate in (language, *settings.publication().languages, *sorted(self.texts)):
            if candidate in self.texts:
                return self.texts[candidate], candidate
        return EntryText(language=language, speaker_rows=[], **dict.fromkeys(_LINES, "")), language

    def title(self, language: str) -> str:
        """The title that a reader of `language` is shown."""
        return self.text(language)[0].title

    def agenda(self, language: str) -> str:
        """The link to the agenda in a language; empty where there is none."""
        return self.text(language)[0].agenda_url or self.agenda_url

    def registration(self, language: str) -> str:
        """The link to register in a language; empty where there is none."""
        return self.text(language)[0].register_url or self.register_url

    def fact(self, name: str, language: str) -> tuple[str, str]:
        """Return a fact, such as `venue`, as a language has it, else as another has, and which; empty where none has it."""
        shown = self._has(name, language)
        return (getattr(self.texts[shown], name) if shown in self.texts else ""), shown

    def speakers(self, language: str) -> tuple[tuple[Speaker, ...], str]:
        """Return who speaks, as a language names them, else as another does, and which."""
        shown = self._has("speakers", language)
        return (self.texts[shown].speakers if shown in self.texts else ()), shown

    def _has(self, name: str, language: str) -> str:
        named = (code for code in (language, *self.languages) if getattr(self.texts.get(code), name, None))
        return next(named, language)


_LINES = tuple(
    column.key
    for column in EntryText.__table__.columns
    if column.key not in ("id", "entry_id", "language", "speakers", "sought")
)


_SOUGHT = ("title", "summary", "venue", "online_place", "organiser", "authors", "image_credit")


@event.listens_for(EntryText, "before_insert")
@event.listens_for(EntryText, "before_update")
def _write_what_is_sought(_mapper: Mapper[EntryText], _connection: Connection, text: EntryText) -> None:
    words = [getattr(text, name) or "" for name in _SOUGHT]
    words += [f"{speaker.name} {speaker.role}" for speaker in text.speakers]
    text.sought = languages.sought("\n".join([*words, rendering.plain(text.body_html or "")]))


class EntryChange(Model):
    """One field that was changed, by whom, from what to what."""

    __tablename__ = "entry_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    what: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    old: Mapped[Any] = mapped_column(Json)
    new: Mapped[Any] = mapped_column(Json)
    by: Mapped[str] = mapped_column(default="")
    """Who changed it; empty: its source did."""
    public: Mapped[bool] = mapped_column(default=False)
    """Whether readers had seen the old value and must be told: a date, a time or a place."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Refusal(Model):
    """The identity of something imported that an editor deleted: its source does not bring it again."""

    __tablename__ = "import_refusals"

    source_key: Mapped[str] = mapped_column(primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Stash(Model):
    """What was handed in for import and waits for somebody to confirm it."""

    __tablename__ = "import_stashes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    options: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
