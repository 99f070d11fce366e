"""The audit: who changed what besides tickets, from where."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import services
from app.api.ids import decode
from app.api.routers.describing import OF_READS, operation
from app.api.routers.paging import Paged, mismatch, page_reply, place_after
from app.api.routers.reading import reading
from app.api.routers.replies import json_reply
from app.api.schemas.answers import QueryMoment
from app.api.schemas.audit import AuditEntryOut, AuditPage
from app.errors import NotFound
from app.models.audit_entries import AuditOutcome
from app.queries import audit
from app.queries.audit import AuditFilter
from app.services.views.audit import entry_view

router = APIRouter(prefix="/v1/audit", tags=["audit"])

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Word = Annotated[str, Field(min_length=1, max_length=100)]


class AuditQuery(Paged):
    """Different filters must all hold."""

    actor_id: Word | None = Field(
        default=None,
        description="Who it was: id of a key, an agent or a person; cli.",
        examples=["key_069nnak9kphi75bkq3s0h6dn1k"],
    )
    subject_id: Word | None = Field(default=None, description="What it happened to.", examples=["key_069nnak9kphi75bkq3s0h6dn1k"])
    operation: Word | None = Field(default=None, description="The operationId.", examples=["revoke_key"])
    outcome: AuditOutcome | None = Field(default=None, description="done or denied.", examples=["denied"])
    created_after: QueryMoment | None = Field(default=None, description="From then on.")
    created_before: QueryMoment | None = Field(default=None, description="Until before then.")


@router.get(
    "",
    summary="List the audit",
    description="Changes of configuration, agents, keys and a sandbox's clock, sign-ins, and attempts at what only administrators do; "
    "the newest first. Work on tickets is in the event log. Entries are kept for GILIRAN_AUDIT_DAYS.",
    **operation("list_audit_entries", AuditPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
)
async def list_audit_entries(request: Request, caller: CallerDep, query: Annotated[AuditQuery, Query()]) -> Response:
    before = _place(request, query)
    wanted = AuditFilter(
        actor_id=query.actor_id,
        subject_id=query.subject_id,
        operation=query.operation,
        outcome=query.outcome,
        since=query.created_after,
        until=query.created_before,
    )
    async with reading(services(request), caller) as at:
        rows = await audit.page(at.connection, at.workspace, wanted, before=before, limit=query.limit + 1)
    shown = rows[: query.limit]
    last = [(shown[-1]["at"] - _EPOCH) // _MICROSECOND, shown[-1]["id"].hex] if len(rows) > query.limit else None
    return page_reply(request, [entry_view(row, workspace=caller.workspace) for row in shown], head=at.head, last_place=last)


@router.get(
    "/{entry}",
    summary="Read an entry of the audit",
    description="As it was written: nothing in the audit is ever changed.",
    **operation("get_audit_entry", AuditEntryOut, problems=("audit_entry_not_found",)),
)
async def get_audit_entry(
    request: Request,
    caller: CallerDep,
    entry: Annotated[str, Field(description="The entry's id.", examples=["aud_069nnak9kphi75bkq3s0h6dn1k"])],
) -> Response:
    async with reading(services(request), caller) as at:
        row = await audit.one(at.connection, at.workspace, UUID(bytes=decode("aud", entry)))
    if row is None:
        raise NotFound("audit_entry_not_found", "There is no such audit entry in this workspace.")
    return json_reply(entry_view(row, workspace=caller.workspace), seq=at.head.last_seq)


def _place(request: Request, query: AuditQuery) -> tuple[datetime, UUID] | None:
    place = place_after(request, query.cursor, int, str)
    if place is None:
        return None
    try:
        return _EPOCH + place[0] * _MICROSECOND, UUID(hex=place[1])
    except (ValueError, OverflowError):
        raise mismatch() from None
