"""Many tickets in one call: what may be sent, and what comes back."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.answers import Out
from app.api.schemas.conditions import Strict
from app.api.schemas.tickets import AssignIn, ReasonIn, Reference, TicketIn, TicketPatch, TransferIn
from app.api.schemas.tickets_out import TicketDryRun, TicketOut

MOST_ITEMS = 1000


class CreateItem(Strict):
    """A new ticket, as POST /v1/tickets takes it."""

    operation: Literal["create"] = Field(description="What to do.", examples=["create"])
    ticket: TicketIn = Field(description="The ticket.")


class OfTicket(Strict):
    """Which ticket an item is about."""

    id: str = Field(
        min_length=1,
        max_length=260,
        description="The ticket's id, or ext:<external_id>, also of one that an item before this one creates.",
        examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"],
    )
    version: int | None = Field(
        default=None, ge=0, lt=2**31, description="The version you have read, as If-Match; stale is 412.", examples=[2]
    )


class UpdateItem(OfTicket):
    """Changed fields, as PATCH /v1/tickets/{ticket} takes them."""

    operation: Literal["update"] = Field(description="What to do.", examples=["update"])
    changes: TicketPatch = Field(description="The merge patch.", examples=[{"priority": "high"}])


class AssignItem(OfTicket, AssignIn):
    """By hand, as POST /v1/tickets/{ticket}/assign."""

    operation: Literal["assign"] = Field(description="What to do.", examples=["assign"])


class TransferItem(OfTicket, TransferIn):
    """To a queue, a team or an agent, as POST /v1/tickets/{ticket}/transfer."""

    agent_id: Reference | None = Field(default=None, description="An agent's id, or ext:<external_id>.", examples=[None])

    operation: Literal["transfer"] = Field(description="What to do.", examples=["transfer"])


class ReturnItem(OfTicket, ReasonIn):
    """Back to its queue, as POST /v1/tickets/{ticket}/return."""

    operation: Literal["return"] = Field(description="What to do.", examples=["return"])


class VerbItem(OfTicket):
    """A verb that has nothing to say beside its name."""

    operation: Literal["resolve", "reopen", "close", "cancel"] = Field(description="What to do.", examples=["close"])


Item = Annotated[CreateItem | UpdateItem | AssignItem | TransferItem | ReturnItem | VerbItem, Field(discriminator="operation")]


OfOne = UpdateItem | AssignItem | TransferItem | ReturnItem | VerbItem


class BulkIn(Strict):
    """Up to 1,000 items, done in order in one transaction."""

    items: list[Item] = Field(min_length=1, max_length=MOST_ITEMS, description="Each does one thing to one ticket.")
    atomic: bool = Field(default=False, description="All or nothing: one refused item refuses the call.", examples=[False])


class ProblemOut(BaseModel):
    """Why an item was refused, as its own call would say it (RFC 9457). Further members say what is so now."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:giliran:problem:<code>.", examples=["urn:giliran:problem:ticket_not_found"])
    title: str = Field(description="What it is, in a few words.", examples=["There is no such ticket"])
    status: int = Field(description="The status of the item again.", examples=[404])
    detail: str = Field(description="One sentence a person can act on.", examples=["There is no such ticket."])
    code: str = Field(description="Never changes; programs decide by it.", examples=["ticket_not_found"])
    request_id: str = Field(description="The call's.", examples=["req_06h0p9hgb9rg9c9jl48k1tvdq0"])
    help: str = Field(description="Where the code is explained.", examples=["/problems/ticket_not_found"])
    errors: list[dict[str, Any]] = Field(
        default=[], description="Each mistake, its pointer into the body of the call; absent where there is none.", examples=[[]]
    )


class ItemResult(Out):
    """What became of one item."""

    index: int = Field(description="Its place in items, from 0.", examples=[0])
    status: int = Field(
        description="What its own call would have answered: 201 for what is new, 200 for a known external_id or a change, else "
        "the problem's.",
        examples=[201],
    )
    problem: ProblemOut | None = Field(description="Why it was refused; null where it was done.", examples=[None])


class BulkResult(ItemResult):
    """What was done."""

    ticket: TicketOut | None = Field(description="The ticket as it is after the whole call; null where the item was refused.")


class BulkOut(Out):
    """One result per item, in order."""

    results: list[BulkResult] = Field(description="In the order of items.")


class BulkDryResult(ItemResult):
    """What would be done."""

    ticket: TicketDryRun | None = Field(description="The ticket as it would be after the whole call; null where refused.")


class BulkDryRun(Out):
    """What a call would have answered. Nothing was stored."""

    results: list[BulkDryResult] = Field(description="In the order of items.")
    would_status: int = Field(description="The status of the real call.", examples=[200])
