"""What editors have decided about findings: which errors stand, and which warnings were seen."""

from sqlalchemy import select

from newsletter.database import db
from newsletter.issues.checking.tables import Override, SeenWarnings


def overrides(issue_id: int) -> dict[str, Override]:
    """Return the errors of an issue that somebody let stand, by mark; those that are something else by now are among them."""
    rows = db.session.scalars(select(Override).where(Override.issue_id == issue_id))
    return {row.mark: row for row in rows}


def who_has_seen(issue_id: int) -> SeenWarnings | None:
    """Return who has seen the warnings of an issue last, and which they were."""
    return db.session.get(SeenWarnings, issue_id)
