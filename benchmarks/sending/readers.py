"""The readers of one run, by the hundred thousand: a confirmed list, half English, half Japanese, at forty domains."""

from sqlalchemy import String, cast, func, insert, literal, select

from benchmarks.sending.letters import SENDER, draft, template
from newsletter import audience, clock, delivery, mail
from newsletter.audience import State, Subscriber, Subscription
from newsletter.database import db

_LIST = "letter"
_LANGUAGES = ("en", "ja")
_DOMAINS = 40


def make(count: int) -> int:
    """Fill an empty installation with readers, and return their list's number."""
    mailing_list = audience.create_list(_LIST, {"en": "Minato Letter", "ja": "みなと通信"})
    db.session.flush()
    _subscribers(count)
    _subscriptions(mailing_list.id)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    return mailing_list.id


def enqueue(list_id: int) -> int:
    """Make a mailing to all of them, and return its number."""
    letter = delivery.Letter(
        label="Your letter from Minato",
        reference="issue:42",
        templates={language: template(language) for language in _LANGUAGES},
        sender_email=SENDER,
        scope=list_id,
    )
    mailing = delivery.enqueue(letter, audience.readers(list_id, _LANGUAGES))
    db.session.commit()
    return mailing


def post_test() -> None:
    """Post a test of the letter, as an editor has one sent to herself before it goes to all."""
    delivery.post(draft(_LANGUAGES[0]), mail.Address("editor@example.org", "Editor"), "test")
    db.session.commit()


def _subscribers(count: int) -> None:
    numbers = select(literal(1).label("i")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.i + 1).where(numbers.c.i < count))
    number = cast(numbers.c.i, String)
    address = literal("reader", String) + number + "@example" + cast(numbers.c.i % _DOMAINS, String) + ".org"
    language = func.substr("enja", numbers.c.i % 2 * 2 + 1, 2)
    rows = select(
        address, address, literal("Dora ", String) + number, language, literal(""), literal(clock.now())
    )
    columns = ["address", "address_key", "name", "language", "timezone", "created_at"]
    db.session.execute(insert(Subscriber).from_select(columns, rows))


def _subscriptions(list_id: int) -> None:
    now = literal(clock.now())
    rows = select(Subscriber.id, literal(list_id), literal(State.CONFIRMED.value), now, now)
    columns = ["subscriber_id", "list_id", "state", "created_at", "confirmed_at"]
    db.session.execute(insert(Subscription.__table__).from_select(columns, rows))
