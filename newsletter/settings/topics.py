"""The topics of the publication: what readers choose and entries carry (see docs/decisions/0003)."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.database import Json, Model, db
from newsletter.errors import Invalid, NotFound
from newsletter.settings.publisher import Texts, publication


class Topic(Model):
    """An interest that readers may choose and entries carry."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(Json)
    position: Mapped[int] = mapped_column(default=0)

    def title(self, language: str) -> str:
        """The topic's title in a language."""
        return publication().in_language(self.titles, language) or self.slug


def topics() -> list[Topic]:
    """Return all topics in the order the publisher gave them."""
    return list(db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)))


def topic(slug: str) -> Topic:
    """Return one topic. Raises `NotFound`."""
    found = db.session.scalar(select(Topic).where(Topic.slug == slug))
    if found is None:
        raise NotFound(f"There is no topic “{slug}”.")
    return found


def add_topic(slug: str, titles: Texts) -> Topic:
    """Add a topic at the end. Raises `Invalid`."""
    slug = slug.strip().lower()
    if not slug or not slug.replace("-", "").isalnum() or not slug.isascii():
        raise Invalid(f"“{slug}” cannot stand in an address. Use small letters, digits and hyphens.", "slug")
    if db.session.scalar(select(Topic.id).where(Topic.slug == slug)):
        raise Invalid(f"There is a topic “{slug}” already.", "slug")
    new = Topic(slug=slug, titles=dict(titles), position=len(topics()))
    db.session.add(new)
    db.session.flush()
    return new


def change_topic(slug: str, titles: Texts, position: int | None = None) -> Topic:
    """Give a topic other titles, or another place in the order. Raises `NotFound`."""
    found = topic(slug)
    found.titles = dict(titles)
    if position is not None:
        found.position = position
    db.session.flush()
    return found


def remove_topic(slug: str) -> None:
    """Remove a topic; entries and readers that had it simply have it no more. Raises `NotFound`."""
    db.session.delete(topic(slug))
    db.session.flush()
