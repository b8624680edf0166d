"""The command line: an entrance like the web, for operators, scripts and other programs.

Each command parses, makes one call into the domain, commits, and answers: in sentences for people, with `--json` in one
document for programs. Hides click, bars and the database's set-up. Promises an exit status. 0: done; 1: it could not be done, and one
line on standard error says why; 2: the command was written wrongly.
"""

from newsletter.cli import (
    backup,
    bounces,
    deliver,
    demo,
    doctor,
    entries,
    issues,
    lists,
    schema,
    subscribers,
    users,
)
from newsletter.cli.root import main, newsletter

for group in (lists, subscribers, entries, issues, deliver, bounces, users, backup, doctor, demo, schema):
    for command in group.COMMANDS:
        newsletter.add_command(command)

__all__ = ["main", "newsletter"]
