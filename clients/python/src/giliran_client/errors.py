"""What can go wrong.

GiliranError
├── Unreachable            no answer came, or the way broke off
├── Unreadable             an answer that is none of Giliran's
├── NotModified            304: what you have is still so
└── Refused                Giliran said no; `code` never changes, decide by it
    ├── Malformed            400
    ├── Unauthenticated      401
    ├── Forbidden            403
    ├── NotFound             404
    ├── Conflict             409
    ├── Gone                 410
    ├── Stale                412, `current_version` says which version is in force
    ├── TooLarge             413
    ├── WrongType            415
    ├── Invalid              422, `errors` says where
    ├── PreconditionRequired 428
    ├── TooMany              429
    └── Failed               5xx
        └── Unavailable      503
"""

from collections.abc import Mapping
from typing import Any


class GiliranError(Exception):
    """Whatever this client raises about a call."""


class Unreachable(GiliranError):
    """No answer came. What was asked may have been done nevertheless; a repeat under the same idempotency key is safe."""

    def __init__(self, call: str, reason: str, idempotency_key: str | None = None) -> None:
        super().__init__(f"{call} got no answer: {reason}")
        self.idempotency_key = idempotency_key


class Unreadable(GiliranError):
    """Something else than Giliran has answered, a proxy perhaps."""

    def __init__(self, call: str, status: int) -> None:
        super().__init__(f"{call} was answered with {status} and nothing of Giliran's: is this its address?")
        self.status = status


class NotModified(GiliranError):
    """What was read before is still so."""


class Refused(GiliranError):
    """A problem (RFC 9457). `problem` is the whole of it, with what this version does not know yet."""

    def __init__(self, status: int, problem: Mapping[str, Any], *, retry_after: float | None = None) -> None:
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", ""))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.request_id = str(problem.get("request_id", ""))
        self.help = str(problem.get("help", ""))
        self.errors: list[dict[str, Any]] = list(problem.get("errors") or ())
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.detail} ({self.request_id})")


class Malformed(Refused):
    """A header, a parameter or the JSON cannot be understood."""


class Unauthenticated(Refused):
    """The key is missing, unknown, expired or revoked."""


class Forbidden(Refused):
    """The key may not do this."""


class NotFound(Refused):
    """There is no such thing here."""


class Conflict(Refused):
    """Another state stands in the way."""


class Gone(Refused):
    """Positions or cursors that are kept no longer: read the lists again, then follow."""


class Stale(Refused):
    """It was changed since you read it."""

    @property
    def current_version(self) -> int | None:
        found = self.problem.get("version")
        return found if isinstance(found, int) else None


class TooLarge(Refused):
    """The body is too large."""


class WrongType(Refused):
    """The body is of a type that is not read."""


class Invalid(Refused):
    """The body has mistakes."""


class PreconditionRequired(Refused):
    """Say which version you mean."""


class TooMany(Refused):
    """Slower."""


class Failed(Refused):
    """A mistake or an outage of the service."""


class Unavailable(Failed):
    """For the moment."""


BY_STATUS: Mapping[int, type[Refused]] = {
    400: Malformed, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 410: Gone, 412: Stale, 413: TooLarge,
    415: WrongType, 422: Invalid, 428: PreconditionRequired, 429: TooMany, 503: Unavailable,
}  # fmt: skip


def refusal(status: int, problem: Mapping[str, Any], retry_after: float | None) -> Refused:
    """The class of a status; one that is not known is Refused itself, or Failed."""
    kind = BY_STATUS.get(status, Failed if status >= 500 else Refused)
    return kind(status, problem, retry_after=retry_after)
