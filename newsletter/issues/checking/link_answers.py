"""What is known of where links lead, and for how long that counts."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from newsletter import clock, settings
from newsletter.database import db, insert
from newsletter.fetching import Outcome
from newsletter.issues.alike import is_an_example
from newsletter.issues.checking.tables import LinkAnswer

_GOOD_FOR = timedelta(hours=6)
_DOUBTFUL_FOR = timedelta(minutes=20)
_ON_THE_WAY_FOR = timedelta(minutes=2)
_KEPT_FOR = timedelta(days=30)
_DOUBTFUL = (Outcome.UNKNOWN, Outcome.BROKEN)


def outside(addresses: Iterable[str]) -> list[str]:
    """Return the web addresses that are not our own, and not those of examples, where nobody can answer."""
    ours = settings.url("/")
    web = [url for url in addresses if url.startswith(("https://", "http://"))]
    return [url for url in web if not f"{url}/".startswith(ours) and not is_an_example(url)]


def answers_to(addresses: Iterable[str]) -> dict[str, LinkAnswer]:
    """Return what addresses answered, those left out that nobody has looked at yet."""
    digests = [_digest(url) for url in addresses]
    rows = select(LinkAnswer).where(LinkAnswer.digest.in_(digests), LinkAnswer.outcome.is_not(None))
    return {row.url: row for row in db.session.scalars(rows)}


def take(addresses: Collection[str]) -> list[str]:
    """Take hold of those addresses that nobody looks at now or has looked at lately, and return them."""
    now = clock.now()
    rows = db.session.scalars(
        select(LinkAnswer).where(LinkAnswer.digest.in_([_digest(url) for url in addresses]))
    )
    settled = {row.url for row in rows if _is_settled(row)}
    due = [url for url in addresses if url not in settled]
    for url in due:
        row = insert(LinkAnswer).values(
            digest=_digest(url), url=url, claimed_at=now, status=0, landed="", for_good=False, closed_words=""
        )
        db.session.execute(row.on_conflict_do_update(index_elements=["digest"], set_={"claimed_at": now}))
    return due


def _is_settled(row: LinkAnswer) -> bool:
    now = clock.now()
    if row.claimed_at > now - _ON_THE_WAY_FOR and (
        row.answered_at is None or row.answered_at < row.claimed_at
    ):
        return True
    good = _DOUBTFUL_FOR if row.outcome in _DOUBTFUL else _GOOD_FOR
    return row.answered_at is not None and row.answered_at > now - good


def forget(addresses: Iterable[str]) -> None:
    """Forget what addresses answered, so that they are looked at anew."""
    db.session.execute(delete(LinkAnswer).where(LinkAnswer.digest.in_([_digest(url) for url in addresses])))


def drop_old() -> None:
    """Drop what was answered long ago."""
    db.session.execute(delete(LinkAnswer).where(LinkAnswer.claimed_at < clock.now() - _KEPT_FOR))


def row_of(url: str) -> LinkAnswer | None:
    """Return what is kept of an address."""
    return db.session.get(LinkAnswer, _digest(url))


def _digest(url: str) -> str:
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
