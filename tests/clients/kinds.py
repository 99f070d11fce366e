"""One table of cases for both clients: a case is written once, awaited, and the sync client is called from a thread."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from giliran_client import AsyncGiliran, Giliran

KINDS = ("sync", "async")
Handler = Callable[[httpx.Request], httpx.Response]


class Driven:
    """`await driven(client.tickets.get, "id")`, whichever kind of client it is."""

    def __init__(self, client: Giliran | AsyncGiliran) -> None:
        self.client: Any = client

    async def __call__(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if inspect.iscoroutinefunction(method):
            return await method(*arguments, **named)
        return await asyncio.to_thread(method, *arguments, **named)

    async def seq(self, pages: Any) -> Any:
        return await pages.seq() if isinstance(self.client, AsyncGiliran) else await asyncio.to_thread(lambda: pages.seq)

    async def each(self, items: Any) -> AsyncIterator[Any]:
        if isinstance(self.client, AsyncGiliran):
            async for item in items:
                yield item
            return
        walking, end = iter(items), object()
        while (item := await asyncio.to_thread(next, walking, end)) is not end:
            yield item


@asynccontextmanager
async def opened(kind: str, url: str, key: str, *, handler: Handler | None = None, **options: Any) -> AsyncIterator[Driven]:
    """A client of that kind; `handler` stands in for what a proxy or a broken network would do."""
    if handler:
        options["transport"] = httpx.MockTransport(handler)
    async with AsyncExitStack() as stack:
        if kind == "async":
            yield Driven(await stack.enter_async_context(AsyncGiliran(url, key, **options)))
        else:
            yield Driven(stack.enter_context(Giliran(url, key, **options)))
