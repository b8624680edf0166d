"""`deliver`: the worker's work, in the foreground."""

from dataclasses import asdict
from signal import SIGINT, SIGTERM, signal
from threading import Event

import click

from newsletter import delivery, issues
from newsletter.cli.root import answer, inside, json_option, tally_line
from newsletter.database import db


@click.command("deliver")
@click.option("--seconds", type=float, help="Stop after so many seconds, even if something is still due.")
@json_option
@inside
def deliver(seconds: float | None, as_json: bool) -> None:
    """Send all that is due now, in the foreground. Ctrl-C finishes what is on the wire."""
    stop = Event()
    for number in (SIGINT, SIGTERM):
        signal(number, lambda *_: stop.set())
    issues.send_due()
    delivery.sweep()
    db.session.commit()
    with delivery.catching():
        tally = delivery.deliver(seconds=seconds, stop=stop)
    issues.settle()
    db.session.commit()
    delivery.sign_off()
    if as_json:
        answer(asdict(tally))
    else:
        click.echo(tally_line(tally))


COMMANDS = (deliver,)
