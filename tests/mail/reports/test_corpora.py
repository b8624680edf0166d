"""Real bounces that others collected: who is meant, what it means, and how long it takes to say so."""

import json
import os
import time
from pathlib import Path

import pytest

from newsletter.mail import ReportKind, read_report

CORPORA = Path(
    os.environ.get("NEWSLETTER_CORPORA", Path(__file__).parents[4] / "shared" / "corpora") or "none"
)
FLUFL, PARSER = CORPORA / "bounces" / "flufl", CORPORA / "bounces" / "bounceparser"
EXPECTED = CORPORA / "bounces" / "flufl.expected.json"
pytestmark = pytest.mark.skipif(
    not EXPECTED.exists(), reason="the corpora are not here; name their folder in NEWSLETTER_CORPORA"
)
BOUNCES = {ReportKind.HARD, ReportKind.SOFT, ReportKind.DELAYED}
FILES = sorted([*FLUFL.glob("*.txt"), *PARSER.glob("*.msg")])
# Written for one university's own directory, and one that hides who is meant.
NOT_TOLD = {"yale_01.txt", "simple_42.txt"}


def bounces(file):
    return [report for report in read_report(file.read_bytes()) if report.kind in BOUNCES]


def expected():
    return json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}


@pytest.mark.parametrize("name", sorted(set(expected()) - NOT_TOLD))
def test_it_names_exactly_those_who_failed(name):
    assert {(report.recipient or "").lower() for report in bounces(FLUFL / name)} == {
        address.lower() for address, _ in expected()[name]
    }


@pytest.mark.parametrize("name", sorted(expected()))
def test_what_others_call_passing_is_never_hard(name):
    hard = {r.recipient.lower() for r in bounces(FLUFL / name) if r.kind is ReportKind.HARD}
    assert hard <= {address.lower() for address, kind in expected()[name] if kind == "perm"}


KINDS = [
    ("*unknown*.msg", {ReportKind.HARD}),
    ("doesnotexist*.msg", {ReportKind.HARD}),
    ("no*mail*box.msg", {ReportKind.HARD}),
    ("deactivated*.msg", {ReportKind.HARD}),
    ("quota*.msg", {ReportKind.SOFT}),
    ("message-too-large*.msg", {ReportKind.SOFT}),
    ("spam-rejection*.msg", {ReportKind.SOFT}),
    ("relay*.msg", {ReportKind.SOFT}),
    ("boxbe*.msg", {ReportKind.CHALLENGE}),
    ("bluebottle.msg", {ReportKind.CHALLENGE}),
    ("*vacation.msg", {ReportKind.AUTO_REPLY}),
    ("autoreply.msg", {ReportKind.AUTO_REPLY}),
    ("polish-autoreply.msg", {ReportKind.AUTO_REPLY}),
    ("spam-with*.msg", set()),
    ("spam-*bogus*.msg", set()),
]


@pytest.mark.parametrize(("pattern", "kinds"), KINDS, ids=[pattern for pattern, _ in KINDS])
def test_each_file_is_what_its_name_says(pattern, kinds):
    found = {file.name: {r.kind for r in read_report(file.read_bytes())} for file in PARSER.glob(pattern)}
    assert found
    assert {name: told for name, told in found.items() if told != kinds} == {}


def test_each_message_is_read_in_a_moment():
    slow = {}
    for file in FILES:
        started = time.process_time()
        read_report(file.read_bytes())
        if (took := time.process_time() - started) > 0.05:
            slow[file.name] = took
    assert slow == {}


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.8])
def test_a_message_that_was_cut_does_not_raise(cut):
    for file in FILES:
        data = file.read_bytes()
        assert isinstance(read_report(data[: int(len(data) * cut)]), list)
