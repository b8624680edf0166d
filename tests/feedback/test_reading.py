"""Reading what came back from files, without a word to the database."""

import pytest

from newsletter import feedback
from newsletter.errors import Invalid
from tests.feedback.test_receiving import bounce


def test_folders_are_read_in_order_and_ordinary_mail_is_empty(tmp_path):
    (tmp_path / "b.eml").write_bytes(b"Subject: Hello\r\n\r\nHow are you?")
    (tmp_path / "a.eml").write_bytes(bounce("letter@example.org"))
    first, second = feedback.read([tmp_path])
    assert (first.file, second.file) == (str(tmp_path / "a.eml"), str(tmp_path / "b.eml"))
    assert second.reports == ()


def test_a_reading_is_a_document_for_programs(tmp_path):
    file = tmp_path / "a.eml"
    file.write_bytes(bounce("letter@example.org"))
    (reading,) = feedback.read([file])
    assert reading.as_document() == {
        "file": str(file),
        "reports": [
            {
                "recipient": "dora@example.com",
                "action": "failed",
                "status": "5.1.1",
                "reply_code": 550,
                "kind": "hard",
                "reason": "There is no such mailbox.",
                "message_id": None,
            }
        ],
    }


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(Invalid, match="gone"):
        list(feedback.read([tmp_path / "gone.eml"]))
