"""Who reads: lists, subscribers, what they agreed to, and who gets an issue.

Hides double opt-in, the consent ledger, the spelling of addresses, the dialects of spreadsheets, and the service mails.
Promises that nothing about a known subscriber changes before the link in a mail was pressed, that no answer tells
whether an address was known, and that leaving works at once, often, and for ever.

    announcement = subscribe(Request("dora@example.org", "en"))   # a mail goes out
    confirm(token)                                                # the button behind its link
    delivery.enqueue(letter, readers(list_id))                    # an issue goes out
    unsubscribe(reader, list_id, Source.ONE_CLICK)
"""

from newsletter.audience.circles import Circle, Sort, by_any_way, language_of, parted, variant_of, way_of
from newsletter.audience.confirming import Asked, Confirmation, confirm, look_at
from newsletter.audience.consent import consents, wording
from newsletter.audience.exports import export_csv, export_subscribers
from newsletter.audience.imports import ImportReport, LineError, import_subscribers
from newsletter.audience.leaving import Link, Standing, come_back, forget, read_link, standing, unsubscribe
from newsletter.audience.lists import (
    ListCounts,
    all_counts,
    change_list,
    counts,
    create_list,
    lists,
    mailing_list,
)
from newsletter.audience.overview import Found, Month, Movement, Page, growth, movement, search
from newsletter.audience.people import subscriber
from newsletter.audience.preferences import (
    Choice,
    Preferences,
    change_preferences,
    personal_data,
    preferences,
)
from newsletter.audience.segments import count_by_language, count_unconfirmed, readers
from newsletter.audience.signups import (
    Announcement,
    Request,
    announce,
    ask_again,
    mail_link,
    subscribe,
    tidy,
)
from newsletter.audience.tables import (
    Action,
    ConsentRecord,
    MailingList,
    Source,
    State,
    Subscriber,
    Subscription,
)
from newsletter.audience.ways_in import note_lists

__all__ = [
    "Action",
    "Announcement",
    "Asked",
    "Choice",
    "Circle",
    "Confirmation",
    "ConsentRecord",
    "Found",
    "ImportReport",
    "LineError",
    "Link",
    "ListCounts",
    "MailingList",
    "Month",
    "Movement",
    "Page",
    "Preferences",
    "Request",
    "Sort",
    "Source",
    "Standing",
    "State",
    "Subscriber",
    "Subscription",
    "all_counts",
    "announce",
    "ask_again",
    "by_any_way",
    "change_list",
    "change_preferences",
    "come_back",
    "confirm",
    "consents",
    "count_by_language",
    "count_unconfirmed",
    "counts",
    "create_list",
    "export_csv",
    "export_subscribers",
    "forget",
    "growth",
    "import_subscribers",
    "language_of",
    "lists",
    "look_at",
    "mail_link",
    "mailing_list",
    "movement",
    "note_lists",
    "parted",
    "personal_data",
    "preferences",
    "read_link",
    "readers",
    "search",
    "standing",
    "subscribe",
    "subscriber",
    "tidy",
    "unsubscribe",
    "variant_of",
    "way_of",
    "wording",
]
