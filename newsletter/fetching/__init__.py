"""What visits the web: a feed or a page is fetched, and links are knocked at to see whether they lead somewhere.

Hides connections, redirects and their traps. Promises that only public addresses are visited, whatever a name or a
redirect says, that no answer is read beyond a cap, and that each visit ends in time.
"""

from newsletter.fetching.fetched import LARGEST, Fetch, Fetched, Request
from newsletter.fetching.knocked import Answer, Knock, Outcome
from newsletter.fetching.setting_out import check_address, fetch, knock, knock_at

__all__ = [
    "LARGEST", "Answer", "Fetch", "Fetched", "Knock", "Outcome", "Request", "check_address", "fetch", "knock", "knock_at",
]  # fmt: skip
