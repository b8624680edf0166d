"""What is no bounce, though it comes back: notes of absence, receipts, and filters that ask for a proof."""

import re
from email.message import Message
from email.utils import parseaddr

from newsletter.mail.reports.opening import header, parts, source_of, text_of
from newsletter.mail.reports.report import Report, ReportKind
from newsletter.mail.reports.wording import plain

_ROBOT = re.compile(
    r"mailer[-_ ]?daemon|post ?master|mail ?(?:delivery|administrator|system|admin)|mdaemon|system administrator|mail subsystem",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|deliver\w* (?:status|fail|problem|error|report|has failed|notif)|returned (?:mail|to sender|message)|failure (?:notice|deliver)"
    r"|mail (?:system )?(?:error|fail|deliver)|failed mail|not (?:be )?deliver|non ?deliver|bounce|warning|rejected|unknown user|user unknown"
    r"|unzustellbar|nicht zustell|non remis|no (?:se pudo )?entrega|mancat[ao] (?:recapito|consegna)|配信|配送|投函|届け|退信|не доставлен"
)
_AWAY_SUBJECT = re.compile(
    r"out of (?:the )?(?:office|town)|\bauto ?(?:matic|mated|matische)? ?(?:reply|response|antwort|responder)|^auto:|vacation|away from"
    r"|\bon (?:leave|holiday)|abwesen|automatyczna|réponse automatique|respuesta autom|resposta autom|risposta autom|automatisch antwoord"
    r"|fuori sede|fuera de (?:la )?oficina|absent|自動(?:返信|応答)|不在|автоответ|自动(?:回复|答复)"
)
_ASKS = re.compile(r"click|follow|reply to this|visit|respond|go to|press")
_FOR_PROOF = re.compile(
    r"added to (?:\S+ ){0,6}?list|allowed (?:sender\w* )?list|white ?list|approved sender|guest list|waiting list|(?:verify|confirm|prove|validate)"
    r" (?:that )?(?:you|your|the sender|this|delivery)|real person|a human|not a (?:spammer|robot|machine)|protected by|challenge|spam ?arrest|boxbe"
    r"|bluebottle|knowspam|mail ?blocks|sender (?:verification|authentication)|choicemail|tmda|one time"
)
_REFERS_TO_CHALLENGE = re.compile(r"boxbe|not pre approved|challenge response")
_ABSENT_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-From",
    "X-Mail-Autoreply",
)
_RECEIPT = re.compile(
    r"^Disposition:.{0,200}(?:displayed|processed|dispatched)", re.IGNORECASE | re.MULTILINE
)
_MOST = 4000


def is_a_report(message: Message) -> bool:
    """Tell whether a message looks like one from a mail server: by its type, its sender or its subject."""
    if "multipart/report" in str(message.get("Content-Type", "")).lower() or message.get(
        "X-Failed-Recipients"
    ):
        return True
    sender = header(message, "From")
    nobody = message.get("From") is not None and "@" not in sender  # From: <>
    subject = plain(header(message, "Subject"))
    return bool(nobody or _ROBOT.search(sender) or _BOUNCE_SUBJECT.search(subject))


def has_no_return(message: Message) -> bool:
    """Tell whether a message forbids answers, as all that robots send should (3834)."""
    return str(message.get("Return-Path", "-")).strip() == "<>"


def look_alike(message: Message) -> Report | None:
    """Return a note of absence, a receipt or a challenge; it says nothing of whether our letter arrived."""
    if any(_RECEIPT.search(source_of(part)) for part in parts(message, "message/disposition-notification")):
        return _by_whom(message, ReportKind.AUTO_REPLY, "A receipt.")
    if next(parts(message, "message/delivery-status"), None) is not None:
        return None
    if not is_a_report(message) and _asks_for_proof(message):
        return _by_whom(message, ReportKind.CHALLENGE, "A filter asks for a proof that a person wrote.")
    if _is_away(message):
        return automatic_answer(message)
    return None


def automatic_answer(message: Message) -> Report:
    """Return what a robot's answer says: nothing of delivery."""
    return _by_whom(message, ReportKind.AUTO_REPLY, "An automatic answer.")


def is_challenge(words: str) -> bool:
    """Tell whether the diagnostic of a report is that of a filter which asks the sender for a proof."""
    return bool(_REFERS_TO_CHALLENGE.search(plain(words)))


def _by_whom(message: Message, kind: ReportKind, reason: str) -> Report:
    return Report(kind, parseaddr(header(message, "From"))[1] or None, reason=reason)


def _asks_for_proof(message: Message) -> bool:
    words = plain(header(message, "Subject") + " " + text_of(message)[:_MOST])
    if str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied") and _AWAY_SUBJECT.search(
        words[:200]
    ):
        return False
    return bool(_ASKS.search(words) and _FOR_PROOF.search(words))


def _is_away(message: Message) -> bool:
    if _AWAY_SUBJECT.search(plain(header(message, "Subject"))):
        return True
    if (
        any(message.get(name) for name in _ABSENT_HEADERS)
        or "auto_reply" in str(message.get("Precedence", "")).lower()
    ):
        return True
    submitted = str(message.get("Auto-Submitted", "no")).lower()
    return submitted.startswith(("auto-replied", "auto-notified", "auto-generated")) and not is_a_report(
        message
    )
