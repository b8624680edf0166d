"""Sources that are visited every hour, and how the web is asked."""

import contextlib
import sqlite3
import threading
import time
from datetime import timedelta

import pytest
import time_machine

from newsletter import clock, entries, wake
from newsletter.database import db
from newsletter.entries import Request, Status
from newsletter.errors import Invalid, Unreachable

from .conftest import ics, rss

URL = "https://example.org/feed"
ITEM = "<title>Two fellowships</title><guid>https://example.org/1</guid>"


def test_a_source_is_visited_and_noted(web):
    web.put(URL, rss(ITEM, "<link>https://example.org/x</link>"), etag='"1"')
    source = entries.add_source(URL, topics=())
    assert entries.due_sources() == [source.id]
    taken = entries.refresh(source.id, web)
    assert [each.status for each in taken] == [Status.NEW, Status.SKIPPED]
    assert entries.get(taken[0].entry_id).source is source
    assert source.result == {"new": 1, "skipped": 1}
    assert (source.problem, source.etag, entries.due_sources()) == ("", '"1"', [])


@pytest.mark.slow
def test_nobody_waits_for_the_database_while_a_source_is_read(web):
    slow = ics("UID:1\nSUMMARY:Never\nDTSTART:20261201T090000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
    web.put(URL, slow)
    source, here, told = entries.add_source(URL), threading.Event(), []
    file = db.engine.url.database

    def write_meanwhile():
        here.wait(10)
        time.sleep(0.5)
        other = sqlite3.connect(file, timeout=0.1, isolation_level=None)
        with contextlib.suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            told.append("written")
        other.close()

    def fetch(wanted):
        here.set()
        return web(wanted)

    writer = threading.Thread(target=write_meanwhile)
    writer.start()
    entries.refresh(source.id, fetch)
    writer.join()
    assert told == ["written"]


def test_what_did_not_change_is_not_sent_again(web):
    web.put(URL, rss(ITEM), etag='"1"')
    source = entries.add_source(URL)
    entries.refresh(source.id, web)
    assert entries.refresh(source.id, web) == []
    assert [wanted.etag for wanted in web.asked] == ["", '"1"']
    assert source.result == {"new": 1}


def test_a_source_that_does_not_answer_is_tried_ever_less_often(web):
    source = entries.add_source(URL)
    waits = []
    for _ in range(7):
        assert entries.refresh(source.id, web) == []
        waits.append((source.due_at - clock.now()) // timedelta(hours=1))
    assert waits == [2, 4, 8, 16, 24, 24, 24]
    assert "does not answer" in source.problem
    web.put(URL, rss(ITEM))
    entries.refresh(source.id, web)
    assert (source.problem, source.failures) == ("", 0)


def test_a_broken_answer_changes_nothing_but_the_note(web):
    web.put(URL, rss(ITEM))
    source = entries.add_source(URL)
    entries.refresh(source.id, web)
    web.put(URL, b"PK\x03\x04")
    entries.refresh(source.id, web)
    assert "ZIP" in source.problem
    assert entries.search().total == 1


def test_an_empty_calendar_is_no_failure(web):
    web.put(URL, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    source = entries.add_source(URL)
    assert entries.refresh(source.id, web) == []
    assert source.problem == ""


def test_what_an_editor_deleted_does_not_come_back_by_itself(web):
    web.put(URL, rss(ITEM))
    source = entries.add_source(URL)
    (taken,) = entries.refresh(source.id, web)
    entries.delete(taken.entry_id)
    (again,) = entries.refresh(source.id, web)
    assert again.status is Status.SKIPPED
    assert entries.import_entries(rss(ITEM))[0].status is Status.NEW


def test_sources_are_due_an_hour_later_and_the_worker_is_woken(web):
    woken = []
    wake.bind(lambda job, *numbers: woken.append((job, *numbers)))
    web.put(URL, rss(ITEM))
    source = entries.add_source(URL)
    db.session.commit()
    assert woken == [("refresh_source", source.id)]
    entries.refresh(source.id, web)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert entries.due_sources() == [source.id]


def test_a_source_that_is_removed_leaves_its_entries(web):
    web.put(URL, rss(ITEM))
    source = entries.add_source(URL)
    (taken,) = entries.refresh(source.id, web)
    entries.remove_source(source.id)
    db.session.expire_all()
    assert entries.get(taken.entry_id).source_id is None
    assert entries.refresh(source.id, web) == []


def test_one_address_is_one_source():
    entries.add_source(URL)
    with pytest.raises(Invalid, match="on the list already"):
        entries.add_source(f" {URL} ")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://192.168.1.1/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/",
    ],
)  # fmt: skip
def test_private_addresses_are_never_visited(url):
    with pytest.raises((Invalid, Unreachable)):
        entries.fetch(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "https://",
        "https://a b/",
        "https://bob:secret@example.org/",
        "http://[",
        "x",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(Invalid):
        entries.fetch(Request(url))
