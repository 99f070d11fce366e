"""Pages of lists: an opaque cursor that goes with the filters and the order it was made with."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.context import exchange
from app.api.routers.replies import JSON, SEQ
from app.api.schemas.answers import QueryInt
from app.errors import Gone, Malformed
from app.queries.events import Head

DEFAULT_LIMIT = 50
MOST = 200
LARGEST = 2**63
_BEYOND_FILTERS = frozenset({"cursor", "limit"})


class Paged(BaseModel):
    """What every list takes."""

    limit: QueryInt = Field(default=DEFAULT_LIMIT, ge=1, le=MOST, description="How many at most.", examples=[50])
    cursor: str | None = Field(
        default=None, max_length=2000, description="next_cursor of the page before, with the same filters and order."
    )


def place_after(request: Request, cursor: str | None, *kinds: type, bound_to: object = None) -> list[Any] | None:
    """Where the last page ended: one value per kind, whole numbers from 0 and below 2^63; None for the first page.

    A cursor of another epoch is refused by `page_reply`, which knows the present one.
    `bound_to` is what else the order rests on. Raises Malformed `cursor_mismatch` for a cursor of another workspace or list,
    of other filters or another order, and for one that was changed.
    """
    if cursor is None:
        return None
    place: list[Any]
    try:
        digest, epoch, *place = from_json(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error):
        raise mismatch() from None
    if (
        type(epoch) is not int
        or digest != _digest(request, [epoch, *place], bound_to)
        or [type(value) for value in place] != list(kinds)
    ):
        raise mismatch()
    if any(type(value) is int and not 0 <= value < LARGEST for value in place):
        raise mismatch()
    request.state.cursor_epoch = epoch
    return place


def id_after(request: Request, query: Paged) -> UUID | None:
    """Where the last page ended, of a list in the order of its ids."""
    place = place_after(request, query.cursor, str)
    try:
        return UUID(hex=place[0]) if place else None
    except ValueError:
        raise mismatch() from None


def page_reply(
    request: Request,
    views: Sequence[Mapping[str, Any]],
    *,
    head: Head,
    last_place: Sequence[Any] | None,
    bound_to: object = None,
    beside: Mapping[str, Any] | None = None,
) -> Response:
    """`beside` are fields that stand before the page. `last_place` is where the page ends, None on the last page. Raises Gone `cursor_expired` when a backup was restored since."""
    headers = {SEQ: str(head.last_seq)}
    cursor = _next_cursor(request, head, last_place, bound_to)
    if cursor is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        path = quote(request.scope["path"])
        headers["Link"] = f'<{path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'
    return Response(to_json({**(beside or {}), "data": views, "next_cursor": cursor}), 200, headers, JSON)


def search_reply(
    request: Request, views: Sequence[Mapping[str, Any]], *, head: Head, last_place: Sequence[Any] | None, bound_to: object
) -> Response:
    """As `page_reply` for a search, whose next page is asked for with a body: no link leads there."""
    cursor = _next_cursor(request, head, last_place, bound_to)
    return Response(to_json({"data": views, "next_cursor": cursor}), 200, {SEQ: str(head.last_seq)}, JSON)


def _next_cursor(request: Request, head: Head, last_place: Sequence[Any] | None, bound_to: object) -> str | None:
    if getattr(request.state, "cursor_epoch", head.epoch) != head.epoch:
        raise Gone("cursor_expired", "A backup was restored since this cursor was made. Start again without it.")
    if last_place is None:
        return None
    place = [head.epoch, *last_place]
    packed = base64.urlsafe_b64encode(to_json([_digest(request, place, bound_to), *place]))
    return packed.decode().rstrip("=")


def mismatch() -> Malformed:
    return Malformed(
        "cursor_mismatch",
        "The cursor was made for another list, other filters or another order. Start again without it.",
        parameter="cursor",
    )


def _digest(request: Request, place: Sequence[Any], bound_to: object) -> str:
    filters = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _BEYOND_FILTERS)
    caller = exchange(request).caller
    workspace = "" if caller is None else caller.workspace.hex()
    return blake2b(to_json([workspace, request.scope["path"], filters, place, bound_to]), digest_size=9).hexdigest()
