"""The built-in inbox: what is handed over can be read, searched and downloaded, and it does not grow for ever."""

import smtplib
import socket
import threading
from email.message import EmailMessage

import pytest

from newsletter.errors import Conflict, NotFound
from newsletter.inbox import Inbox


@pytest.fixture
def inbox(tmp_path):
    inbox = Inbox(tmp_path / "inbox")
    inbox.start()
    yield inbox
    inbox.stop()


def letter(to="dora@example.org", subject="Hello", text="Good morning.\n", html="<p>Good morning.</p>"):
    message = EmailMessage()
    message["From"] = "Minato Institute <letter@example.org>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Tue, 13 Oct 2026 09:00:00 +0900"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def send(inbox, *messages):
    with smtplib.SMTP("127.0.0.1", inbox.port) as relay:
        for message in messages:
            relay.send_message(message)


def test_a_letter_that_was_taken_can_be_read_as_html_text_and_source(inbox):
    send(inbox, letter(subject="第42号 日英安全保障対話", to="江口花子 <emi@example.org>"))
    (summary,) = inbox.letters()
    caught = inbox.read(summary.id)
    assert summary.subject == caught.subject == "第42号 日英安全保障対話"
    assert summary.to == "emi@example.org"
    assert "江口花子" in caught.to
    assert caught.sender == "Minato Institute <letter@example.org>"
    assert caught.text.strip() == "Good morning."
    assert caught.html.strip() == "<p>Good morning.</p>"
    assert caught.source.startswith(b"From: Minato")
    assert ("Date", "Tue, 13 Oct 2026 09:00:00 +0900") in caught.headers


def test_the_newest_letter_stands_first_and_the_pages_follow_each_other(inbox):
    send(inbox, *(letter(subject=f"No. {n}") for n in range(7)))
    assert [each.subject for each in inbox.letters(limit=3)] == ["No. 6", "No. 5", "No. 4"]
    assert [each.subject for each in inbox.letters(limit=3, skip=3)] == ["No. 3", "No. 2", "No. 1"]
    assert inbox.count() == 7


def test_letters_are_found_by_address_and_by_subject_and_signs_mean_themselves(inbox):
    send(
        inbox,
        letter(to="dora@example.org", subject="100% news"),
        letter(to="emi@example.org", subject="日英安全保障対話"),
    )
    assert [each.to for each in inbox.letters(search="DORA")] == ["dora@example.org"]
    assert [each.to for each in inbox.letters(search="安全")] == ["emi@example.org"]
    assert inbox.count(search="100%") == 1
    assert inbox.count(search="%") == 1
    assert inbox.count(search="dora 安全") == 0


@pytest.mark.parametrize("text", [".\n", "..\n.a\n", "last line without an end", "a\n.\nb\n"])
def test_dots_at_the_beginning_of_lines_come_through(inbox, text):
    send(inbox, letter(text=text, html=""))
    assert inbox.read(inbox.letters()[0].id).text.rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(
    "source", [b"", b"a\r\n", b"\r\n", b"no header here\r\n", b"Subject: =?utf-8?b?!!?=\r\n\r\n\xff\xfe"]
)
def test_what_is_no_proper_letter_is_kept_and_shown_all_the_same(inbox, source):
    with smtplib.SMTP("127.0.0.1", inbox.port) as relay:
        relay.sendmail("a@example.org", ["dora@example.org"], source)
    assert inbox.read(inbox.letters()[0].id).to == "dora@example.org"


def test_a_long_line_does_not_stop_a_letter(inbox):
    with smtplib.SMTP("127.0.0.1", inbox.port) as relay:
        relay.sendmail(
            "a@example.org", ["dora@example.org"], b"Subject: long\r\n\r\n" + b"x" * 20_000 + b"\r\n"
        )
    assert inbox.letters()[0].size > 20_000


def test_each_address_of_a_letter_gets_its_own(inbox):
    send(inbox, letter(to="dora@example.org, emi@example.org"))
    assert {each.to for each in inbox.letters()} == {"dora@example.org", "emi@example.org"}


def test_attachments_are_listed_by_name_and_size(inbox):
    message = letter()
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="event.ics")
    send(inbox, message)
    (attached,) = inbox.read(inbox.letters()[0].id).attachments
    assert (attached.name, attached.media_type, attached.size) == ("event.ics", "text/calendar", 15)


def test_commands_sent_at_once_are_answered_in_order(inbox):
    with socket.create_connection(("127.0.0.1", inbox.port), timeout=5) as line:
        file = line.makefile("rb")
        file.readline()
        line.sendall(b"EHLO here\r\n")
        while not file.readline().startswith(b"250 "):
            pass
        line.sendall(b"MAIL FROM:<a@example.org>\r\nRCPT TO:<dora@example.org>\r\nDATA\r\n")
        assert [file.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"]
        line.sendall(
            b"Subject: one\r\n\r\none\r\n.\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<emi@example.org>\r\nQUIT\r\n"
        )
        assert [file.readline()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"221"]
        file.close()
    assert inbox.count() == 1


def test_a_line_that_breaks_before_the_last_dot_leaves_nothing(inbox):
    with socket.create_connection(("127.0.0.1", inbox.port), timeout=5) as line:
        line.sendall(
            b"EHLO here\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<dora@example.org>\r\nDATA\r\nSubject: half"
        )
    send(inbox, letter(subject="whole"))
    assert [each.subject for each in inbox.letters()] == ["whole"]


def test_many_senders_at_once_lose_nothing(inbox):
    threads = [
        threading.Thread(target=send, args=(inbox, *(letter(subject=f"{n}-{m}") for m in range(20))))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.subject for each in inbox.letters(limit=500)}) == 160


@pytest.mark.slow
def test_only_the_newest_are_kept_and_a_letter_that_went_says_so(tmp_path):
    inbox = Inbox(tmp_path, most=150)
    inbox.start()
    send(inbox, letter(subject="first"))
    first = inbox.letters()[0].id
    send(inbox, *(letter(subject=f"No. {n}") for n in range(260)))
    inbox.stop()
    assert inbox.count() <= 250
    assert len(list(tmp_path.glob("*.eml"))) == inbox.count()
    with pytest.raises(NotFound, match="no longer"):
        inbox.read(first)
    inbox.stop()


@pytest.mark.parametrize("name", ["", "../secret_key", "1", "0" * 19 + "-../../xx", "x" * 200])
def test_no_name_reads_another_file(inbox, tmp_path, name):
    (tmp_path / "secret_key").write_text("secret")
    with pytest.raises(NotFound):
        inbox.read(name)


def test_a_second_process_sees_the_same_letters(inbox, tmp_path):
    send(inbox, letter(subject="before"))
    other = Inbox(tmp_path / "inbox")
    assert other.count() == 1
    send(inbox, letter(subject="after"))
    assert other.letters()[0].subject == "after"
    other.stop()


def test_the_index_is_made_again_from_the_files(inbox, tmp_path):
    send(inbox, letter(subject="kept"))
    inbox.stop()
    for path in (tmp_path / "inbox").glob("index*"):
        path.unlink()
    again = Inbox(tmp_path / "inbox")
    assert again.letters()[0].subject == "kept"
    again.stop()


def test_emptying_throws_all_away(inbox):
    send(inbox, letter(), letter())
    assert inbox.empty() == 2
    assert inbox.letters() == []


def test_a_rehearsal_can_refuse_addresses(tmp_path):
    inbox = Inbox(tmp_path, answer=lambda address: "550 5.1.1 No such user" if "gone" in address else None)
    inbox.start()
    with smtplib.SMTP("127.0.0.1", inbox.port) as relay, pytest.raises(smtplib.SMTPRecipientsRefused):
        relay.send_message(letter(to="gone@example.org"))
    inbox.stop()


def test_starting_twice_keeps_the_port_and_a_taken_port_is_told(inbox, tmp_path):
    assert inbox.start() == inbox.port
    other = Inbox(tmp_path / "other")
    with pytest.raises(Conflict, match="port"):
        other.start(inbox.port)


def test_stopping_and_starting_again_works(inbox):
    inbox.stop()
    inbox.start()
    send(inbox, letter())
    assert inbox.count() == 1
