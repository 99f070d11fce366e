"""The public HTTP API as the demo uses it: JSON in, JSON out, a problem document as an exception."""

import time
from http import HTTPStatus
from threading import Lock
from types import TracebackType
from typing import Any, Self

import httpx

TRIES, PAUSE_SECONDS = 10, 1.0
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class RefusedError(Exception):
    """The API said no: `code` is that of the problem document."""

    def __init__(self, response: httpx.Response) -> None:
        problem = response.json() if "json" in response.headers.get("content-type", "") else {}
        self.status = response.status_code
        self.code = str(problem.get("code", ""))
        errors = "; ".join(f"{error['pointer']}: {error['detail']}" for error in problem.get("errors") or ())
        request = response.request
        super().__init__(
            f"{request.method} {request.url.path} → {self.status} {self.code}: {problem.get('detail', response.text)} {errors}"
        )


class Api:
    """Connections that are kept open; several threads may use it. What may safely be sent twice is, while the API is busy or away."""

    def __init__(self, base_url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.calls = 0
        self._counting = Lock()
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "giliran-demo"}
        self._client = httpx.Client(base_url=f"{base_url}/v1", headers=headers, timeout=30, transport=transport)

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        return self._send("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> dict[str, Any]:
        """With `key` as Idempotency-Key the call may be repeated without being done twice."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._send("POST", path, json=body or {}, headers=headers)

    def _send(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        harmless = method == "GET" or "Idempotency-Key" in what["headers"]
        for left in reversed(range(TRIES if harmless else 1)):
            with self._counting:
                self.calls += 1
            try:
                response = self._client.request(method, path, **what)
            except httpx.TransportError:  # it is being started again
                if not left:
                    raise
                time.sleep(PAUSE_SECONDS)
                continue
            if response.status_code not in BUSY or not left:
                break
            time.sleep(float(response.headers.get("Retry-After", PAUSE_SECONDS)))
        if response.is_error:
            raise RefusedError(response)
        answer: dict[str, Any] = response.json()
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()
