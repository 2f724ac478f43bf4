"""Logging: one event a line, JSON or console, on stderr; no document text, no secrets."""

import logging
import sys

import structlog


def set_up_logs(form: str, level: str) -> None:
    """Configure structlog for this process: `form` is "console" or "json"."""
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _console()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _console() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
