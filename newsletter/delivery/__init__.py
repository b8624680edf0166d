"""Delivery: the one letterbox through which all mail leaves, and the ledger of what became of it.

Hides the ledger, claims and leases, pacing and retries, crash recovery and relays. Promises that every recipient of every
mailing has a row that ends in a known state; that a crash, a dead server or a dead broker loses nobody, and doubles at
most the few messages that were on the wire; that service mail overtakes issues; and that the counts of a mailing add up
at every moment. Knows envelopes, compiled messages and recipients, never lists or issues.

    mailing_id = enqueue(Letter("No. 42", "issue:42", {"en": template}, "letter@example.org"), readers)
    …                                    # commit
    deliver()                            # in a worker: sends what is due, and returns
    progress(mailing_id)
"""

from newsletter.delivery.breakdown import breakdown
from newsletter.delivery.catching import catching
from newsletter.delivery.control import (
    forget,
    hold_all,
    pause,
    resend_unknown,
    resume,
    withdraw,
    withdraw_reader,
)
from newsletter.delivery.delivering import deliver
from newsletter.delivery.destinations import destinations, limit_domain, try_domain
from newsletter.delivery.expecting import Expected, expected
from newsletter.delivery.faces import (
    Breakdown,
    Destination,
    DomainShare,
    Health,
    Letter,
    Page,
    Progress,
    Rate,
    Reason,
    RecipientView,
    RelayState,
    Said,
    Suppression,
    Tally,
    Wait,
    Worker,
)
from newsletter.delivery.filling import enqueue, extend, has_row, post
from newsletter.delivery.foreseeing import count_suppressed, gets
from newsletter.delivery.metrics import metrics
from newsletter.delivery.progress import ended, mailing_of, progress, rates
from newsletter.delivery.pruning import prune
from newsletter.delivery.recovery import sweep
from newsletter.delivery.rehearsing import Part, Rehearsal, Size, Unwritten
from newsletter.delivery.relays import relays, try_relay
from newsletter.delivery.states import MailingState, State, Unknown
from newsletter.delivery.suppressions import lift, suppress, suppression, suppressions
from newsletter.delivery.views import bounced, history, recipient, recipients, variant_of
from newsletter.delivery.workers import health, sign_off

__all__ = [
    "Breakdown",
    "Destination",
    "DomainShare",
    "Expected",
    "Health",
    "Letter",
    "MailingState",
    "Page",
    "Part",
    "Progress",
    "Rate",
    "Reason",
    "RecipientView",
    "Rehearsal",
    "RelayState",
    "Said",
    "Size",
    "State",
    "Suppression",
    "Tally",
    "Unknown",
    "Unwritten",
    "Wait",
    "Worker",
    "bounced",
    "breakdown",
    "catching",
    "count_suppressed",
    "deliver",
    "destinations",
    "ended",
    "enqueue",
    "expected",
    "extend",
    "forget",
    "gets",
    "has_row",
    "health",
    "history",
    "hold_all",
    "lift",
    "limit_domain",
    "mailing_of",
    "metrics",
    "pause",
    "post",
    "progress",
    "prune",
    "rates",
    "recipient",
    "recipients",
    "relays",
    "resend_unknown",
    "resume",
    "sign_off",
    "suppress",
    "suppression",
    "suppressions",
    "sweep",
    "try_domain",
    "try_relay",
    "variant_of",
    "withdraw",
    "withdraw_reader",
]
