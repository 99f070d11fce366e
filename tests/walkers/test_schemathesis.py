"""Schemathesis makes requests from the description, right ones and wrong ones; each answer has to be one that it lets us expect."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.result import Ok

from tests.databases import fresh_database
from tests.servers import Addresses
from tests.walkers.desks import Desk, two_desks
from tests.walkers.document import BEHIND_A_KEY, BY_ID, DOCUMENT, Operation
from tests.walkers.judging import complaints

SOME = 5
MANY = 150  # for each operation and each way of making requests: above ten thousand in all
LONG_POLL = "wait"  # what is right to ask for, and takes up to half a minute to answer

FOUND = [one.ok() for one in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations() if isinstance(one, Ok)]
API = {one.definition.raw["operationId"]: one for one in FOUND}
WALKED = [operation for operation in BEHIND_A_KEY if operation.said.get("parameters") or operation.body is not None]


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """Hypothesis is no coroutine: the service lives in a thread of its own."""
    with start_blocking_portal() as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(portal: BlockingPortal, servers: Addresses) -> Iterator[Desk]:
    with (
        portal.wrap_async_context_manager(fresh_database(servers)) as database,
        portal.wrap_async_context_manager(two_desks(database)) as (mine, _),
    ):
        portal.call(mine.settle)
        yield mine


@pytest.mark.parametrize("examples", [pytest.param(SOME, id="some"), pytest.param(MANY, id="all", marks=pytest.mark.long)])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("name", [operation.id for operation in WALKED])
def test_what_it_thinks_of(portal: BlockingPortal, desk: Desk, name: str, mode: GenerationMode, examples: int) -> None:
    operation = BY_ID[name]
    before = portal.call(desk.fingerprints)
    taken: list[int] = []

    @settings(
        max_examples=examples,
        derandomize=examples == SOME,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=API[name].as_strategy(mode))
    def tried(case: Case[Any]) -> None:
        try:
            answer = portal.call(_sent, desk, operation, case)
        except httpx.InvalidURL:
            return  # longer than the client writes; what the service makes of long addresses is seen elsewhere
        found = complaints(operation, answer)
        if mode is GenerationMode.NEGATIVE and _is_taken(name, answer) and _is_wrong_all_over(case):
            found.append("taken, though wrong")
        assert found == [], (answer.request.method, str(answer.request.url), answer.request.content[:500], answer.text[:500])
        if answer.status_code < 300:
            taken.append(answer.status_code)

    tried()
    if not taken or operation.method == "GET" or operation.takes_dry_run:
        assert portal.call(desk.fingerprints) == before


async def _sent(desk: Desk, operation: Operation, case: Case[Any]) -> httpx.Response:
    """In the path stands what there is, at every other time: else no body would be looked at for long."""
    headers = {name: value for name, value in _texts(case.headers) if name.lower() != "authorization"}
    params = [(name, value) for name, value in _pairs(case.query) if name not in (LONG_POLL, "dry_run")]
    options: dict[str, Any] = {"params": [*params, *([("dry_run", "true")] if operation.takes_dry_run else [])]}
    if not isinstance(case.body, NotSet):
        options["content"] = _written(case.body)
        headers["Content-Type"] = "application/json"
    made_up = {name: _escaped(value) for name, value in (case.path_parameters or {}).items()}
    path = made_up if len(options.get("content", "x")) % 2 == 0 and all(made_up.values()) else {}
    return await desk.send(operation, path=path, headers=headers, **options)


def _written(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _texts(sent: Any) -> list[tuple[str, str]]:
    return [(str(name), str(value).encode("latin-1", "replace").decode("latin-1")) for name, value in (sent or {}).items()]


def _pairs(sent: Any) -> list[tuple[str, str]]:
    """Each value of a list stands by itself; what is no text is written as JSON."""
    found = []
    for name, value in (sent or {}).items():
        for one in value if isinstance(value, list) else [value]:
            text = one if isinstance(one, str) else json.dumps(one)
            found.append((name, text.encode("utf-8", "replace").decode()))
    return found


def _escaped(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "replace")).replace("%2f", "%2e")


def _is_taken(name: str, answer: httpx.Response) -> bool:
    """A bulk answers 200, and each wrong item with a problem of its own."""
    if name == "change_tickets" and answer.status_code == 200:
        return all(one["problem"] is None for one in answer.json()["results"])
    return answer.status_code in {200, 201}


def _is_wrong_all_over(case: Case[Any]) -> bool:
    """Whether the body was made wrong: wrong headers, paths and types of a query may turn out to be right as text."""
    meta = case.meta
    return meta is not None and any(
        kind.value == "body" and part.mode is GenerationMode.NEGATIVE for kind, part in meta.components.items()
    )
