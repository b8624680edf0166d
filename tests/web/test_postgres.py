"""What differs on PostgreSQL: it keeps a NUL in no text, and lets two write at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from newsletter import accounts, audience, entries, issues, settings
from newsletter.accounts import Role
from newsletter.database import db

pytestmark = pytest.mark.postgres


def test_a_nul_is_answered_as_any_other_nonsense(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    db.session.commit()
    visitor = postgres_app.test_client()
    for address in ("/entries/%00", "/entries/%00.ics", "/images/%00", "/issues/%00", "/entries/?topic=%00"):
        assert visitor.get(address).status_code == 404, address
    assert visitor.get("/entries/?q=%00").status_code == 200


def test_a_nul_is_left_out_of_what_is_kept(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    draft = issues.draft(letter)
    issues.save(draft.id, 1, preheaders={"en": "So\0\0on \\\0\\u0000"})
    db.session.commit()
    db.session.expire_all()
    assert issues.issue(draft.id).preheaders["en"] == "Soon \\\\u0000"


def test_whoever_is_slower_by_a_moment_is_answered_as_if_by_a_minute(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    alice = accounts.add("alice@example.org", Role.OWNER, "a long walk by the sea")
    keys = [accounts.begin_session(alice) for _ in range(4)]
    db.session.commit()
    together = Barrier(len(keys), timeout=60)

    def press(key, address, **form):
        client = postgres_app.test_client()
        with client.session_transaction() as session:
            session["person"] = key
        together.wait()
        return client.post(address, data=form).status_code

    def all_at_once(address, **form):
        with ThreadPoolExecutor(len(keys)) as pool:
            return sorted(pool.map(lambda key: press(key, address, **form), keys))

    news = {"title-en": "Two fellowships", "do": "publish"}
    assert all_at_once("/dashboard/entries/new/news", **news) == [302] * 4
    assert all_at_once("/dashboard/issues/new", list=letter.id) == [302] * 4
    assert all_at_once("/dashboard/entries/sources", url="https://example.org/feed") == [302, 422, 422, 422]
    assert len({one.slug for one in entries.search().entries}) == 4


def test_two_imports_of_the_same_people_write_down_once_what_they_agreed_to(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    db.session.commit()
    together = Barrier(3, timeout=60)
    people = "email\n" + "".join(f"reader{n}@example.org\n" for n in range(300))

    def take(_):
        with postgres_app.app_context():
            together.wait()
            audience.import_subscribers(people, "tokyo-letter", confirmed=True)
            db.session.commit()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(take, range(3)))
    dora = audience.subscriber("reader7@example.org")
    assert len(audience.consents(dora.id)) == 1


def test_the_composer_and_its_letter_are_put_together_by_a_reader_who_may_write_nothing(postgres_app):
    """PostgreSQL refuses a write there; SQLite would only be slow."""
    settings.change_publication(names={"en": "Minato Institute"}, sender_email="letter@example.org")
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    draft = issues.draft(letter)
    alice = accounts.add("alice@example.org", Role.OWNER, "a long walk by the sea")
    key = accounts.begin_session(alice)
    db.session.commit()
    client = postgres_app.test_client()
    with client.session_transaction() as session:
        session["person"] = key
    address = f"/dashboard/issues/{draft.id}"
    typed = {"do": "autosave", "version": draft.version, "subject-en": "Soon", "saving": "one"}
    answer = client.post(address, data=typed, headers={"X-Fragment": "1"})
    assert (answer.status_code, answer.headers["X-Kept"]) == (200, "1")
    assert "Soon" in answer.get_data(as_text=True)
    assert "Tokyo Letter" in client.get(f"{address}/preview?edition=en").get_data(as_text=True)
