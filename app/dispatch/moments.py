"""Between the engine's plain numbers and PostgreSQL's types: milliseconds and datetimes, 16 bytes and UUIDs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from asyncpg.pgproto import pgproto
from orjson import dumps

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(ms: int) -> datetime:
    """An aware datetime of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def moment_or_none(ms: int) -> datetime | None:
    """As `moment`, where a negative number stands for none."""
    return None if ms < 0 else EPOCH + timedelta(milliseconds=ms)


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, rounded down."""
    return (at - EPOCH) // _MILLISECOND


def milliseconds_or_none(at: datetime | None) -> int:
    """As `milliseconds`, with -1 for none."""
    return -1 if at is None else (at - EPOCH) // _MILLISECOND


def uuid_of(raw: bytes) -> UUID:
    """The UUID of 16 bytes, as asyncpg's own quick type."""
    found: UUID = pgproto.UUID(raw)
    return found


def uuid_or_none(raw: bytes | None) -> UUID | None:
    """As `uuid_of`; None and empty bytes stand for none."""
    return uuid_of(raw) if raw else None


def json_text(value: object) -> str:
    """JSON as PostgreSQL takes it."""
    return dumps(value).decode()
