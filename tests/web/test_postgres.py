"""What scanners send to every door, met on PostgreSQL, which keeps a NUL in no text."""

import pytest

from newsletter import audience, issues, settings
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
