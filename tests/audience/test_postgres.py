"""The same audience on PostgreSQL."""

import pytest

from newsletter import audience, delivery, mail, settings
from newsletter.audience import Source
from newsletter.database import db

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def lists():
    """No lists on the other database."""


def test_people_come_in_choose_leave_and_are_forgotten_on_postgres(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    settings.add_topic("sea", {"en": "Law of the sea"})
    rows = "email,name,topics,city\ndora@example.org,Dora,sea,London\nhanako@example.jp,江口花子,,\n"
    assert audience.import_subscribers(rows, "tokyo-letter", confirmed=True).created == 2
    assert audience.import_subscribers(rows, "tokyo-letter", confirmed=True).skipped == 2
    audience.subscribe(audience.Request("mallory@example.com", "en"))
    db.session.commit()
    assert audience.counts(letter.id) == audience.ListCounts(confirmed=2, pending=1)
    assert audience.growth(letter.id, 2)[-1].joined == 2
    assert audience.search("dora", letter.id, audience.State.CONFIRMED).total == 1
    assert len(list(audience.export_csv("tokyo-letter"))) == 3
    assert audience.count_by_language(letter.id) == {"en": 2, "ja": 0}
    chosen = audience.readers(letter.id, ["en"], topics=[settings.topic("sea").id], exclude_lists=[99])
    draft = mail.Draft(mail.Address("letter@example.org"), "No. 42", "<p>Hello</p>", "Hello", "en")
    issue = delivery.Letter(
        "No. 42", "issue:42", {"en": mail.compile(draft)}, "letter@example.org", letter.id
    )
    mailing = delivery.enqueue(issue, chosen)
    dora = audience.subscriber("dora@example.org")
    audience.unsubscribe(dora.id, letter.id, Source.ONE_CLICK)
    audience.forget(dora.id)
    audience.tidy()
    db.session.commit()
    assert delivery.progress(mailing).withdrawn == 1
    assert audience.search("dora").total == 0
