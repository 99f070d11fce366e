"""Marks: who looks at a ticket and who is answering it, so that two agents never answer the same customer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, services
from app.api.deps import dry_run, idempotency
from app.api.routers.changing import changing
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.finding import present_agent, visible_ticket
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.schemas.marks import MarkIn, MarksDryRun, MarksOut
from app.db import workspace_transaction
from app.dispatch.outcome import Rendered
from app.engine.mistakes import Mistake
from app.errors import Conflict, Forbidden, Invalid
from app.identifiers import encode
from app.models.marks import MarkKind
from app.queries import events, marks
from app.services.changes import Done
from app.services.views.moments import stamp

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]
View = dict[str, Any]


@router.get(
    "/{ticket}/marks",
    summary="List who views and who replies",
    description="Marks that are alive. They are kept apart from the log: nothing of them is in the events, and they change no version.",
    **operation("list_ticket_marks", MarksOut, problems=("ticket_not_found",)),
)
async def list_ticket_marks(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        view = await _marks(at.connection, at.workspace, row["id"])
    return json_reply(view, seq=at.head.last_seq)


@router.post(
    "/{ticket}/marks",
    summary="Say that one views or replies",
    description="By an agent, or by a supervisor for agent_id. It ends after GILIRAN_MARK_SECONDS (60) of the service's clock unless it is "
    "sent again before. Any number may view, one replies: the second is 409 reply_in_progress, which names the first and until when. "
    "`kind: null` ends both marks of the agent.",
    **operation("mark_ticket", MarksOut, body=MarkIn, headers=(idempotency, dry_run), example={"kind": "replying"},
                responses={200: {"model": MarksOut | MarksDryRun, "description": "The ticket's marks now, or as they would be."}},
                problems=(*OF_WRITES, "invalid_header", "idempotency_key_reused", "ticket_not_found", "agent_not_found", "field_forbidden",
                          "reply_in_progress")),
)  # fmt: skip
async def mark_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, MarkIn)
    seconds = services(request).settings.mark_seconds

    async def work(connection: AsyncConnection) -> Done:
        workspace = UUID(bytes=caller.workspace)
        at = Reading(connection, workspace, await events.head(connection, workspace))
        row = await visible_ticket(at, caller, ticket)
        agent = await _whose(at, caller, body.agent_id)
        if body.kind is None:
            await marks.end(connection, workspace, row["id"], agent)
        elif not await marks.claim(connection, workspace, row["id"], body.kind, agent, seconds=seconds):
            raise _in_progress(await _marks(connection, workspace, row["id"]))
        return Done(
            Rendered(200, to_json(await _marks(connection, workspace, row["id"]))), ("ticket", encode("tkt", row["id"].bytes))
        )

    return await changing(request, caller, work)


@router.delete(
    "/{ticket}/marks",
    summary="End marks",
    status_code=204,
    description="An agent's key ends both marks of its agent, any other key those of everybody.",
    **operation("unmark_ticket", None, problems=(*OF_WRITES, "ticket_not_found")),
)
async def unmark_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
    agent = None if caller.agent is None else UUID(bytes=caller.agent)
    async with workspace_transaction(services(request).engine, caller.workspace) as connection:
        await marks.end(connection, at.workspace, row["id"], agent)
    return Response(status_code=204)


async def _whose(at: Reading, caller: Caller, said: str | None) -> UUID:
    """The agent who is meant. Raises Forbidden where an agent speaks for another, Invalid where nobody is named."""
    own = None if caller.agent is None else UUID(bytes=caller.agent)
    if said is None:
        if own is None:
            raise Invalid(
                "invalid_body", "Say for whom: agent_id.", errors=[Mistake("/agent_id", "required", "Say for whom: agent_id.")]
            )
        return own
    found: UUID = (await present_agent(at, said))["id"]
    if caller.is_agent and found != own:
        mistake = Mistake("/agent_id", "field_forbidden", "An agent's key marks for its own agent.")
        raise Forbidden("field_forbidden", "An agent's key marks for its own agent.", errors=[mistake])
    return found


async def _marks(connection: AsyncConnection, workspace: UUID, ticket: UUID) -> View:
    rows = await marks.of_ticket(connection, workspace, ticket)
    return {
        "data": [
            {
                "kind": row["kind"],
                "agent_id": encode("agt", row["agent_id"].bytes),
                "agent": row["agent"],
                "since_at": stamp(row["since"]),
                "until_at": stamp(row["until"]),
            }
            for row in rows
        ]
    }


def _in_progress(view: View) -> Conflict:
    """Who replies may have ended it between the two statements: then nobody is named, and the next try succeeds."""
    first = next((one for one in view["data"] if one["kind"] == MarkKind.REPLYING), None)
    if first is None:
        return Conflict("reply_in_progress", "Somebody was answering just now. Try again.")
    told = {name: first[name] for name in ("agent_id", "agent", "until_at")}
    return Conflict(
        "reply_in_progress", f"{first['agent']} is answering, until {first['until_at']} unless it takes longer.", **told
    )
