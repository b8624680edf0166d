"""What machines ask, and what a stranger who asks the same learns."""

from newsletter import delivery, mail, settings
from newsletter.database import db


def test_a_process_that_answers_says_so_and_one_with_a_database_is_ready(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json == {"ready": True, "database": "answers"}


def test_the_figures_are_open_and_name_nobody(client, publication):
    letter = mail.Draft(mail.Address("letter@example.org", "Minato"), "Nocturne", "<p>x</p>", "x", "en")
    delivery.post(letter, mail.Address("dora@example.org", "Dora"), "issue:quartz")
    db.session.commit()
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    figures = answer.text
    assert 'newsletter_recipients{state="queued"} 1.0\n' in figures
    for word in ("@", "dora", "Nocturne", "quartz", "Minato", settings.environment().secret_keys[0]):
        assert word not in figures.replace("example.org:", "")
