"""From the body of a bulk to commands: one reading for all items, and where one is wrong, each on its own."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from app.api.body import parse, refuse_too_many, strict_json
from app.api.context import Caller, Exchange, Services
from app.api.ids import read
from app.api.mistakes import mistakes_of
from app.api.problems import as_problem
from app.api.routers.finding import EXTERNAL, ticket_not_found
from app.api.routers.handing import named_place
from app.api.routers.reading import reading
from app.api.routers.submitting import LONG_TEXT, command_of, patterns_of
from app.api.routers.updating import changes_of
from app.api.schemas.bulk import (
    MOST_ITEMS,
    AssignItem,
    BulkIn,
    CreateItem,
    Item,
    OfOne,
    ReturnItem,
    TransferItem,
    UpdateItem,
)
from app.api.schemas.customers import CustomerItem, CustomersIn
from app.engine.commands import (
    AssignTicket,
    CancelTicket,
    CloseTicket,
    Command,
    ReopenTicket,
    ResolveTicket,
    ReturnTicket,
    SubmitTicket,
    TicketCommand,
    TransferTicket,
    UpdateTicket,
)
from app.engine.configuration import Configuration
from app.engine.ids import AgentId, TicketId
from app.engine.mistakes import Mistake, shown
from app.errors import Invalid, NotFound, Problem
from app.queries import agents, tickets

_VERBS: dict[str, type[TicketCommand]] = {
    "resolve": ResolveTicket,
    "reopen": ReopenTicket,
    "close": CloseTicket,
    "cancel": CancelTicket,
}
_PARTS: dict[type[Any], str] = {CreateItem: "/ticket", UpdateItem: "/changes"}


@dataclass(frozen=True, slots=True)
class Form:
    """What a bulk is read as: the whole call, one item, and an item in which nothing is wrong."""

    whole: type[BulkIn | CustomersIn]
    item: TypeAdapter[Any]
    sound: dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """The items as sent, each read or with what is wrong with it."""

    items: list[Any]
    atomic: bool


@dataclass(slots=True)
class Prepared:
    """Commands, the place of each among the items, and the problems of those that cannot become one."""

    draft: Draft
    commands: list[Command] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    problems: dict[int, Problem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What external ids mean."""

    tickets: dict[str, TicketId]
    agents: dict[str, AgentId]


TICKETS = Form(BulkIn, TypeAdapter(Item), {"operation": "close", "id": "any"})
CUSTOMERS = Form(CustomersIn, TypeAdapter(CustomerItem), {"external_id": "any"})


def read_bulk(raw: bytes, form: Form) -> Draft:
    """Raises Malformed 400, Invalid 422 for mistakes of the call itself or too many of them, and for its items' where it is atomic."""
    document = strict_json(raw)
    items = document.get("items") if isinstance(document, dict) else None
    if isinstance(items, list) and len(items) > MOST_ITEMS:
        mistake = Mistake("/items", "too_long", f"Expected at most {MOST_ITEMS:,} items, not {len(items):,}.")
        raise Invalid("too_many_items", f"At most {MOST_ITEMS:,} items may come in one call.", errors=[mistake], limit=MOST_ITEMS)
    try:
        whole = form.whole.model_validate_json(raw)
    except ValidationError as error:
        refuse_too_many(error)
        return _one_by_one(raw, document, form)
    return Draft(list(whole.items), whole.atomic)


def _one_by_one(raw: bytes, document: Any, form: Form) -> Draft:
    """Something is wrong: where it is not the call as a whole, its other items go on."""
    if not isinstance(document, dict) or not isinstance(document.get("items"), list) or document.get("atomic") is True:
        parse(raw, form.whole)
    try:
        form.whole.model_validate_json(to_json({**document, "items": [form.sound for _ in document["items"]]}))
    except ValidationError:
        parse(raw, form.whole)
    return Draft([_item(index, item, form) for index, item in enumerate(document["items"])], atomic=False)


def _item(index: int, item: Any, form: Form) -> Any:
    try:
        return form.item.validate_json(to_json(item))
    except ValidationError as error:
        mistakes = mistakes_of(error.errors(include_url=False, include_input=False), item)
        return Invalid(
            "invalid_body", "The item has mistakes; errors says where.", errors=list(_placed(mistakes, f"/items/{index}"))
        )


async def commands_of(process: Services, caller: Caller, draft: Draft) -> Prepared:
    """Raises the problem of an item where the draft is atomic."""
    configuration = await process.dispatcher.configuration(caller.workspace)
    patterns = await _patterns(draft, configuration)
    known = await _known(process, caller, draft)
    prepared = Prepared(draft)
    for index, item in enumerate(draft.items):
        try:
            if isinstance(item, Problem):
                raise item
            if isinstance(item, CreateItem):
                command: Command = command_of(item.ticket, caller.actor, configuration, patterns[index])
                _introduce(command, known)
            else:
                command = _about_ticket(item, caller, known, configuration)
        except Problem as problem:
            placed = problem if problem is item else _located(problem, f"/items/{index}")
            if draft.atomic:
                raise _as_whole(placed, index) from None
            prepared.problems[index] = placed
            continue
        prepared.commands.append(command)
        prepared.places.append(index)
    return prepared


def _introduce(command: Command, known: _Known) -> None:
    """Items that follow may name what this one makes."""
    if isinstance(command, SubmitTicket) and command.external_id is not None:
        known.tickets.setdefault(command.external_id, command.ticket)


def _about_ticket(item: OfOne, caller: Caller, known: _Known, configuration: Configuration) -> Command:
    ticket = _ticket(item.id, known)
    if isinstance(item, UpdateItem):
        return UpdateTicket(caller.actor, ticket, item.version, changes_of(item.changes))
    if isinstance(item, AssignItem):
        return AssignTicket(caller.actor, ticket, item.version, _agent(item.agent_id, known), item.force)
    if isinstance(item, TransferItem):
        place = named_place(configuration, item)
        agent = _agent(item.agent_id, known) if item.agent_id is not None else None
        return TransferTicket(caller.actor, ticket, item.version, place.queue, place.team, agent, item.force, item.reason)
    if isinstance(item, ReturnItem):
        return ReturnTicket(caller.actor, ticket, item.version, item.reason)
    return _VERBS[item.operation](caller.actor, ticket, item.version)


def _ticket(text: str, known: _Known) -> TicketId:
    found = known.tickets.get(text.removeprefix(EXTERNAL)) if text.startswith(EXTERNAL) else read("tkt", text)
    if found is None:
        raise ticket_not_found()
    return TicketId(found)


def _agent(text: str, known: _Known) -> AgentId:
    if text.startswith(EXTERNAL):
        found = known.agents.get(text.removeprefix(EXTERNAL))
        if found is None:
            raise NotFound("agent_not_found", "There is no such agent in this workspace.")
        return found
    raw = read("agt", text)
    if raw is None:
        mistake = Mistake("/agent_id", "wrong_id", f"{shown(text)} is not the id of an agent; such an id starts with agt_.")
        raise Invalid("invalid_body", "The item has a mistake.", errors=[mistake])
    return AgentId(raw)


async def _known(process: Services, caller: Caller, draft: Draft) -> _Known:
    """Two statements for all items."""
    found = _Known({}, {})
    about = [item for item in draft.items if isinstance(item, OfOne)]
    names = {item.id.removeprefix(EXTERNAL) for item in about if item.id.startswith(EXTERNAL)}
    people = {
        (item.agent_id or "").removeprefix(EXTERNAL)
        for item in about
        if isinstance(item, AssignItem | TransferItem) and (item.agent_id or "").startswith(EXTERNAL)
    }
    if names or people:
        async with reading(process, caller) as at:
            for name, ticket in (await tickets.ids_of_external(at.connection, at.workspace, names)).items():
                found.tickets[name] = TicketId(ticket.bytes)
            for name, agent in (await agents.ids_of_external(at.connection, at.workspace, people)).items():
                found.agents[name] = AgentId(agent.bytes)
    return found


async def _patterns(draft: Draft, configuration: Configuration) -> dict[int, frozenset[int]]:
    """Which text patterns each new ticket's words match; many words are read in a thread."""
    created = {index: item.ticket for index, item in enumerate(draft.items) if isinstance(item, CreateItem)}

    def found() -> dict[int, frozenset[int]]:
        return {index: patterns_of(ticket, configuration) for index, ticket in created.items()}

    many = len(configuration.patterns) and sum(len(ticket.text) for ticket in created.values()) > LONG_TEXT
    return await asyncio.to_thread(found) if many else found()


def refused(draft: Draft, index: int, cause: BaseException, seen: Exchange) -> Problem:
    """The problem of an atomic bulk: the item's own, which says where the item is."""
    return _as_whole(problem_of(draft, index, cause, seen), index)


def problem_of(draft: Draft, index: int, cause: BaseException, seen: Exchange) -> Problem:
    """Why an item was refused, with pointers into the body of the call."""
    problem = as_problem(cause, seen) if isinstance(cause, Exception) else Problem("internal_error", "It was not done.")
    return _located(problem, f"/items/{index}{_PARTS.get(type(draft.items[index]), '')}")


def _located(problem: Problem, place: str) -> Problem:
    return _with(problem, list(_placed(problem.errors, place)))


def _as_whole(problem: Problem, index: int) -> Problem:
    errors = list(problem.errors) or [Mistake(f"/items/{index}", problem.code, problem.detail)]
    return _with(problem, errors, index=index)


def _with(problem: Problem, errors: list[Mistake], **more: Any) -> Problem:
    changed = type(problem)(problem.code, problem.detail, errors=errors, **{**problem.extra, **more})
    changed.headers = problem.headers
    return changed


def _placed(mistakes: Any, place: str) -> Iterator[Mistake]:
    return (replace(mistake, pointer=place + mistake.pointer) for mistake in mistakes)
