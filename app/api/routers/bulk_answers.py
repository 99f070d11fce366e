"""The answer of a bulk: one result per item, written as bytes once."""

from collections.abc import Callable, Iterator
from typing import Any

from orjson import dumps
from starlette.responses import Response

from app.api.context import Caller, Exchange, Services
from app.api.problems import document
from app.api.routers.bulk_items import Prepared, problem_of
from app.api.routers.explaining import imagined_decision
from app.api.routers.reading import reading
from app.api.routers.replies import dry_reply
from app.dispatch.outcome import Outcome, Render, Rendered
from app.engine.commands import PutCustomer, SubmitTicket
from app.errors import Problem
from app.queries import customers
from app.services.views.names import Names
from app.services.views.tickets import ticket_view

View = dict[str, Any]


def answered(prepared: Prepared, names: Callable[[], Names], seen: Exchange) -> Render:
    """200 with the results."""

    def render(outcome: Outcome) -> Rendered:
        known = names()
        done = {index: ticket_view(_row(one), known) for index, _, one in done_of(prepared, outcome)}
        return Rendered(200, dumps({"results": results_of(prepared, outcome, done, seen)}))

    return render


async def imagined(process: Services, caller: Caller, prepared: Prepared, outcome: Outcome, seen: Exchange) -> Response:
    """The same of a dry run: tickets as they would be, and for each the decision that would be made."""
    done: dict[int, View] = {}
    met = {one.ticket["customer_id"] for one in outcome.items if isinstance(one, Outcome) and one.ticket} - {None}
    async with reading(process, caller) as at:
        names = await at.names()
        unborn = met - await customers.known(at.connection, at.workspace, met)
        for index, status, one in done_of(prepared, outcome):
            decision = await imagined_decision(at, one, language=seen.language)
            row = _row(one)
            if row["customer_id"] in unborn:
                row = {**row, "customer_id": None}
            done[index] = {**ticket_view(row, names), "would_status": status, "decision": decision}
    return dry_reply({"results": results_of(prepared, outcome, done, seen)}, would_status=200)


def done_of(prepared: Prepared, outcome: Outcome) -> Iterator[tuple[int, int, Outcome]]:
    """(place among the items, status, outcome) of each that was done."""
    for index, command, one in zip(prepared.places, prepared.commands, outcome.items, strict=True):
        if isinstance(one, Outcome):
            yield index, 201 if isinstance(command, SubmitTicket | PutCustomer) and not one.result.existing else 200, one


def results_of(
    prepared: Prepared, outcome: Outcome, done: dict[int, View], seen: Exchange, *, what: str = "ticket"
) -> list[View]:
    """In the order of the items; `what` each is about."""
    results: list[View] = [{}] * len(prepared.draft.items)
    for index, status, _ in done_of(prepared, outcome):
        results[index] = {"index": index, "status": status, what: done[index], "problem": None}
    for index, problem in prepared.problems.items():
        results[index] = _refused(index, problem, seen, what)
    for index, one in zip(prepared.places, outcome.items, strict=True):
        if isinstance(one, BaseException):
            results[index] = _refused(index, problem_of(prepared.draft, index, one, seen), seen, what)
    return results


def _refused(index: int, problem: Problem, seen: Exchange, what: str) -> View:
    said = document(problem, request_id=seen.request_id, language=seen.language)
    return {"index": index, "status": problem.status, what: None, "problem": said}


def _row(outcome: Outcome) -> View:
    if outcome.ticket is None:
        raise RuntimeError("a command about a ticket leaves its row")
    return outcome.ticket
