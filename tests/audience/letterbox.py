"""What the tests of the audience share: lists to read, and the mail that arrives."""

import re

from newsletter import audience, delivery, settings
from newsletter.database import db
from newsletter.inbox import Caught, Inbox


def some_lists() -> tuple[audience.MailingList, audience.MailingList]:
    """The Tokyo Letter and the event notices, with two topics."""
    letter = audience.create_list(
        "tokyo-letter",
        {"en": "Tokyo Letter", "ja": "東京だより"},
        descriptions={"en": "Events, analysis and news. Monthly.", "ja": "催しと論考とお知らせ。月1回。"},
    )
    notices = audience.create_list("event-notices", {"en": "Event notices", "ja": "催しのお知らせ"})
    settings.add_topic("cyber", {"en": "Cyber and terrorism", "ja": "サイバー・テロ"})
    settings.add_topic("sea", {"en": "Law of the sea", "ja": "海洋法"})
    db.session.commit()
    return letter, notices


def arrived() -> list[Caught]:
    """Send all that is due, and return the letters that arrived so far, the newest first."""
    db.session.commit()
    with delivery.catching():
        delivery.deliver()
    inbox = Inbox(settings.environment().data_dir / "inbox")
    return [inbox.read(summary.id) for summary in inbox.letters()]


def link_in(letter: Caught, page: str) -> str:
    """Return the path of the link to a page that a letter holds."""
    found = re.search(rf"https?://[^/\s]+(/{page}/\S+)", letter.text)
    assert found, letter.text
    return found[1]


def token_in(letter: Caught, page: str) -> str:
    """Return the token of the link to a page that a letter holds."""
    return link_in(letter, page).removeprefix(f"/{page}/").partition("?")[0]


def reader(
    email: str = "dora@example.org", *lists: str, language: str = "en", name: str = ""
) -> audience.Subscriber:
    """A confirmed reader of some lists, the Tokyo Letter where none is named."""
    for slug in lists or ("tokyo-letter",):
        row = f"email,name,language\n{email},{name},{language}"
        audience.import_subscribers(row, slug, confirmed=True)
    db.session.commit()
    return audience.subscriber(email)


def state(email: str, slug: str = "tokyo-letter") -> str | None:
    """Where somebody stands with a list."""
    held = {c.mailing_list.slug: c.state for c in audience.preferences(audience.subscriber(email).id).choices}
    return held[slug].value if held[slug] else None
