"""The pictures that entries and issues show, kept in the database."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from newsletter.database import db
from newsletter.entries.tables import Cut, Image
from newsletter.errors import NotFound
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter import images
else:
    images = later("newsletter.images")


WHOLE = (0, 0, 100, 100)
WIDEST = 1120
"""Pixels of a picture across a letter: twice as many as it is shown at, for sharp screens."""


def store_image(data: bytes) -> Image:
    """Check a picture, strip it of metadata, fit it, and keep it once, and what a mail shows of it at full width too.

    Raises `Invalid` that says what the file is.
    """
    kept = _kept(images.accept(data))
    cut_image(kept.digest, WHOLE, WIDEST)
    return kept


def for_mail(picture: Image) -> Image:
    """Return a picture as a mail shows it at full width: sharp enough, and light; itself where that was never made."""
    asked = select(Cut).where(Cut.original == picture.digest, Cut.part == _named(WHOLE), Cut.widest == WIDEST)
    found = db.session.scalar(asked)
    return found.image if found else picture


def cut_image(digest: str, part: "images.Part", widest: int) -> Image:
    """Cut a part out of a picture, fit for mail and not wider than `widest` pixels, and keep it beside the picture once.

    Raises `NotFound`.
    """
    named = _named(part)
    asked = select(Cut).where(Cut.original == digest, Cut.part == named, Cut.widest == widest)
    found = db.session.scalar(asked)
    if found is None:
        made = _kept(images.cut(image(digest).data, part, widest))
        found = Cut(original=digest, part=named, widest=widest, image=made)
        db.session.add(found)
        db.session.flush()
    return found.image


def _named(part: "images.Part") -> str:
    return " ".join(map(str, part))


def _kept(picture: "images.Picture") -> Image:
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
