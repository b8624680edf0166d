"""The command: causes each fault that is asked for, prints a table, and ends with status 1 where a promise is broken."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks.faulting import faults
from benchmarks.faulting.faults import Cost, Scene
from benchmarks.faulting.running import Asked, Proved, prove

_ROW = "{:<22}{:>6}{:>8}{:>10}{:>8}{:>6}{:>6}{:>9}{:>9}{:>9}   {}"


def main() -> None:
    """Cause, count and print; with `--json` one object comes last."""
    words = _parser().parse_args()
    asked = Asked(words.recipients, words.processes, words.latency, words.seed)
    out = sys.stderr if words.json else sys.stdout
    heads = ("times", "s", "sent", "refused", "lost", "wrong", "doubled", "allowed", "unknown", "")
    print(_ROW.format(f"{asked.recipients} recipients", *heads), file=out, flush=True)
    proved = []
    for fault, cause in _faults(words):
        with tempfile.TemporaryDirectory(prefix="newsletter-faults-") as folder:
            proved.append(prove(asked, fault, cause, Path(folder)))
        print(_line(proved[-1]), file=out, flush=True)
    kept = not any(one.broken for one in proved)
    if words.json:
        print(json.dumps({"kept": kept, **asdict(asked), "faults": [asdict(one) for one in proved]}))
    sys.exit(0 if kept else 1)


def _faults(words: argparse.Namespace) -> Iterator[tuple[str, Callable[[Scene], Cost]]]:
    """Give each fault that is asked for: what it is called, and what causes it."""
    others = (words.term, words.relay_down, words.database_down, words.redis_down)
    kills = 20 if words.kills is None and not any(others) else words.kills
    if kills:
        yield f"kill -9 × {kills}", partial(faults.kill, times=kills)
    if words.term:
        yield f"SIGTERM × {words.term}", partial(faults.terminate, times=words.term)
    for server, seconds in zip(("relay", "database", "redis"), others[1:], strict=True):
        if seconds:
            yield f"{server} down {seconds:g} s", partial(faults.absence, name=server, seconds=seconds)


def _line(proved: Proved) -> str:
    weighed = proved.weighed
    figures = (proved.times, proved.seconds, weighed.sent, weighed.refused, weighed.lost, weighed.wrong)
    doubles = (weighed.doubled, proved.doubles_allowed, weighed.unknown)
    return _ROW.format(proved.fault, *figures, *doubles, " ".join(proved.broken) or "kept")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/faults",
        description="What is left of the truth when workers and servers are killed in the middle of a mailing. "
        "Ends with status 1 where a promise is broken. Without a fault it is --kills 20.",
    )
    count, seconds = _number(int), _number(float)
    parser.add_argument("--recipients", type=count, default=100_000, help="readers of the mailing (100000)")
    parser.add_argument("--kills", type=count, metavar="TIMES", help="kill -9 of a worker at random moments")
    parser.add_argument("--term", type=count, metavar="TIMES", help="SIGTERM to a worker at random moments")
    for server in ("relay", "database", "redis"):
        parser.add_argument(
            f"--{server}-down", type=seconds, metavar="SECONDS", help=f"the {server} goes away for a while"
        )
    parser.add_argument("--processes", type=count, default=2, help="workers that share the mailing (2)")
    parser.add_argument(
        "--latency", type=seconds, default=10, metavar="MS", help="the mail server answers so much later (10)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser


def _number(kind: type[int] | type[float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if value <= 0:
            raise argparse.ArgumentTypeError(f"“{text}” is no number above 0")
        return value

    return read


if __name__ == "__main__":
    main()
