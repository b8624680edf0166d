"""The command line: an entrance like the web, for operators, scripts and other programs.

Each command parses, makes one call into the domain, commits, and answers: in sentences for people, with `--json` in one
document for programs. Hides click, bars and the database's set-up. Promises an exit status. 0: done; 1: it could not be done, and one
line on standard error says why; 2: the command was written wrongly. A command loads what it uses and no more.
"""

from newsletter.cli.root import Workshop, main, newsletter

__all__ = ["Workshop", "main", "newsletter"]
