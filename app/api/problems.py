"""Every no, rendered in one place as application/problem+json. A 5xx says nothing about why: the log does."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.context import Exchange, exchange
from app.api.facts import shown_facts
from app.api.mistakes import mistakes_of
from app.api.problem_codes import CODES
from app.api.sentences import detail_in_indonesian, in_indonesian
from app.connections import BROKEN
from app.engine.mistakes import Mistake
from app.engine.refusals import Refusal
from app.errors import Conflict, Forbidden, Invalid, Malformed, MethodNotAllowed, NotFound, Problem, Stale, TooLarge, Unavailable

MEDIA_TYPE = "application/problem+json"
BY_STATUS: Mapping[int, type[Problem]] = {
    400: Malformed, 403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 409: Conflict, 412: Stale, 413: TooLarge, 422: Invalid,
}  # fmt: skip

log = structlog.get_logger()


def document(problem: Problem, *, request_id: str, language: str = "en") -> dict[str, Any]:
    """The members in the order of RFC 9457, then ours."""
    known = CODES.get(problem.code) or CODES["internal_error" if problem.status >= 500 else "conflict"]
    members: dict[str, Any] = {
        "type": f"urn:giliran:problem:{problem.code}",
        "title": known.title[language],
        "status": problem.status,
        "detail": problem.detail if language == "en" else detail_in_indonesian(problem.detail, known.advice[language]),
        "code": problem.code,
        "request_id": request_id,
        "help": f"/problems/{problem.code}",
    }
    if problem.errors:
        members["errors"] = [_entry(mistake, language) for mistake in problem.errors]
    return members | {name: value for name, value in problem.extra.items() if name not in members}


def _entry(mistake: Mistake, language: str) -> dict[str, Any]:
    said = {name: value for name, value in asdict(mistake).items() if value is not None}
    return said if language == "en" else said | {"detail": in_indonesian(mistake.detail) or mistake.detail}


def render(problem: Problem, seen: Exchange) -> Response:
    seen.refused = problem.code if problem.code in CODES else "other"
    body = to_json(document(problem, request_id=seen.request_id, language=seen.language))
    headers = {"Content-Language": seen.language, "Cache-Control": "no-store", **problem.headers}
    return Response(body, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def of_refusal(refusal: Refusal) -> Problem:
    """The engine's no, with what it says is so now. A field's pointer becomes an entry of `errors`."""
    facts = shown_facts(refusal.facts)
    errors: list[Mistake] = []
    if refusal.status == 422:
        pointer, allowed = facts.pop("pointer", ""), facts.pop("allowed", None)
        errors = [Mistake(str(pointer), refusal.code, refusal.detail, tuple(allowed) if allowed is not None else None)]
    return BY_STATUS[refusal.status](refusal.code, refusal.detail, errors=errors, **facts)


def of_validation(error: RequestValidationError) -> Problem:
    """What FastAPI found: parameters are 400 and named, a body is 422 with pointers."""
    found = error.errors()
    place, *_ = found[0]["loc"]
    if place == "body":
        mistakes = mistakes_of(({**one, "loc": one["loc"][1:]} for one in found), error.body)
        return Invalid("invalid_body", "The body has mistakes; errors says where.", errors=mistakes)
    name = str(found[0]["loc"][1]) if len(found[0]["loc"]) > 1 else str(place)
    (mistake,) = mistakes_of([{**found[0], "loc": ()}], None)
    detail = f"The parameter {name} cannot be understood. {mistake.detail}"
    extra: dict[str, Any] = {"allowed": list(mistake.allowed)} if mistake.allowed else {}
    return Malformed("invalid_parameter", detail, parameter=name, **extra)


def of_http(error: HTTPException, seen: Exchange) -> Problem:
    """The router's own: no such address, no such method, and whatever else Starlette may say."""
    headers = error.headers
    if error.status_code == 405:
        return MethodNotAllowed("method_not_allowed", "This address exists, but does not take this method.", headers=headers)
    if error.status_code == 413:
        return TooLarge("body_too_large", "The body is larger than may be.", headers=headers)
    if error.status_code == 400:
        return Malformed("malformed_request", "The request cannot be understood.", headers=headers)
    if error.status_code == 404:
        return NotFound("not_found", "There is nothing at this address.", headers=headers)
    return unexpected(error, seen)


def unexpected(error: Exception, seen: Exchange) -> Problem:
    """An outage is 503; everything else is our bug: 500 and a fixed sentence. Both are logged."""
    if is_outage(error):
        log.warning("database_unavailable", request_id=seen.request_id, error=type(error).__name__)
        return Unavailable("database_unavailable", "The database does not answer. Try again in a moment.")
    log.error("unexpected_error", request_id=seen.request_id, error=type(error).__name__, where=_where(error))
    return Problem("internal_error", "Something went wrong here. It was written down under the request id.")


def is_outage(error: BaseException) -> bool:
    """Whether a database that is away, restarting or too busy explains it."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return error.connection_invalidated or isinstance(error, InterfaceError) or (state or "")[:2] in {"08", "53", "57"}
    return isinstance(error, (PoolTimeoutError, *BROKEN))  # a name that is not found and a host without a way are OSErrors


def _where(error: BaseException) -> list[str]:
    """The way to the error as file:line function. Its message stays out: it may quote a row."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('site-packages/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


def as_problem(error: Exception, seen: Exchange) -> Problem:
    match error:
        case Problem():
            return error
        case Refusal():
            return of_refusal(error)
        case RequestValidationError():
            return of_validation(error)
        case ClientDisconnect():
            return Malformed("malformed_request", "The body ended too early.")
        case HTTPException():
            return of_http(error, seen)
        case _:
            return unexpected(error, seen)


async def _answer(request: Request, error: Exception) -> Response:
    seen = exchange(request)
    problem = as_problem(error, seen)
    if problem.status == 405:
        problem.headers["Allow"] = ", ".join(_methods(request))
    return render(problem, seen)


def _methods(request: Request) -> list[str]:
    """All methods of the address: each has a route of its own, and the router names only the first one's."""
    path = request.scope["path"]
    routes = (route for route in request.app.routes if isinstance(route, Route) and route.path_regex.match(path))
    return sorted({method for route in routes for method in route.methods or ()})


def install(app: FastAPI) -> None:
    """Known kinds are answered inside the router; the middleware answers the rest."""
    for kind in (Problem, Refusal, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
