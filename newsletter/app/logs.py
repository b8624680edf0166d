"""Logs: one line an event; readable on a terminal, JSON elsewhere. No local variables, so that no address leaks into a trace.

What our own packages and the libraries write with the standard library's `logging` comes out alike: values given as
`extra` stand beside the words.
"""

import logging
import sys

import structlog
from structlog.typing import Processor

_FIRST: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up_logs() -> None:
    """Let structlog and the standard library write alike, to standard error; does so once."""
    if structlog.is_configured():
        return
    last = _last()
    structlog.configure(
        processors=[*_FIRST, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(last))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("newsletter").setLevel(logging.INFO)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue of a second is no news


def _last() -> list[Processor]:
    """Return what makes a line of an event, for who reads it."""
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _formatter(last: list[Processor]) -> logging.Formatter:
    named: list[Processor] = [structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_FIRST, *named],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
