"""What this installation is (read from the environment at start) and who publishes with it (kept in the database).

Hides where each of the two comes from, and how the keys that sign its mail are kept. Promises that a reader of settings
never meets a missing translation: a text that is not there in one language is given in the publication's first.
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
from newsletter.settings.signing import (
    KeyState,
    Signers,
    SigningKey,
    add_signing_key,
    note_finding,
    propose_selector,
    remove_signing_key,
    retire_signing_key,
    signers,
    signing_key,
    signing_keys,
    use_signing_key,
)
from newsletter.settings.topics import Topic, add_topic, change_topic, remove_topic, topic, topics

__all__ = [
    "Environment",
    "KeyState",
    "Publication",
    "Signers",
    "SigningKey",
    "Support",
    "Topic",
    "add_signing_key",
    "add_topic",
    "bind",
    "change_publication",
    "change_topic",
    "environment",
    "is_established",
    "note_finding",
    "notice",
    "propose_selector",
    "publication",
    "remove_signing_key",
    "remove_topic",
    "retire_signing_key",
    "signers",
    "signing_key",
    "signing_keys",
    "tokens",
    "topic",
    "topics",
    "url",
    "use_signing_key",
]
