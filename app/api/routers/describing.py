"""How an operation reads in the description: its answer, its body, its headers, and every no of its own.

What any operation with a key or a body can say is added by app.api.openapi.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from app.api.body import takes
from app.api.deps import DESCRIBED
from app.api.problem_codes import CODES
from app.api.problems import MEDIA_TYPE

OF_READS = ("invalid_parameter",)
OF_WRITES = ("overloaded", "deadline_exceeded")
OF_VERBS = (*OF_WRITES, "invalid_header", "idempotency_key_reused", "ticket_not_found", "version_mismatch", "ticket_wrong_state")


def operation(
    name: str,
    answer: type[BaseModel] | None,
    *,
    problems: Iterable[str] = (),
    headers: Sequence[Callable[..., Any]] = (),
    body: type[BaseModel] | None = None,
    body_optional: bool = False,
    example: Any = None,
    responses: dict[int, Any] | None = None,
) -> dict[str, Any]:
    """Keyword arguments for a route. `headers` are the functions of app.api.deps that the operation calls itself."""
    said = [one for function in headers for one in DESCRIBED[function]]
    extra: dict[str, Any] = {"parameters": said} if said else {}
    if body is not None:
        extra |= takes(body, example=example, optional=body_optional)
    return {
        "operation_id": name,
        "response_model": answer,
        "openapi_extra": extra,
        "responses": {**_problems(problems), **(responses or {})},
    }


def _problems(codes: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(CODES[code].status, []).append(code)
    return {
        status: {
            "description": "; ".join(f"`{code}`: {CODES[code].title['en']}" for code in found),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, found in sorted(by_status.items())
    }
