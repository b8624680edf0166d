"""Every command, rightly and wrongly: its answer, its status, its one line."""

import json

import pytest

from newsletter import audience, clock
from newsletter.app import create_app
from newsletter.database import db
from newsletter.delivery.tables import WorkerRow
from tests.cli.conftest import close
from tests.feedback.test_receiving import bounce

PEOPLE = "email,name,language\ndora@example.com,Dora,en\nnot-an-address,,\nemi@example.jp,江口花子,ja\n"
COUNTS = ["queued", "sending", "sent", "deferred", "refused", "unknown", "withdrawn", "suppressed"]


@pytest.fixture
def letter(shell):
    """The Tokyo Letter, made by the command."""
    return shell.tells(
        "lists", "create", "tokyo-letter", "--title", "Tokyo Letter", "--title", "ja=東京だより"
    )


@pytest.fixture
def readers(shell, letter, table):
    return shell.tells("subscribers", "import", table(PEOPLE), "--list", "tokyo-letter", "--confirmed")


def test_a_list_is_made_and_shown(shell, letter, readers):
    assert set(letter) == {"id", "slug"}
    (row,) = shell.tells("lists", "list")
    assert row == {
        "id": letter["id"], "slug": "tokyo-letter", "title": "Tokyo Letter", "confirmed": 2, "pending": 0, "unsubscribed": 0,
    }  # fmt: skip
    assert "2 confirmed" in shell.does("lists", "list")


def test_a_list_is_made_once_and_under_a_good_name(shell, letter):
    assert "already" in shell.fails("lists", "create", "tokyo-letter", "--title", "Again")
    assert "Use small letters" in shell.fails("lists", "create", "Bad slug", "--title", "Bad")
    assert "xx" in shell.fails("lists", "create", "other", "--title", "Other", "--languages", "en,xx")


def test_without_lists_it_is_said_how_to_make_one(shell):
    assert "lists create" in shell.does("lists", "list")


def test_an_import_answers_what_became_of_each_row(readers):
    assert list(readers) == ["rows", "created", "updated", "skipped", "errors"]
    assert (readers["rows"], readers["created"]) == (3, 2)
    (error,) = readers["errors"]
    assert error["line"] == 3
    assert "not-an-address" in error["reason"]


def test_an_import_in_words_names_the_lines(shell, letter, table):
    said = shell.does("subscribers", "import", table(PEOPLE), "--list", "tokyo-letter")
    assert "3 rows: 2 created" in said
    assert "line 3:" in said


def test_an_import_that_cannot_be_done_changes_nothing(shell, letter, table, tmp_path):
    assert "nope" in shell.fails("subscribers", "import", table(PEOPLE), "--list", "nope")
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    assert shell.fails("subscribers", "import", tmp_path / "table.xlsx", "--list", "tokyo-letter")
    assert shell.tells("lists", "list")[0]["confirmed"] == 0


def test_an_export_can_be_imported_again(shell, readers, table):
    exported = shell.does("subscribers", "export", "--list", "tokyo-letter")
    shell.does("lists", "create", "copy", "--title", "Copy")
    again = shell.tells(
        "subscribers", "import", table(exported, "again.csv"), "--list", "copy", "--confirmed"
    )
    assert (again["rows"], again["errors"]) == (2, [])
    both = shell.does("subscribers", "export").splitlines()
    assert both[0].startswith("list,email,")
    assert [line.split(",")[:2] for line in both[1:]] == [
        ["tokyo-letter", "dora@example.com"], ["tokyo-letter", "emi@example.jp"],
        ["copy", "dora@example.com"], ["copy", "emi@example.jp"],
    ]  # fmt: skip


def test_an_export_writes_a_file_or_says_why_not(shell, readers, tmp_path):
    shell.does("subscribers", "export", "--list", "tokyo-letter", "--output", tmp_path / "out.csv")
    assert "江口花子" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "cannot be written" in shell.fails(
        "subscribers", "export", "--output", tmp_path / "no" / "out.csv"
    )


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//EN\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=Asia/Tokyo:20991110T100000\r\nDTEND;TZID=Asia/Tokyo:20991110T180000\r\nSUMMARY:Conference\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_entries_come_in_once(shell, table):
    file = table(CALENDAR, "events.ics")
    (tried,) = shell.tells("entries", "import", file, "--dry-run")
    (came,) = shell.tells("entries", "import", file)
    (again,) = shell.tells("entries", "import", file)
    assert [tried["status"], came["status"], again["status"]] == ["new", "new", "known"]
    assert {
        "kind",
        "title",
        "language",
        "url",
        "starts_at",
        "ends_at",
        "timezone",
        "place",
        "register_by",
        "status",
        "reason",
    } <= set(came)
    assert (came["kind"], came["title"]) == ("event", "Conference")
    assert "nothing.ics" in shell.fails("entries", "import", "nothing.ics")


def test_what_would_come_in_is_told_with_its_date(shell, table):
    feed = (
        '<rss version="2.0"><channel><title>Site</title><link>https://example.org/</link><item><title>Two fellowships</title>'
        "<link>https://example.org/2</link><pubDate>Mon, 05 Oct 2026 09:00:00 +0900</pubDate></item></channel></rss>"
    )
    told = shell.does("entries", "import", table(feed, "feed.xml"), "--dry-run")
    assert "new      news      2026-10-05 Two fellowships" in told
    assert "nothing was written" in told


def test_an_issue_goes_from_draft_to_report(shell, readers):
    draft = shell.tells("issues", "draft", "--list", "tokyo-letter", "--title", "No. 42")
    assert set(draft) == {"id", "slug", "languages", "blocks"}
    assert draft["languages"] == ["en", "ja"]
    assert shell("issues", "check", draft["id"]).status in {0, 1}
    shell.does("issues", "test", draft["id"], "--to", "alice@example.org")
    assert shell.tells("issues", "send", draft["id"])["id"] == draft["id"]
    tally = shell.tells("deliver")
    assert set(tally) == {"sent", "deferred", "refused", "unknown", "seconds"}
    report = shell.tells("issues", "report", draft["id"])
    assert list(report) == ["state", "recipients", *COUNTS]
    assert report["state"] == "sent"
    assert report["recipients"] == report["sent"] == 2 == sum(report[name] for name in COUNTS)
    assert "2 recipients" in shell.does("issues", "report", draft["id"])


def test_the_report_names_counted_links_and_its_json_stays_as_it_is(shell, readers, table):
    app = create_app("config.Config", **shell.changes)
    with app.app_context():
        audience.change_list("tokyo-letter", counts_links=True)
        db.session.commit()
    close(app)
    shell.does("entries", "import", table(CALENDAR, "events.ics"))
    draft = shell.tells("issues", "draft", "--list", "tokyo-letter", "--title", "No. 42")
    shell.does("issues", "send", draft["id"])
    told = shell.does("issues", "report", draft["id"])
    assert "Links: 0 readers, 0 visits, as far as can be told." in told
    assert "en  Conference  http" in told
    assert list(shell.tells("issues", "report", draft["id"])) == ["state", "recipients", *COUNTS]


def test_an_issue_waits_for_its_time(shell, readers):
    draft = shell.tells("issues", "draft", "--list", "tokyo-letter", "--title", "No. 42")
    planned = shell.tells("issues", "send", draft["id"], "--at", "2099-11-10 09:00")
    assert planned["state"] == "scheduled"
    assert shell.tells("deliver")["sent"] == 0
    assert shell.tells("issues", "list")[0]["state"] == "scheduled"


@pytest.mark.parametrize("when", ["gestern", "2020-01-01", "99999999999999"])
def test_an_impossible_time_is_refused(shell, readers, when):
    draft = shell.tells("issues", "draft", "--list", "tokyo-letter", "--title", "No. 42")
    assert shell.fails("issues", "send", draft["id"], "--at", when)


@pytest.mark.parametrize("command", [["check"], ["send"], ["report"], ["test", "--to", "a@example.org"]])
def test_an_issue_that_is_not_there_is_named(shell, command):
    assert "99" in shell.fails("issues", *command, "99")


def test_bounces_are_read_one_line_a_message(shell, tmp_path):
    folder = tmp_path / "bounces"
    folder.mkdir()
    (folder / "a.eml").write_bytes(bounce("letter@example.org"))
    (folder / "b.eml").write_bytes(b"Subject: Hello\r\n\r\nHow are you?")
    first, second = map(json.loads, shell.does("bounces", "read", "--json", folder).splitlines())
    assert set(first["reports"][0]) >= {"recipient", "action", "status", "reply_code", "kind", "reason"}
    assert (first["reports"][0]["kind"], second["reports"]) == ("hard", [])
    assert "hard: dora@example.com" in shell.does("bounces", "read", folder)
    assert shell("bounces", "read", tmp_path / "gone").status == 2


def test_people_are_let_in(shell):
    shell.does("users", "add", "alice@example.org", "--role", "owner")
    assert shell.tells("users", "list")[0]["role"] == "owner"
    assert "owner" in shell.does("users", "list")
    assert shell.fails("users", "add", "alice@example.org", "--role", "editor")
    assert shell.fails("users", "add", "nobody", "--role", "editor")
    assert shell("users", "add", "bob@example.org", "--role", "king").status == 2


def test_the_doctor_says_what_is_wrong_and_what_to_do(shell):
    answer = shell("doctor", "--json")
    assert answer.status == 1
    levels = {one["part"]: one["level"] for one in answer.document}
    assert levels["publication"] == "error"
    assert levels["database"] == "ok"
    assert "postal address" in shell("doctor").out


def test_the_doctor_says_what_is_wrong_with_a_token_file(shell, tmp_path):
    file = tmp_path / "token"
    url = f"smtp://letter%40example.org@127.0.0.1:9?auth=xoauth2&token_file={file}&name=ours"

    def told():
        found = shell("doctor", "--json", SMTP_URL=url).document
        return [(one["level"], one["sentence"]) for one in found if one["part"] == "relay ours"]

    [(level, sentence)] = told()
    assert (level, sentence.startswith(f"SMTP_URL: there is no token file {file}")) == ("error", True)
    file.touch()
    assert "is empty" in told()[0][1]
    file.write_text("secret-token")
    file.chmod(0o644)
    *others, (level, sentence) = told()
    assert (level, sentence) == ("warning", f"everybody on this machine can read {file}; chmod o-r it.")
    file.chmod(0o640)
    assert told() == others
    assert "cannot be reached" in others[0][1]
    assert "secret" not in str(others)


def test_the_doctor_names_a_worker_whose_clock_is_wrong(shell):
    app, now = create_app("config.Config", **shell.changes), clock.now()
    with app.app_context():
        for name, ahead in (("machine1-7", 0.2), ("machine2-7", -300)):
            db.session.add(WorkerRow(name=name, started_at=now, seen_at=now, ahead=ahead))
        db.session.commit()
    close(app)
    clocks = [one for one in shell("doctor", "--json").document if one["part"].startswith("clock of")]
    assert [(one["level"], one["part"]) for one in clocks] == [("error", "clock of machine2-7")]
    assert "300 s behind" in clocks[0]["sentence"]


@pytest.mark.parametrize(
    "words",
    [[], ["lists"], ["lists", "create"], ["lists", "made"], ["deliver", "--fast"], ["issues", "check", "one"], ["bounces", "read"]],
)  # fmt: skip
def test_what_was_written_wrongly_ends_with_two(shell, words):
    answer = shell(*words)
    assert answer.status == 2
    assert "--help" in answer.err or "Usage" in answer.out


def test_each_command_explains_itself(shell):
    for words in (
        [],
        ["lists", "create"],
        ["subscribers", "import"],
        ["issues", "send"],
        ["backup"],
        ["restore"],
        ["demo"],
    ):
        assert "Usage: newsletter" in shell.does(*words, "--help")


def test_a_wrong_setting_is_named(shell, tmp_path):
    assert "DATABASE_URL" in shell.fails("lists", "list", DATABASE_URL="banana")
    (tmp_path / "file").touch()
    assert "DATA_DIR" in shell.fails("lists", "list", DATA_DIR=str(tmp_path / "file" / "var"))


def test_a_database_that_is_not_there_is_one_line(shell):
    assert "does not answer" in shell.fails(
        "lists", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )


@pytest.mark.slow
def test_the_demo_goes_through_the_whole_loop(shell):
    counts = shell.tells("demo", "--readers", "5")
    assert sum(counts[name] for name in COUNTS) == counts["recipients"]
    assert counts["refused"] == 1


def test_links_lead_to_where_the_data_folder_is_served_from(shell, monkeypatch, tmp_path):
    (tmp_path / "address").write_text("http://localhost:8123")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert "http://localhost:8123" in shell("doctor").out
    monkeypatch.setenv("PORT", "8200")
    assert "http://localhost:8123" not in shell("doctor").out
