"""How a wish about one ticket is carried out: named, done or tried, and answered with the ticket."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from app.api.body import Nothing, read_json
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency, if_match
from app.api.routers.explaining import imagined_decision
from app.api.routers.finding import ticket_id
from app.api.routers.naming import names_when_rendered
from app.api.routers.reading import reading
from app.api.routers.replies import dry_reply, recalled, rendered, rendered_reply
from app.api.schemas.tickets_out import TicketDryRun, TicketOut
from app.dispatch.outcome import Outcome, Render, Rendered
from app.engine.commands import Command
from app.engine.ids import TicketId
from app.errors import NotFound
from app.services.views.names import Names
from app.services.views.tickets import ticket_view

ANSWERS = {200: {"model": TicketOut | TicketDryRun, "description": "The ticket as it is now, or as it would be."}}
Wish = Callable[[TicketId, int | None], Command]


def changed(names: Callable[[], Names]) -> Render:
    """The whole ticket with its ETag."""

    def render(outcome: Outcome) -> Rendered:
        if outcome.ticket is None:
            raise RuntimeError("a command about a ticket leaves its row")
        return rendered(ticket_view(outcome.ticket, names()))

    return render


async def submit_for_ticket(request: Request, caller: Caller, command: Command) -> Response:
    """Have it done and answer with the ticket."""
    process = services(request)
    outcome = await process.dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=changed(await names_when_rendered(process, caller.workspace)),
    )
    return rendered_reply(outcome)


async def plain(request: Request, caller: Caller, ticket: str, wish: Wish) -> Response:
    """A verb that has nothing to say beside its name."""
    await read_json(request, Nothing, optional=True)
    return await carry_out(request, caller, ticket, wish)


async def carry_out(request: Request, caller: Caller, ticket: str, wish: Wish) -> Response:
    """Have a wish about a ticket done, or tried where it is a dry run, and answer with the ticket.

    A ticket that can no longer be named is no reason to forget what was answered under the request's key.
    """
    process = services(request)
    dry, version = dry_run(request), if_match(request)
    try:
        command = wish(await ticket_id(process, caller, ticket), version)
    except NotFound:
        if dry or (known := await recalled(request, caller)) is None:
            raise
        return known
    if not dry:
        return await submit_for_ticket(request, caller, command)
    outcome = await process.dispatcher.dry_run(caller.workspace, command)
    if outcome.ticket is None:
        raise RuntimeError("a command about a ticket leaves its row")
    async with reading(process, caller) as at:
        decision = await imagined_decision(at, outcome, language=exchange(request).language)
        view = ticket_view(outcome.ticket, await at.names())
    return dry_reply({**view, "decision": decision}, would_status=200)
