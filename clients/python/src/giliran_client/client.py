"""The two clients."""

import os
import re
from types import TracebackType
from typing import Self

import httpx

from giliran_client.async_resources import AsyncApi
from giliran_client.resources import Api
from giliran_client.retries import Retries

LOCAL = "http://127.0.0.1:8000"
USER_AGENT = "giliran-client"


class Giliran(Api):
    """Calls and waits. `base_url` and `key` are taken from GILIRAN_URL and GILIRAN_KEY where they are not given.

    `timeout` is in seconds, for each try; `retries` bounds all tries of a call.
    """

    def __init__(
        self,
        base_url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        address, headers = _credentials(base_url, key)
        self._http = httpx.Client(base_url=address, headers=headers, transport=transport)
        self._seconds, self._retries = timeout, retries or Retries()
        self._open()

    def __repr__(self) -> str:
        return f"Giliran({_shown(self._http.base_url)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()


class AsyncGiliran(AsyncApi):
    """The same, awaited."""

    def __init__(
        self,
        base_url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        address, headers = _credentials(base_url, key)
        self._http = httpx.AsyncClient(base_url=address, headers=headers, transport=transport)
        self._seconds, self._retries = timeout, retries or Retries()
        self._open()

    def __repr__(self) -> str:
        return f"AsyncGiliran({_shown(self._http.base_url)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()


def _credentials(base_url: str | None, key: str | None) -> tuple[str, dict[str, str]]:
    """Address and headers. Never says the key: not even one that is none."""
    key = key or os.environ.get("GILIRAN_KEY", "")
    if not re.fullmatch("[!-~]+", key):
        raise ValueError("No key, or one with spaces or line ends in it: give key= or set GILIRAN_KEY")
    address = base_url or os.environ.get("GILIRAN_URL") or LOCAL
    if not re.match("https?://[^/@]+(/|$)", address):
        raise ValueError("base_url must be the address of Giliran, such as http://127.0.0.1:8000")
    return address, {"Authorization": f"Bearer {key}", "User-Agent": USER_AGENT, "Accept": "application/json, */*;q=0.5"}


def _shown(address: httpx.URL) -> str:
    return str(address).rstrip("/")
