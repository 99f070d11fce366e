"""What the process would write down, kept in memory while a test looks on."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app import logs
from app.settings import Settings


@contextmanager
def logbook() -> Iterator[io.StringIO]:
    """The lines in their real form. Loggers are made anew for each line, so that none keeps this book when it is closed."""
    before = structlog.get_config()
    kept = io.StringIO()
    try:
        logs.configure(Settings(log_level="debug"))
        structlog.configure(
            processors=structlog.get_config()["processors"],
            wrapper_class=structlog.get_config()["wrapper_class"],
            logger_factory=structlog.WriteLoggerFactory(kept),
            cache_logger_on_first_use=False,
        )
        yield kept
    finally:
        structlog.configure(**before)
