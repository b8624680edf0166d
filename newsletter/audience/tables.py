"""The audience's tables: lists, subscribers, what they subscribed to, what they asked for, and the consent ledger."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from newsletter import settings
from newsletter.clock import now
from newsletter.database import Json, Model, UTCDateTime, one_of
from newsletter.errors import Conflict


class State(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Action(StrEnum):
    """What a consent record says happened."""

    CONFIRMED = "confirmed"
    IMPORTED = "imported as confirmed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    ERASED = "erased"


JOINED = (Action.CONFIRMED, Action.IMPORTED, Action.RESTORED)
"""Actions after which somebody reads a list."""


class Source(StrEnum):
    """Through which door a consent was given or withdrawn."""

    FORM = "form"
    EMBED = "embedded form"
    PREFERENCES = "preference page"
    ONE_CLICK = "one-click unsubscribe"
    PAGE = "unsubscribe page"
    IMPORT = "import"
    DASHBOARD = "dashboard"
    COMPLAINT = "complaint"


_Fields = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class MailingList(Model):
    """A list that people subscribe to."""

    __tablename__ = "lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(Json)
    descriptions: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    own_languages: Mapped[list[str] | None] = mapped_column("languages", _Fields)
    unknown: Mapped[str] = mapped_column(String(10), default="resend")
    """What becomes of a message that may or may not have arrived: `resend` or `hold`."""
    welcomes: Mapped[bool] = mapped_column(default=False)
    """Whether a mail says welcome once a subscription has begun."""
    counts_links: Mapped[bool] = mapped_column(default=False)
    """Whether the links of its issues count who follows them."""
    approvers: Mapped[str] = mapped_column(String(10), default="")
    """Whose approval an issue needs before it goes out: `editor` or `owner`, each somebody else; empty: nobody's."""
    public: Mapped[bool] = mapped_column(default=True)
    """Whether readers may find it by themselves."""
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages its issues appear in, the first of them for readers of any other."""
        return tuple(self.own_languages or settings.publication().languages)

    def title(self, language: str) -> str:
        """The list's title in a language."""
        return settings.publication().in_language(self.titles, language) or self.slug

    def description(self, language: str) -> str:
        """What the list brings and how often; may be empty."""
        return settings.publication().in_language(self.descriptions, language)


class Subscriber(Model):
    """A person with an address. The row of an erased one stays empty, so that its number is never given again."""

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(64), default="")
    fields: Mapped[dict[str, str] | None] = mapped_column(_Fields)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Subscription(Model):
    """A subscriber × a list."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "list_id"),
        Index("ix_subscriptions_list_id_state", "list_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id", ondelete="CASCADE"))
    state: Mapped[State] = mapped_column(one_of(State, 30))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SubscriberTopic(Model):
    """A subscriber × a topic they chose. Whoever chose none gets all."""

    __tablename__ = "subscriber_topics"

    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)


class Wording(Model):
    """The exact words that people agreed to, each kept once; `version` is a digest of them."""

    __tablename__ = "wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(16), unique=True)
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


class Signup(Model):
    """What was asked for on a form, and waits for its confirmation. Until then it changes nothing."""

    __tablename__ = "signups"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    list_ids: Mapped[list[int]] = mapped_column(Json)
    topic_ids: Mapped[list[int]] = mapped_column(Json)
    address: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[Source] = mapped_column(one_of(Source, 30))
    ip: Mapped[str] = mapped_column(String(45), default="")
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wordings.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    mailing: Mapped[int | None]
    """The mailing of the last confirmation mail, for the ledger."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    subscriber: Mapped[Subscriber] = relationship()


class AskedMail(Model):
    """A service mail that somebody asked for at a door, kept for a day so that nobody can bury an address in them."""

    __tablename__ = "asked_mails"
    __table_args__ = (Index("ix_asked_mails_address_hash_at", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ConsentRecord(Model):
    """One row of the consent ledger: what was agreed or withdrawn, in which words, when, from where.

    Rows are only ever added. They hold no address but its keyed hash, so they may outlive the subscriber.
    """

    __tablename__ = "consent_records"
    __table_args__ = (Index("ix_consent_records_list_id_at", "list_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    list_id: Mapped[int | None]
    list_slug: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[Action] = mapped_column(one_of(Action, 30))
    source: Mapped[Source] = mapped_column(one_of(Source, 30))
    language: Mapped[str] = mapped_column(String(10), default="")
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wordings.id"))
    ip: Mapped[str] = mapped_column(String(45), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    """When it came into force: for a subscription by form, when the link in the mail was pressed."""
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reference: Mapped[str] = mapped_column(String(200), default="")
    """The mail that led to it: `signup:12 mailing:34`."""

    wording: Mapped[Wording | None] = relationship()


@event.listens_for(ConsentRecord, "before_update")
@event.listens_for(ConsentRecord, "before_delete")
def _append_only(_mapper: Mapper[Any], _connection: Any, _record: ConsentRecord) -> None:
    raise Conflict("The consent ledger is only ever added to; write another record.")
