"""The doctor looks whether DNS agrees with the keys in use; a backup carries them."""

import pytest

from newsletter import settings
from newsletter.app import create_app
from newsletter.database import db
from tests.cli.conftest import close
from tests.mail.names import name_server


@pytest.fixture
def record(shell):
    """A key in use, and what DNS has to say of it."""
    app = create_app("config.Config", **shell.changes)
    with app.app_context():
        key = settings.add_signing_key("minato.com", "s1", "ed25519")
        settings.use_signing_key(key.id, unchecked=True)
        record = key.record
        db.session.commit()
    close(app)
    return record


def level(shell):
    return {one["part"]: one["level"] for one in shell("doctor", "--json").document}.get("DKIM s1")


@pytest.mark.slow
def test_the_doctor_compares_the_record_with_the_key_in_use(shell, record):
    with name_server() as server:
        assert level(shell) == "error"
        server.texts[record.name] = [record.strings]
        assert level(shell) == "ok"
        server.silent = True
        assert level(shell) == "warning"


def test_a_backup_carries_the_keys_and_they_go_on_signing(shell, record, tmp_path):
    shell.does("backup", tmp_path / "all.tar.gz")
    (tmp_path / "new").mkdir()
    changes = {"DATA_DIR": str(tmp_path / "new")}
    shell.does("restore", tmp_path / "all.tar.gz", **changes)
    app = create_app("config.Config", **(shell.changes | changes))
    with app.app_context():
        assert settings.signing_keys()[0].record == record
        assert settings.signers().of("letter@minato.com")
        db.session.commit()
    close(app)
