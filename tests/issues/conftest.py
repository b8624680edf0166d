"""The Minato Institute with its Tokyo Letter, two events, two articles, and readers in both languages."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from newsletter import audience, entries
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text

NOW = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)
"""Thursday 8 October 2026, noon in Tokyo."""


@pytest.fixture
def now(app):
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def letter(publication, now):
    made = audience.create_list("tokyo-letter", {"en": "Tokyo Letter", "ja": "東京だより"})
    db.session.commit()
    return made


@pytest.fixture
def readers(letter):
    rows = [
        "email,name,language",
        "dora@example.org,Dora,en",
        "emi@example.jp,江口花子,ja",
        "finn@example.org,,en",
    ]
    report = audience.import_subscribers(rows, letter.id, confirmed=True)
    db.session.commit()
    return report


@pytest.fixture
def dialogue(publication, now):
    return told(
        Content(
            kind=Kind.EVENT,
            texts={
                "en": Text(
                    title="Thirteenth UK–Japan Security Dialogue",
                    summary="What two island nations can build together.",
                    venue="International Conference Hall, Tokyo",
                ),
                "ja": Text(
                    title="第13回 日英安全保障対話",
                    summary="二つの国は何を造れるのか。",
                    venue="国際会議室(東京)",
                ),
            },
            days=(
                Day(date(2026, 11, 10), time(10), time(18)),
                Day(date(2026, 11, 11), time(9, 30), time(17)),
            ),
            timezone="Asia/Tokyo",
            register_url="https://www.example.org/register",
            agenda_url="https://www.example.org/agenda.pdf",
            register_by=datetime(2026, 10, 30, 15, 0, tzinfo=UTC),
        )
    )


@pytest.fixture
def lecture(publication, now):
    return told(
        Content(
            kind=Kind.EVENT,
            texts={
                "en": Text(
                    title="Open lecture: armies that keep the peace", online_place="Online", venue="London"
                )
            },
            days=(Day(date(2026, 12, 2), time(17), time(18, 30)),),
            timezone="Europe/London",
            online_url="https://www.example.org/live",
        )
    )


@pytest.fixture
def articles(publication, now):
    first = Content(
        kind=Kind.NEWS,
        texts={
            "en": Text(
                title="Two fellowships for 2027", summary="A year in Tokyo.", body_html="<p>Apply.</p>"
            )
        },
        dated=datetime(2026, 10, 5, tzinfo=UTC),
    )
    second = Content(
        kind=Kind.ANALYSIS,
        texts={
            "en": Text(title="Buying together", summary="One partner is simple.", body_html="<p>Long.</p>"),
            "ja": Text(
                title="共に買うということ",
                summary="共同事業は調達をどう変えるのか。",
                body_html="<p>本文。</p>",
            ),
        },
        dated=datetime(2026, 9, 28, tzinfo=UTC),
    )
    return [told(first), told(second)]


def told(content):
    entry = entries.write(content, publish=True)
    db.session.commit()
    return entry
