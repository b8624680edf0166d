"""How long the pages wait that read the ledger: the sending page, a reader's own page, and the broom."""

import time
from collections.abc import Callable

from newsletter import delivery
from newsletter.database import db
from newsletter.delivery import State

_READER = 4242


def look(mailing: int, recipients: int) -> dict[str, float]:
    """Return the milliseconds that each of them takes, for a mailing that has just ended."""
    last_page = -(-recipients // 50)
    pages: dict[str, Callable[[], object]] = {
        "progress": lambda: delivery.progress(mailing),
        "breakdown": lambda: delivery.breakdown(mailing),
        "recipients": lambda: delivery.recipients(mailing),
        "recipients, last page": lambda: delivery.recipients(mailing, page=last_page),
        "recipients refused": lambda: delivery.recipients(mailing, State.REFUSED),
        "one recipient": lambda: delivery.recipient(mailing, recipients),
        "a reader's history": lambda: delivery.history(_READER),
        "a reader leaves": lambda: delivery.withdraw_reader(_READER),
        "metrics": delivery.metrics,
        "prune": delivery.prune,
    }
    return {name: _milliseconds(page) for name, page in pages.items()}


def _milliseconds(page: Callable[[], object]) -> float:
    begun = time.perf_counter()
    page()
    db.session.commit()
    return round((time.perf_counter() - begun) * 1000, 1)
