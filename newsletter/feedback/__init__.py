"""What comes back after an issue has left: bounces, complaints, answers of robots.

Hides the dialects (in `mail`), how a message that came back is tied to the recipient it is about, and the policy: a hard bounce
suppresses the address, a complaint suppresses it and ends every subscription, everything else is kept to be counted.
Promises that what is not ours touches nobody, and that the same message received twice counts once.
"""

from newsletter.feedback.reading import Reading, read
from newsletter.feedback.receiving import Counts, counts, receive
from newsletter.feedback.tables import Returned

__all__ = ["Counts", "Reading", "Returned", "counts", "read", "receive"]
