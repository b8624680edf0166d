"""What this installation is (read from the environment at start) and who publishes with it (kept in the database).

Hides where each of the two comes from. Promises that a reader of settings never meets a missing translation: a text that
is not there in one language is given in the publication's first.
"""

from newsletter.settings.installation import Environment, bind, environment, tokens, url
from newsletter.settings.notice import notice
from newsletter.settings.publisher import (
    Publication,
    Support,
    change_publication,
    is_established,
    publication,
)
from newsletter.settings.topics import Topic, add_topic, change_topic, remove_topic, topic, topics

__all__ = [
    "Environment",
    "Publication",
    "Support",
    "Topic",
    "add_topic",
    "bind",
    "change_publication",
    "change_topic",
    "environment",
    "is_established",
    "notice",
    "publication",
    "remove_topic",
    "tokens",
    "topic",
    "topics",
    "url",
]
