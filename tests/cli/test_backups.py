"""An installation moves from one place to another, and the links in mails that went out before go on working."""

import re
import tarfile

import pytest

from newsletter.app import create_app
from newsletter.inbox import Inbox
from tests.cli.conftest import close
from tests.cli.test_commands import COUNTS, PEOPLE


@pytest.fixture
def used(shell, table, tmp_path):
    """An installation that has sent an issue, and its backup; gives the path of one reader's unsubscribe link."""
    shell.does("lists", "create", "tokyo-letter", "--title", "Tokyo Letter")
    shell.does("subscribers", "import", table(PEOPLE), "--list", "tokyo-letter", "--confirmed")
    draft = shell.tells("issues", "draft", "--list", "tokyo-letter", "--title", "No. 42")
    shell.does("issues", "send", draft["id"])
    shell.does("deliver")
    shell.does("issues", "report", draft["id"])
    shell.does("backup", tmp_path / "all.tar.gz")
    box = Inbox(tmp_path / "inbox")
    letter = box.read(box.letters(limit=1, search="dora@example.com")[0].id)
    return re.search(r"/unsubscribe/[\w.-]+", letter.text)[0]


def moved(shell, changes, tmp_path, link):
    """Restore elsewhere, compare, and press the link."""
    assert "Restored" in shell.does("restore", tmp_path / "all.tar.gz", **changes)
    report = shell.tells("issues", "report", "1", **changes)
    assert report["recipients"] == report["sent"] == 2 == sum(report[name] for name in COUNTS)
    assert shell.does("subscribers", "export", **changes) == shell.does("subscribers", "export")
    app = create_app("config.Config", **(shell.changes | changes))
    with app.app_context():
        assert app.test_client().post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    close(app)
    assert shell.tells("lists", "list", **changes)[0]["unsubscribed"] == 1
    made = shell.tells("lists", "create", "another", "--title", "Another", **changes)
    assert made["id"] > 1


def test_a_backup_moves_to_another_folder(shell, used, tmp_path):
    (tmp_path / "new").mkdir()
    moved(shell, {"DATA_DIR": str(tmp_path / "new")}, tmp_path, used)


@pytest.mark.postgres
def test_a_backup_moves_to_postgresql(shell, used, tmp_path, postgres_url):
    (tmp_path / "new").mkdir()
    moved(shell, {"DATA_DIR": str(tmp_path / "new"), "DATABASE_URL": postgres_url}, tmp_path, used)


def test_a_backup_is_for_its_owner_alone(used, tmp_path):
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o077 == 0
    with tarfile.open(tmp_path / "all.tar.gz") as archive:
        assert "about.json" in archive.getnames()


def test_a_restore_never_mixes_two_installations(shell, used, tmp_path):
    assert "not empty" in shell.fails("restore", tmp_path / "all.tar.gz")


@pytest.mark.parametrize("left", [0, 10, 3000])
def test_a_backup_that_was_cut_changes_nothing(shell, used, tmp_path, left):
    (tmp_path / "cut.tar.gz").write_bytes((tmp_path / "all.tar.gz").read_bytes()[:left])
    (tmp_path / "new").mkdir()
    assert "no whole backup" in shell.fails(
        "restore", tmp_path / "cut.tar.gz", DATA_DIR=str(tmp_path / "new")
    )
    assert shell.tells("lists", "list", DATA_DIR=str(tmp_path / "new")) == []


def test_a_backup_that_cannot_be_written_says_so(shell, tmp_path):
    assert "cannot be written" in shell.fails("backup", tmp_path / "no" / "all.tar.gz")
