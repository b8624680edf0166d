"""The whole loop by the contract with the outside, as another program would drive it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.outside.conftest import Installation, MailServer, links

READERS = 60
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//example.org//EN\r
BEGIN:VEVENT\r
UID:lecture-1@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Asia/Tokyo:{year}0310T180000\r
DTEND;TZID=Asia/Tokyo:{year}0310T193000\r
SUMMARY:Spring lecture on sea lanes\r
LOCATION:Tokyo office\r
END:VEVENT\r
END:VCALENDAR\r
"""
FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>News</title>
<id>urn:feed</id><updated>2026-10-01T00:00:00Z</updated>
<entry><id>urn:a</id><title>A new paper is out</title><link href="https://www.example.org/a"/>
<updated>2026-10-01T00:00:00Z</updated><summary>It says much in little.</summary></entry></feed>"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def _subscribe(place: Installation, number: int) -> None:
    language = "ja" if number % 3 == 0 else "en"
    answer = requests.post(
        f"{place.url}/subscribe",
        data={"email": f"reader{number}@example.com", "list": "tokyo-letter", "language": language},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text


def _confirm(mail: MailServer, number: int) -> None:
    (letter,) = mail.of(f"reader{number}@example.com")
    link = links(letter, "/confirm/")[0]
    assert requests.head(link, timeout=30).status_code == 200
    assert requests.get(link, timeout=30).status_code == 200
    assert requests.post(link, timeout=30).status_code == 200


def _counts(place: Installation) -> dict[str, int]:
    return next(one for one in place.cli("lists", "list", "--json") if one["slug"] == "tokyo-letter")


def test_readers_come_get_their_language_and_leave_by_one_click(installation, mail_server, tmp_path):
    place = installation
    place.start()
    place.cli("lists", "create", "tokyo-letter", "--title", "Tokyo Letter", "--json")
    year = 2027
    (tmp_path / "events.ics").write_text(CALENDAR.format(year=year), newline="")
    (tmp_path / "feed.xml").write_text(FEED)
    assert [one["status"] for one in place.cli("entries", "import", "events.ics", "--json")] == ["new"]
    assert [one["status"] for one in place.cli("entries", "import", "events.ics", "--json")] == ["known"]
    assert [one["status"] for one in place.cli("entries", "import", "feed.xml", "--json")] == ["new"]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _subscribe(place, number), range(READERS)))
        place.wait(lambda: len(mail_server.letters) >= READERS, "a confirmation mail for each")
        assert _counts(place)["pending"] == READERS
        list(pool.map(lambda number: _confirm(mail_server, number), range(READERS)))
    assert _counts(place)["confirmed"] == READERS

    mail_server.letters.clear()
    issue = place.cli("issues", "draft", "--list", "tokyo-letter", "--title", "Spring in Tokyo", "--json")
    assert issue["languages"] == ["en", "ja"]
    place.cli("issues", "send", str(issue["id"]), "--json")
    place.wait(lambda: len(mail_server.letters) >= READERS, "an issue for each")
    place.wait(lambda: _report(place, issue)["sent"] == READERS, "the ledger to know")
    report = _report(place, issue)
    assert (
        report["recipients"]
        == READERS
        == sum(v for k, v in report.items() if k not in {"state", "recipients"})
    )
    assert sorted(to for to, _ in mail_server.letters) == sorted(
        f"reader{n}@example.com" for n in range(READERS)
    )

    english, japanese = mail_server.of("reader1@example.com")[0], mail_server.of("reader0@example.com")[0]
    assert 'lang="ja"' in japanese.get_body(("html",)).get_content()
    assert "購読" in japanese.get_body(("plain",)).get_content()
    assert "Spring lecture on sea lanes" in english.get_body(("plain",)).get_content()
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = english["List-Unsubscribe"].strip("<>")
    assert requests.get(one_click, timeout=30).status_code == 200
    assert _counts(place)["unsubscribed"] == 0
    gone = requests.post(one_click, data={"List-Unsubscribe": "One-Click"}, allow_redirects=False, timeout=30)
    assert (gone.status_code, gone.headers.get("Set-Cookie")) == (200, None)
    assert _counts(place)["unsubscribed"] == 1

    mail_server.letters.clear()
    second = place.cli("issues", "draft", "--list", "tokyo-letter", "--title", "Again", "--json")
    place.cli("issues", "send", str(second["id"]))
    place.wait(lambda: _report(place, second)["sent"] == READERS - 1, "the second issue")
    assert "reader1@example.com" not in {to for to, _ in mail_server.letters}


def _report(place: Installation, issue) -> dict:
    return place.cli("issues", "report", str(issue["id"]), "--json")


@pytest.mark.fault
def test_a_process_killed_in_mid_send_loses_nobody_and_the_report_adds_up(
    installation, mail_server, tmp_path
):
    place = installation
    place.start()
    place.cli("lists", "create", "tokyo-letter", "--title", "Tokyo Letter")
    (tmp_path / "feed.xml").write_text(FEED)
    place.cli("entries", "import", "feed.xml")
    readers = [f"reader{number}@example.com" for number in range(400)]
    (tmp_path / "readers.csv").write_text("email\n" + "\n".join(readers))
    assert (
        place.cli("subscribers", "import", "readers.csv", "--list", "tokyo-letter", "--confirmed", "--json")[
            "created"
        ]
        == 400
    )
    issue = place.cli("issues", "draft", "--list", "tokyo-letter", "--title", "Interrupted", "--json")
    mail_server.delay = 0.05
    place.cli("issues", "send", str(issue["id"]))
    place.wait(lambda: len(mail_server.letters) > 60, "some of the issue to be out")
    place.kill()
    at_the_crash = len(mail_server.letters)
    assert at_the_crash < 400
    place.start()
    place.wait(
        lambda: {to for to, _ in mail_server.letters} == set(readers), "everybody to have it", seconds=120
    )
    place.wait(lambda: _report(place, issue)["state"] in {"finished", "sent"}, "the end", seconds=120)
    report = _report(place, issue)
    assert (
        report["recipients"] == 400 == sum(v for k, v in report.items() if k not in {"state", "recipients"})
    )
    assert len(mail_server.letters) - 400 <= 10, "at most one double for each open connection"
    ids = {}
    for to, raw in mail_server.letters:
        ids.setdefault(to, set()).add(_message_id(raw))
    assert all(len(one) == 1 for one in ids.values()), "a double carries the same Message-ID"


def _message_id(raw: bytes) -> bytes:
    return next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
