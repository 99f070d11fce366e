"""Every answer that a walker gets is held against what the description says of the operation."""

import json
import re
from typing import Any

import httpx

from app.api.problem_codes import CODES
from tests.walkers.document import PROBLEM, Operation, breaks

REQUEST_ID = re.compile("req_[0-9a-v]{26}")
NO_ADDRESS = "not_found"  # what stands in the path is no part of an address: nothing of this operation's own
MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "help"}


def complaints(operation: Operation, response: httpx.Response) -> list[str]:
    """What is wrong with the answer; nothing where it is one that the description lets us expect."""
    status = response.status_code
    found = []
    if not REQUEST_ID.fullmatch(response.headers.get("request-id", "")):
        found.append("no request id")
    if status >= 500:
        found.append(f"{status} is ours")
    if status == 304:
        return found if response.content == b"" else [*found, "a 304 with a body"]
    if status not in operation.statuses:
        return [*found, f"{status} {code_of(response)} is not described"]
    if status == 204:
        return found if response.content == b"" else [*found, "a 204 with a body"]
    kind = response.headers.get("content-type", "").partition(";")[0]
    if kind not in operation.media_types(status):
        return [*found, f"{status} as {kind}"]
    if kind in ("application/json", PROBLEM):
        found += _of_document(operation, status, kind, json.loads(response.content, parse_constant=_refuse))
    if status >= 400:
        found += _of_problem(operation, response)
    return found


def code_of(response: httpx.Response) -> str:
    """The code of a problem; empty for what is none."""
    if response.headers.get("content-type") != PROBLEM:
        return ""
    return str(response.json()["code"])


def without_id(response: httpx.Response) -> tuple[int, Any]:
    """Status and document, without what names the request: two of them can be compared."""
    document = response.json() if response.content else None
    if isinstance(document, dict):
        document.pop("request_id", None)
    return response.status_code, document


def _of_document(operation: Operation, status: int, kind: str, document: Any) -> list[str]:
    schema = operation.said["responses"][str(status)]["content"][kind]["schema"]
    wrong = breaks(f"{operation.id} {status} {kind}", schema, document)
    return [] if wrong is None else [f"{status} does not fit its schema: {wrong}"]


def _of_problem(operation: Operation, response: httpx.Response) -> list[str]:
    problem = response.json()
    status, code = response.status_code, problem["code"]
    found = []
    if not problem.keys() >= MEMBERS:
        found.append(f"a problem without {sorted(MEMBERS - problem.keys())}")
    if code not in CODES or not CODES[code].status == problem["status"] == status:
        found.append(f"{code} with {status}")
    if code != NO_ADDRESS and f"`{code}`" not in operation.said["responses"][str(status)]["description"]:
        found.append(f"{status} {code} is not described")
    header = {401: "www-authenticate", 503: "retry-after"}.get(status)
    return found if header is None or header in response.headers else [*found, f"{status} without {header}"]


def _refuse(name: str) -> None:
    raise ValueError(f"{name} in an answer")
