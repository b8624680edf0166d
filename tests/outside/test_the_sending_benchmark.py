"""`benchmarks/send` says how fast a mailing left, in words and as one object."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIGURES = {
    "ratio", "messages_per_second", "smtp_source_per_second", "worker_cpu_s_per_1000", "database_cpu_s_per_1000",
    "peak_mb", "recipients", "processes", "dkim",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(
    not shutil.which("smtp-sink", path="/usr/sbin:/usr/bin"), reason="Postfix is not installed"
)
def test_one_run_ends_with_what_it_measured():
    words = ["--recipients", "1500", "--engine", "sqlite", "--dkim", "ed25519", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sending", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured.keys() >= FIGURES
    assert (measured["recipients"], measured["processes"], measured["dkim"]) == (1500, 1, "ed25519")
    assert measured["ratio"] == pytest.approx(
        measured["messages_per_second"] / measured["smtp_source_per_second"]
    )
