"""What a command loads: its own work, and nothing that only others need."""

import os
import sqlite3
import subprocess
import sys
import tarfile

import pytest

PAGES = {
    "alembic",
    "celery",
    "flask_limiter",
    "flask_wtf",
    "newsletter.web",
    "openpyxl",
    "PIL",
    "rich",
    "structlog",
}
FOREIGN = {"feedparser", "icalendar", "lxml", "markdown_it", "requests"}


def python(place, *words):
    return subprocess.run(
        [sys.executable, *words], env=place, capture_output=True, text=True, check=True, timeout=100
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "dear"),
    [
        (("lists", "list"), PAGES | FOREIGN | {"newsletter.entries", "newsletter.issues"}),
        (("deliver",), PAGES | FOREIGN),
    ],
)
def test_a_command_loads_neither_pages_nor_what_reads_foreign_files(shell, place, words, dear):
    told = python(
        place | {"DATA_DIR": os.environ["DATA_DIR"]}, "-X", "importtime", "-m", "newsletter.app", *words
    )
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "newsletter.audience" in loaded
    assert sorted(dear & loaded) == []


@pytest.mark.slow
def test_a_backup_knows_every_table_though_a_command_loads_few(shell, place, tmp_path):
    python(
        place | {"DATA_DIR": os.environ["DATA_DIR"]},
        "-m",
        "newsletter.app",
        "backup",
        str(tmp_path / "all.tar.gz"),
    )
    with sqlite3.connect(tmp_path / "newsletter.sqlite3") as connection:
        there = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    connection.close()
    with tarfile.open(tmp_path / "all.tar.gz") as archive:
        kept = {name.removesuffix(".jsonl") for name in archive.getnames()} - {"about.json"}
    assert kept == there - {"alembic_version", "sqlite_sequence"}
