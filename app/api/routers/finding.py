"""What a path names: an id, ext:<external_id>, or where there are names, a name."""

from uuid import UUID

from app.api.context import Caller, Services
from app.api.ids import decode, read
from app.api.routers.reading import Reading, reading
from app.engine.ids import AgentId, CustomerId, TicketId
from app.errors import NotFound
from app.queries import agents, customers, tickets
from app.queries.tickets import Row

EXTERNAL = "ext:"


async def ticket_id(services: Services, caller: Caller, text: str) -> TicketId:
    """The ticket meant; whether an id exists is for whoever looks it up. Raises NotFound for an unknown external id."""
    if not text.startswith(EXTERNAL):
        return TicketId(decode("tkt", text))
    async with reading(services, caller) as at:
        return TicketId((await _external_ticket(at, text)).bytes)


async def visible_ticket(at: Reading, caller: Caller, text: str) -> Row:
    """The ticket's row. An agent sees only what they own, owned, are asked about or follow; the rest is as if it were not there."""
    ticket = await _external_ticket(at, text) if text.startswith(EXTERNAL) else UUID(bytes=decode("tkt", text))
    row = await tickets.one(at.connection, at.workspace, ticket)
    if row is None or not await may_see_ticket(at, caller, ticket):
        raise ticket_not_found()
    return row


async def may_see_ticket(at: Reading, caller: Caller, ticket: UUID) -> bool:
    """Whether the caller has to do with it."""
    if not caller.is_agent:
        return True
    if caller.agent is None:
        return False
    return await tickets.is_seen_by(at.connection, at.workspace, ticket, UUID(bytes=caller.agent))


async def present_agent(at: Reading, text: str) -> Row:
    """The row of an agent who is there, by id, external id or name."""
    if text.startswith(EXTERNAL):
        row = await agents.one_external(at.connection, at.workspace, text.removeprefix(EXTERNAL))
    elif (raw := read("agt", text)) is not None:
        row = await agents.one(at.connection, at.workspace, UUID(bytes=raw))
    else:
        row = await agents.one_named(at.connection, at.workspace, text)
    if row is None:
        raise NotFound("agent_not_found", "There is no such agent in this workspace.")
    return row


async def agent_id(services: Services, caller: Caller, text: str) -> AgentId:
    """The agent that a body's field means, by id, external id or name; whether an id exists is for whoever looks it up."""
    if (raw := read("agt", text)) is not None:
        return AgentId(raw)
    async with reading(services, caller) as at:
        return AgentId((await present_agent(at, text))["id"].bytes)


async def customer_row(at: Reading, text: str) -> Row:
    """The row of a customer, merged or not, by id or external id."""
    if text.startswith(EXTERNAL):
        row = await customers.one_external(at.connection, at.workspace, text.removeprefix(EXTERNAL))
    else:
        row = await customers.one(at.connection, at.workspace, UUID(bytes=decode("cus", text)))
    if row is None:
        raise NotFound("customer_not_found", "There is no such customer in this workspace.")
    return row


async def customer_id(services: Services, caller: Caller, text: str, *, pointer: str | None = None) -> CustomerId:
    """The customer that a path or a body's field means: an id, which is for whoever looks it up, or ext:<external_id>."""
    if not text.startswith(EXTERNAL):
        return CustomerId(decode("cus", text, pointer=pointer))
    async with reading(services, caller) as at:
        return CustomerId((await customer_row(at, text))["id"].bytes)


def ticket_not_found() -> NotFound:
    return NotFound("ticket_not_found", "There is no such ticket in this workspace.")


async def _external_ticket(at: Reading, text: str) -> UUID:
    found = await tickets.id_of_external(at.connection, at.workspace, text.removeprefix(EXTERNAL))
    if found is None:
        raise ticket_not_found()
    return found
