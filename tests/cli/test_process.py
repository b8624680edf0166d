"""The command as a process: what a terminal, a pipe and another program see."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def run(place, folder, *words, **options):
    command = [sys.executable, "-m", "newsletter.app", *words]
    return subprocess.run(
        command,
        env=place | {"DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        **options,
    )


def test_an_empty_place_is_made_ready_by_the_first_command(place, tmp_path):
    made = run(place, tmp_path / "var", "lists", "create", "tokyo-letter", "--title", "東京だより", "--json")
    assert (made.returncode, made.stderr, made.stdout) == (0, "", '{"id": 1, "slug": "tokyo-letter"}\n')
    wrong = run(place, tmp_path / "var", "issues", "draft", "--list", "nope")
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (1, "", 1)
    assert run(place, tmp_path / "var", "lists", "made").returncode == 2


def test_a_reader_that_goes_away_is_no_error_to_tell(place, tmp_path):
    (tmp_path / "many").mkdir()
    for number in range(2000):
        (tmp_path / "many" / f"{number}.eml").write_bytes(b"Subject: Hello\r\n\r\nHow are you?")
    line = f"{sys.executable} -m newsletter.app bounces read --json {tmp_path / 'many'} | head -1"
    seen = subprocess.run(
        ["bash", "-c", line],
        env=place | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert seen.stdout.count("\n") == 1
    assert seen.stderr == ""
