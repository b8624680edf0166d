"""The command line in process, on a database of its own, as one who types would see it."""

import contextlib
import io
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter import cli, wake
from newsletter.app import create_app, migrate, revise
from newsletter.database import db

VARIABLES = (
    "DATABASE_URL",
    "REDIS_URL",
    "SMTP_URL",
    "BASE_URL",
    "SECRET_KEY",
    "HOST",
    "PORT",
    "RATE_LIMITS",
    "NEWSLETTER_TOP",
)


def close(app):
    """Leave nothing open, as the end of a process does."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    wake.unbind()


@dataclass(frozen=True)
class Answer:
    """What a command wrote, and the status it ended with."""

    status: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """A place to type commands in."""

    monkeypatch: pytest.MonkeyPatch
    changes: dict

    def __call__(self, *words, **changes):
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
        self.monkeypatch.setattr(sys, "argv", ["newsletter", *map(str, words)])

        apps = []

        def create(config="config.Config", **more):
            apps.append(create_app(config, **(more if "DATA_DIR" in more else self.changes | changes | more)))
            return apps[-1]

        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as end,
        ):
            cli.main(cli.Workshop(create, migrate, revise))
        for app in apps:
            close(app)
        return Answer(end.value.code or 0, out.buffer.getvalue().decode(), err.getvalue())

    def fails(self, *words, **changes):
        """Run a command that must end with status 1; return its one line."""
        answer = self(*words, **changes)
        assert (answer.status, answer.err.count("\n")) == (1, 1), answer
        assert answer.err.startswith("newsletter: ")
        return answer.err.removeprefix("newsletter: ").strip()

    def does(self, *words, **changes):
        """Run a command that must end well; return what it wrote."""
        answer = self(*words, **changes)
        assert answer.status == 0, answer
        return answer.out

    def tells(self, *words, **changes):
        """Run a command with --json; return the document."""
        return json.loads(self.does(*words, "--json", **changes))


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory):
    """A SQLite file in its present shape, made by the migrations once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app("config.Testing", DATA_DIR=str(folder))
    migrate(app)
    close(app)
    return folder / "newsletter.sqlite3"


@pytest.fixture
def shell(tmp_path, monkeypatch, _migrated):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    shutil.copy(_migrated, tmp_path / "newsletter.sqlite3")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return Shell(monkeypatch, {"DATA_DIR": str(tmp_path)})


@pytest.fixture
def table(tmp_path: Path):
    """Write a CSV file; gives its path."""

    def write(text: str, name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def place():
    """The environment of a real process."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2])}
