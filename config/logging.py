"""Logs: one line an event on stderr, readable at a terminal, JSON elsewhere; texts are masked."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

OWN = frozenset({"level", "timestamp", "event", "logger"})
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Ours are nobody's phone number, though half of one may look like it."""


def configure(mask: Callable[[str], str], *, level: int = logging.INFO) -> None:
    """`mask` removes personal data from every text that is logged."""

    def masked(
        _logger: object, _method: str, entry: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for name, value in entry.items():
            if name not in OWN and isinstance(value, str) and not ID.fullmatch(value):
                entry[name] = mask(value)
        return entry

    shown: Any = (
        structlog.dev.ConsoleRenderer(colors=True)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            masked,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
