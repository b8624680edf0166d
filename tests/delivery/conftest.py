"""A ledger on each engine, a real SMTP server, and readers by the hundred."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Select, String, cast, literal, null, select

from newsletter import delivery, mail, settings
from newsletter.database import db
from newsletter.delivery import Letter, Progress, State
from tests.delivery.server import Server

COUNTS = [state.value for state in State]


engine_matters_little = pytest.mark.parametrize(
    "place",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])],
    indirect=True,
)
"""For tests of what happens on the wire, or by the clock: on PostgreSQL in the whole run alone."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest):
    """An application, once on each engine."""
    return request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def relay(place, server: Server) -> Server:
    """The server, set as the installation's relay."""
    use(server.url)
    settings.change_publication(bounce_domain="bounces.example.org")
    db.session.commit()
    return server


def use(*urls: str) -> None:
    settings.bind(replace(settings.environment(), smtp_urls=urls))


def template(subject: str = "Hello") -> "mail.Template":
    name = mail.mark("name", "reader")
    link = f"https://letter.example.org/unsubscribe/{mail.mark('token:unsubscribe')}"
    return mail.compile(
        mail.Draft(
            sender=mail.Address("letter@example.org", "Minato Institute"),
            subject=subject,
            html=f'<p>Dear {name}, <a href="{link}">leave</a></p>',
            text=f"Dear {name}, leave: {link}",
            language="en",
        )
    )


def draft(subject: str = "Confirm") -> "mail.Draft":
    return mail.Draft(
        sender=mail.Address("letter@example.org", "Minato Institute"),
        subject=subject,
        html="<p>Please confirm.</p>",
        text="Please confirm.",
        language="en",
        automatic=True,
    )


def readers(count: int, first: int = 1) -> Select[Any]:
    """Select made-up readers: reader1@example.org …, each with their number."""
    numbers = select(literal(first).label("i")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.i + 1).where(numbers.c.i < first + count - 1))
    number = cast(numbers.c.i, String)
    return select(
        literal("reader", String) + number + "@example.org",
        literal("en", String),
        numbers.c.i,
        "Reader " + number,
        cast(null(), String),
    )


def send(count: int = 20, **changes: Any) -> int:
    """Enqueue an issue to made-up readers, and commit."""
    values: dict[str, Any] = {
        "label": "No. 42",
        "reference": "issue:42",
        "templates": {"en": template()},
        "sender_email": "letter@example.org",
    } | changes
    mailing_id = delivery.enqueue(Letter(**values), readers(count))
    db.session.commit()
    return mailing_id


def look(mailing_id: int) -> Progress:
    """Read a mailing's progress, see that it adds up, and hold no transaction."""
    seen = delivery.progress(mailing_id)
    db.session.commit()
    assert sum(getattr(seen, name) for name in COUNTS) == seen.recipients, seen
    return seen


def rows(mailing_id: int) -> list[delivery.RecipientView]:
    found = []
    page = 1
    while True:
        part = delivery.recipients(mailing_id, page=page)
        found += part.items
        if page >= part.of:
            break
        page += 1
    db.session.commit()
    return found


def agree(mailing_id: int) -> None:
    """See that the counters say what the rows say."""
    seen = look(mailing_id)
    states = [row.state for row in rows(mailing_id)]
    for state in State:
        assert states.count(state) == getattr(seen, state), (state, seen)


Make = Callable[..., int]
