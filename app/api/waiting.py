"""Waiting for events on behalf of a request, as long as somebody is there to hear of them."""

import asyncio
from contextlib import AbstractContextManager, nullcontext

from starlette.requests import Request

from app.api.context import Caller, exchange, services

PATIENCE_SECONDS = 5.0  # an event wakes many at once; whoever has waited so long may wait for a turn to read it


def stream(request: Request, seconds: int) -> AbstractContextManager[None]:
    """Counts a request that will wait, from `with` to its end. Raises TooMany."""
    if not seconds:
        return nullcontext()
    account = exchange(request).account
    if account is None:
        raise RuntimeError("only a caller with a key may wait")
    return services(request).limiter.stream(account)


async def wait_for_events(request: Request, caller: Caller, after: int, seconds: float) -> bool:
    """Until the log is longer than `after`, or the time is over: True. False when the client has left."""
    tails = services(request).tails
    grown = asyncio.ensure_future(tails.wait(caller.workspace, after, seconds))
    gone = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((grown, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            gone.result()
            return False
        return True
    finally:
        for task in (grown, gone):
            task.cancel()
        await asyncio.gather(grown, gone, return_exceptions=True)


async def _left(request: Request) -> None:
    """A request without a body says this once it is read, and then nothing until its end."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
