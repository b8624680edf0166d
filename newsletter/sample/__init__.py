"""A small sample publication in English and Japanese, so that a newcomer meets a service that lives.

Hides the invented institute and its dates, which are reckoned from the day it is made, so that it never looks old. Promises
that it is made once, into an empty installation only, through the same faces that everybody uses.
"""

from newsletter.sample.fill import fill
from newsletter.sample.greeting import greet

__all__ = ["fill", "greet"]
