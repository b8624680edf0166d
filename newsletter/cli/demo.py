"""`demo`: the whole loop in a throw-away place, ending in a ledger that must add up."""

import click

COMMANDS: tuple[click.Command, ...] = ()
