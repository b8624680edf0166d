"""What the public may read afterwards: sent issues as they were sent, visible entries, and feeds and calendars of both.

Hides what is visible and what is not: drafts, entries taken back, articles dated in the future, and issues of lists that
readers cannot find by themselves, which are read by their link alone. Writes nothing.
"""

from newsletter.archive.feeds import Feed, FeedItem, calendar, feed
from newsletter.archive.sent import ArchivedIssue, IssueLine, IssuePage, letter, sent_issue, sent_issues
from newsletter.archive.sitemap import SitePage, site_pages
from newsletter.archive.visible import visible_entries, visible_entry

__all__ = [
    "ArchivedIssue",
    "Feed",
    "FeedItem",
    "IssueLine",
    "IssuePage",
    "SitePage",
    "calendar",
    "feed",
    "letter",
    "sent_issue",
    "sent_issues",
    "site_pages",
    "visible_entries",
    "visible_entry",
]
