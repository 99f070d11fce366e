"""Sessions: a code from the command line becomes a key that ends soon."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.address import address_of
from app.api.body import read_json
from app.api.context import services
from app.api.deps import refuse_unknown_parameters
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.replies import json_reply
from app.api.schemas.keys import KeyWithSecret, SessionIn
from app.api.signing_in import origin_from
from app.dispatch.origins import Origin
from app.engine.commands import Actor
from app.engine.vocabulary import ActorType
from app.errors import Unauthenticated
from app.identifiers import encode
from app.services.keys import NewKey
from app.services.sessions import begin
from app.services.views.keys import key_view

router = APIRouter(prefix="/v1/sessions", tags=["keys"])


@router.post(
    "",
    summary="Begin a session",
    status_code=201,
    description="Needs no key but the code that `giliran login-link` printed: good for ten minutes and once, so there is no "
    "Idempotency-Key; whoever lost the answer asks for another code. `secret` is a key that ends after twelve hours.",
    **operation("create_session", KeyWithSecret, body=SessionIn, example={"code": "gll_…"},
                problems=(*OF_WRITES, "invalid_code", "too_many_requests", "unknown_parameter")),
)  # fmt: skip
async def create_session(request: Request) -> Response:
    refuse_unknown_parameters(request)
    process = services(request)
    address = address_of(request, process.settings.proxies)
    process.limiter.refuse_stranger(address)
    body = await read_json(request, SessionIn)

    def origin_of(key: NewKey) -> Origin:
        actor = Actor(ActorType.API_KEY, encode("key", key.id))
        return origin_from(request, process, actor, "create_session", key=key.id)

    try:
        key, row, seq = await begin(process.engine, body.code, origin_of)
    except Unauthenticated:
        process.limiter.wrong_key(address)
        raise
    view = key_view(row)
    return json_reply({**view, "secret": key.text}, seq=seq, status=201, headers={"Location": f"/v1/keys/{view['id']}"})
