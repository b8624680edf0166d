"""Compiling a draft into a template."""

from newsletter.mail.draft import Draft
from newsletter.mail.template import Template


def compile(draft: Draft) -> Template:  # noqa: A001 - the verb of the trade
    """Return `draft` as byte literals and slots; raises `Invalid` where a header or mark cannot be written."""
    raise NotImplementedError
