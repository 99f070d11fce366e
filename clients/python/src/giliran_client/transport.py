"""Sends calls and waits for their answers; walks pages and follows events."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import httpx

from giliran_client.answers import Answer, answer, retry_after
from giliran_client.calls import Call
from giliran_client.errors import Unreachable
from giliran_client.retries import AGAIN, NEVER, Plan, Retries

T = TypeVar("T")
Send = Callable[..., Answer[Any]]
OURS = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)  # a mistake on this side: no repeat helps


class Resource:
    def __init__(self, send: Send) -> None:
        self._send = send


class Resources:
    _http: httpx.Client
    _retries: Retries
    _seconds: float

    def _open(self) -> None:
        raise NotImplementedError

    def _send(self, call: Call, retries: Retries | None = None) -> Answer[Any]:
        plan = Plan((retries or self._retries) if call.repeatable else NEVER)
        while True:
            try:
                response = self._http.request(**call.options(self._seconds))
            except httpx.TransportError as error:
                pause = None if isinstance(error, OURS) else plan.pause()
                if pause is None:
                    raise Unreachable(str(call), type(error).__name__, call.key) from error
            else:
                pause = plan.pause(retry_after(response)) if response.status_code in AGAIN else None
                if pause is None:
                    return answer(call, response)
            time.sleep(pause)


class Pages(Generic[T]):
    """Every item of a list, page by page."""

    def __init__(self, send: Send, call: Call) -> None:
        self._send = send
        self._call = call
        self._first: Answer[Any] | None = None

    @property
    def seq(self) -> int | None:
        """The last event that the first page includes; asks for it when that was not done yet. Follow after this one."""
        if self._first is None:
            self._first = self._send(self._call)
        return self._first.seq

    def __iter__(self) -> Iterator[T]:
        page, self._first = self._first or self._send(self._call), None
        while True:
            yield from page.body["data"]
            if page.body["next_cursor"] is None:
                return
            page = self._send(self._call.asking(cursor=page.body["next_cursor"]))


class Feed(Generic[T]):
    """Events as they come, without an end. Resumes by itself however long the service is away.

    `position` is the last one you were given or that was looked at: keep it, and begin after it next time.
    """

    def __init__(self, send: Send, call: Call) -> None:
        self._send = send
        self._call = call
        self._items: list[T] = []
        self._last = self.position = int(call.query.get("after") or 0)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        while not self._items:
            self.position = self._last
            page = self._send(self._call.asking(after=self._last), Retries(total_seconds=float("inf"))).body
            self._items, self._last = list(page["data"]), page["last_seq"]
            self._call = self._call.asking(epoch=page["epoch"])
        item = self._items.pop(0)
        self.position = item["seq"]  # type: ignore[index]
        return item
