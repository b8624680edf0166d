"""Several editors at one issue: who is here, and what they say to each other about a block.

Hides the rows that live for seconds, and whom a comment's mail goes to.
"""

from newsletter.issues.together.comment_mail import tell_mentioned
from newsletter.issues.together.commenting import (
    Thread,
    answer,
    comment,
    open_threads,
    reopen,
    resolve,
    reword,
    say,
    take_back,
    threads,
)
from newsletter.issues.together.naming import mentions_of
from newsletter.issues.together.presence import Here, be_here, forget_who_was_here, leave, who_is_here
from newsletter.issues.together.tables import Comment

__all__ = [
    "Comment", "Here", "Thread", "answer", "be_here", "comment", "forget_who_was_here", "leave", "mentions_of",
    "open_threads", "reopen", "resolve", "reword", "say", "take_back", "tell_mentioned", "threads",
    "who_is_here",
]  # fmt: skip
