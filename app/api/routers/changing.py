"""A change that is no command: one transaction, answered once for an Idempotency-Key, told in the audit."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency
from app.api.routers.replies import SEQ, Reply, dry_reply
from app.dispatch.origins import origin_of
from app.services.changes import Changed, Work, change


async def changing(request: Request, caller: Caller, work: Work, *, dry: Mapping[str, Any] | None = None) -> Response:
    """`dry` is what the answer to a dry run has instead of what the real call would make."""
    process, imagined = services(request), dry_run(request)
    async with process.reads.turn(caller.workspace):
        changed = await change(
            process.engine,
            caller.workspace,
            work,
            origin=origin_of(exchange(request).request_id),
            key=await idempotency(request),
            dry_run=imagined,
        )
    if imagined:
        return dry_reply({**from_json(changed.rendered.body), **(dry or {})}, would_status=changed.rendered.status)
    return _reply(changed)


def _reply(changed: Changed) -> Response:
    headers = dict(changed.rendered.headers)
    if changed.replayed:
        headers["Idempotency-Replayed"] = "true"
    if changed.seq:
        headers[SEQ] = str(changed.seq)
    return Reply(changed.rendered.body, changed.rendered.status, headers)
