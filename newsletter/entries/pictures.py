"""The pictures that entries and issues show, kept in the database."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from newsletter.database import db
from newsletter.entries.tables import Image
from newsletter.errors import NotFound
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter import images
else:
    images = later("newsletter.images")


def store_image(data: bytes) -> Image:
    """Check a picture, strip it of metadata, fit it, and keep it once. Raises `Invalid` that says what the file is."""
    picture = images.accept(data)
    found = db.session.scalar(select(Image).where(Image.digest == picture.digest))
    if found is not None:
        return found
    kept = Image(
        digest=picture.digest,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        data=picture.data,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def image(digest: str) -> Image:
    """Return a picture with its bytes. Raises `NotFound`."""
    found = db.session.scalar(select(Image).options(undefer(Image.data)).where(Image.digest == digest))
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def image_sizes(digests: Collection[str]) -> dict[str, int]:
    """Return how many bytes stored pictures have, by digest; those that are not here are left out."""
    rows = db.session.execute(
        select(Image.digest, func.length(Image.data)).where(Image.digest.in_(list(digests)))
    )
    return {digest: int(size) for digest, size in rows}
