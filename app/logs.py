"""Logs: one JSON object a line, on stderr. An event's name and fields; no personal data, no secret, no message of an error."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.settings import Settings

# Others' loggers: what they say at these levels is for us. uvicorn's access log would show paths.
LEVELS = {"uvicorn": logging.WARNING, "uvicorn.access": logging.CRITICAL, "alembic": logging.WARNING, "httpx": logging.WARNING}

MOST_FRAMES = 20


def configure(settings: Settings) -> None:
    """Sets up structlog and the standard library's logging for the whole process."""
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[_at, structlog.processors.add_log_level, without_values, *_rendering(settings)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    for name, least in LEVELS.items():
        logging.getLogger(name).setLevel(max(level, least))


def _rendering(settings: Settings) -> list[Processor]:
    if settings.log_format == "console":
        return [_one_line, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=24)]
    return [_as_json]


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of an error its class and where it came from, innermost last; neither its text nor local variables, which may quote a row."""
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        event["error"] = type(error).__name__
        event["frames"] = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    return event


_at = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return as_line(event)


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: json.dumps(value)[1:-1] if isinstance(value, str) else value for name, value in event.items()}


def as_line(event: EventDict) -> str:
    """ASCII only: whatever a value holds, a line stays one line in every reader."""
    return json.dumps(event, default=_name_of_type, separators=(",", ":"))


def _name_of_type(value: object) -> str:
    return type(value).__name__


class _Line(logging.Formatter):
    """What libraries log, without an exception's text: it may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"event": "library", "logger": record.name, "level": record.levelname.lower(), "at": _text_of(record.created)}
        event["said"] = record.getMessage().partition("\n")[0][:300]
        if record.exc_info and record.exc_info[0] is not None:
            event["error"] = record.exc_info[0].__name__
            del event["said"]
        return as_line(event)


def _text_of(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
