"""Times as answers have them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(at: datetime) -> str:
    """2026-01-05T08:00:00.000Z; `at` is in UTC."""
    return f"{at.isoformat(timespec='milliseconds')[:23]}Z"


def stamp_or_none(at: datetime | None) -> str | None:
    return None if at is None else f"{at.isoformat(timespec='milliseconds')[:23]}Z"


def stamp_of_ms(ms: int) -> str:
    """The same of milliseconds since 1970."""
    return stamp(_EPOCH + timedelta(milliseconds=ms))
