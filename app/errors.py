"""What an answer says when it says no. Raised anywhere, rendered in one place (app.api.problems).

Problem 500
    Malformed 400 · Unauthenticated 401 · Forbidden 403 · NotFound 404 · MethodNotAllowed 405 · TooSlow 408 · Conflict 409
    Gone 410 · Stale 412 · TooLarge 413 · WrongType 415 · Invalid 422 · PreconditionRequired 428 · TooMany 429 · Unavailable 503
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.engine.mistakes import Mistake


class Problem(Exception):  # noqa: N818  (named as the situation)
    """`code` never changes and stands in app.api.problem_codes; `detail` is one sentence a person can act on.

    `errors` point into the payload. `extra` become members of the document and say what is so now.
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra


class Malformed(Problem):
    """The request cannot be understood, or names a parameter that is not known."""

    status = 400


class Unauthenticated(Problem):
    """Nobody knows who asks."""

    status = 401


class Forbidden(Problem):
    """Whoever asks may not."""

    status = 403


class NotFound(Problem):
    """It does not exist, or belongs to somebody else."""

    status = 404


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    status = 405


class TooSlow(Problem):
    """The request did not arrive in time."""

    status = 408


class Conflict(Problem):
    """The present state says no; `extra` says what is so now."""

    status = 409


class Gone(Problem):
    """It was there once and is kept no longer."""

    status = 410


class Stale(Problem):
    """The thing has changed since the caller read it."""

    status = 412


class TooLarge(Problem):
    """The body is longer than may be."""

    status = 413


class WrongType(Problem):
    """The body is in a language that is not read here."""

    status = 415


class Invalid(Problem):
    """The payload can be read and is wrong."""

    status = 422


class PreconditionRequired(Problem):
    """This is changed only by those who say which version they have read."""

    status = 428


class _Later(Problem):
    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: int = 1,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code, detail, errors=errors, headers={"Retry-After": str(retry_after), **(headers or {})}, **extra)


class TooMany(_Later):
    """More requests than agreed; `retry_after` in seconds."""

    status = 429


class Unavailable(_Later):
    """An outage or overload that passes; `retry_after` in seconds."""

    status = 503
