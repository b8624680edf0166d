"""The command: measures once, and prints what came out."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.sending import suite
from benchmarks.sending.measuring import KINDS, Asked, Measured, measure

_LONG = 100_000
"""Readers of a mailing whose tenths take long enough to be told apart."""


def main() -> None:
    """Measure and print; with `--json` one object comes last."""
    words = _parser().parse_args()
    if words.chart:
        _measure_all(words.recipients, words.chart)
        return
    in_json = words.json
    del words.json, words.chart
    with tempfile.TemporaryDirectory(prefix="newsletter-benchmark-") as folder:
        measured = measure(Asked(**vars(words)), Path(folder))
    print(_report(measured), file=sys.stderr if in_json else sys.stdout)
    if in_json:
        print(json.dumps(asdict(measured)))


def _measure_all(recipients: int, chart: Path) -> None:
    cases = []
    for name, measured in suite.run(recipients):
        print(f"{name}: {measured.ratio:.2f}", file=sys.stderr)
        cases.append((name, measured))
    print(suite.table(cases))
    chart.write_text(suite.chart(cases))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/send",
        description="How fast an issue leaves, beside Postfix's smtp-source and smtplib.",
    )
    parser.add_argument("--recipients", type=_count, default=100_000, help="readers of the mailing (100000)")
    parser.add_argument(
        "--engine", choices=("postgresql", "sqlite"), default="postgresql", help="of the ledger"
    )
    parser.add_argument("--processes", type=_count, default=1, help="workers that share the mailing (1)")
    parser.add_argument(
        "--connections", type=_count, default=10, help="of each worker to the mail server (10)"
    )
    parser.add_argument(
        "--latency", type=int, default=0, metavar="MS", help="let the mail server answer so much later (0)"
    )
    parser.add_argument(
        "--ledger-rows",
        type=_count,
        default=0,
        metavar="ROWS",
        help="fill the ledger with earlier mailings before (0)",
    )
    parser.add_argument("--dkim", choices=tuple(KINDS), help="sign each message with a key of this kind")
    parser.add_argument(
        "--chart",
        type=Path,
        metavar="FILE",
        help="measure every case with so many recipients, print a table, and draw it into FILE (SVG)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from 1")
    return int(text)


def _report(measured: Measured) -> str:
    size, rate = measured.message_octets / 1000, measured.messages_per_second
    lines = (
        f"{measured.recipients} recipients, {size:.1f} kB each, {measured.engine}, ",
        f"{measured.processes} × {measured.connections} connections",
        f", signed with {measured.dkim}\n" if measured.dkim else "\n",
        f"newsletter   {rate:8.0f} a second   {measured.worker_cpu_s_per_1000:.3f} s of the processor for 1,000, ",
        f"database {measured.database_cpu_s_per_1000:.3f} s   {measured.peak_mb:.0f} MB at most\n",
        f"smtp-source  {measured.smtp_source_per_second:8.0f} a second   ratio {measured.ratio:.2f}\n",
        f"smtplib      {measured.smtplib_per_second:8.0f} a second   ",
        f"{measured.smtplib_cpu_s_per_1000:.3f} s of the processor for 1,000\n",
        f"ledger filled in {measured.fill_seconds:.2f} s, ",
        f"first message recorded after {measured.first_message_seconds:.2f} s",
    )
    return "".join(lines) + _over_its_life(measured) + _pages(measured)


def _over_its_life(measured: Measured) -> str:
    """Tell how fast each tenth went, where one is long enough to tell."""
    if measured.recipients < _LONG:
        return ""
    rates = " ".join(f"{rate:.0f}" for rate in measured.rates)
    spent = " ".join(f"{seconds:.3f}" for seconds in measured.cpu_s_per_1000_then)
    return f"\nfrom tenth to tenth {rates} a second, {spent} s of the processor for 1,000"


def _pages(measured: Measured) -> str:
    if not measured.ledger_rows:
        return ""
    waits = ", ".join(f"{page} {wait:.0f}" for page, wait in measured.pages_ms.items())
    return f"\nover {measured.ledger_rows} rows of earlier mailings the pages take, in ms: {waits}"


if __name__ == "__main__":
    main()
