"""Strangers with a watch learn nothing: an address that is known is answered no slower than one that is not."""

from time import perf_counter

import pytest

from newsletter import accounts, audience
from newsletter.accounts import Role
from newsletter.database import db

KNOWN, UNKNOWN = "dora@example.org", "mallory@example.org"


@pytest.fixture
def _known(app, publication):
    """Dora reads, and works here too."""
    letters = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    audience.import_subscribers(f"email\n{KNOWN}\n".encode(), letters.id, confirmed=True)
    accounts.add(KNOWN, Role.EDITOR, "a long walk by the sea")
    db.session.commit()


@pytest.mark.usefixtures("_known")
@pytest.mark.parametrize("door", ["/manage", "/dashboard/forgotten"])
def test_no_door_answers_sooner_for_an_address_that_nobody_has(client, door):
    took = {KNOWN: [], UNKNOWN: []}
    client.post(door, data={"email": "warm@example.org"})
    for email in (KNOWN, UNKNOWN) * 8:  # in turns: what else the machine does meets both
        begun = perf_counter()
        assert client.post(door, data={"email": email}).status_code == 200
        took[email].append(perf_counter() - begun)
    assert min(took[UNKNOWN]) > min(took[KNOWN]) / 2.5
