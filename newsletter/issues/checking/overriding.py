"""Letting an error stand, with a reason, and having seen the warnings: both hold for what was found, and for nothing else."""

from newsletter import clock
from newsletter.database import db
from newsletter.errors import Conflict, Invalid
from newsletter.issues.checking.findings import Finding
from newsletter.issues.checking.inspecting import inspect
from newsletter.issues.checking.standing import overrides, who_has_seen
from newsletter.issues.checking.tables import Override, SeenWarnings
from newsletter.issues.drafting import issue

SHORTEST_REASON, LONGEST_REASON = 5, 500
_UNSEEN = "Say that you have seen the warnings, then send it."


def override(issue_id: int, mark: str, reason: str, by: str, language: str = "en") -> Override:
    """Let an error stand; the reason is kept with the issue. What it speaks of must not change, or it blocks again.

    Raises `Invalid` without a reason or where this error can never stand, `Conflict` where it is no longer there.
    """
    reason = " ".join(reason.split())
    finding = _found(issue_id, mark, language)
    if not finding.may_stand:
        raise Invalid("This error cannot be overridden. Mend it.")
    if len(reason) < SHORTEST_REASON or len(reason) > LONGEST_REASON:
        raise Invalid("Write in a few words why it is right as it is.", f"reason-{mark}")
    kept = overrides(issue_id).get(mark) or Override(issue_id=issue_id, mark=mark)
    kept.sentence, kept.reason, kept.by, kept.at = str(finding.sentence), reason, by, clock.now()
    db.session.add(kept)
    db.session.flush()
    return kept


def _found(issue_id: int, mark: str, language: str) -> Finding:
    for finding in inspect(issue(issue_id), language).findings:
        if finding.mark == mark:
            return finding
    raise Conflict("What was found is something else by now. Look at it again.")


def withdraw_override(issue_id: int, mark: str) -> Override | None:
    """Let an error block again; return what stood, or nothing where nothing did."""
    kept = overrides(issue_id).get(mark)
    if kept:
        db.session.delete(kept)
        db.session.flush()
    return kept


def see_warnings(issue_id: int, warned: str, by: str) -> None:
    """Note that somebody has seen the warnings that `warned` stands for. Raises `Conflict` where there are others by now."""
    if not warned:
        raise Invalid(_UNSEEN, "seen")
    if inspect(issue(issue_id)).warned != warned:
        raise Conflict("There are other warnings by now. Look at them again.")
    seen = who_has_seen(issue_id) or SeenWarnings(issue_id=issue_id)
    seen.digest, seen.by, seen.at = warned, by, clock.now()
    db.session.add(seen)
    db.session.flush()


def refuse_unseen_warnings(issue_id: int, warned: str = "") -> None:
    """Raise `Invalid` where an issue has warnings that nobody has seen; `warned` are those that are seen right now."""
    inspection, seen = inspect(issue(issue_id)), who_has_seen(issue_id)
    if inspection.warned not in ("", warned, seen.digest if seen else ""):
        raise Invalid(_UNSEEN, "seen")
