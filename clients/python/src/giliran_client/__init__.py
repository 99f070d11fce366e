"""A thin typed client of Giliran: `Giliran` waits for answers, `AsyncGiliran` is awaited."""

from giliran_client.answers import Answer
from giliran_client.client import AsyncGiliran, Giliran
from giliran_client.errors import (
    Conflict,
    Failed,
    Forbidden,
    GiliranError,
    Gone,
    Invalid,
    Malformed,
    NotFound,
    NotModified,
    PreconditionRequired,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unreachable,
    Unreadable,
    WrongType,
)
from giliran_client.retries import NEVER, Retries

__all__ = [
    "NEVER", "Answer", "AsyncGiliran", "Conflict", "Failed", "Forbidden", "Giliran", "GiliranError", "Gone", "Invalid",
    "Malformed", "NotFound", "NotModified", "PreconditionRequired", "Refused", "Retries", "Stale", "TooLarge", "TooMany",
    "Unauthenticated", "Unavailable", "Unreachable", "Unreadable", "WrongType",
]  # fmt: skip
