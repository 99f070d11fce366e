"""A client of the API that believes nothing: what it asks is in the ledger before it is sent, what it hears before it goes on."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from orjson import dumps, loads

from tests.faults.ledger import Answer, Call, Ledger, digest_of

KEPT = ("id", "number", "status", "agent_id", "offer_id", "version", "queue", "external_id", "code", "load", "presence")
AGAIN_SECONDS = (0.02, 0.05, 0.1, 0.2)


class BrokenError(Exception):
    """No whole answer came."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return loads(self.body) if self.body else {}


@dataclass(slots=True)
class Connection:
    """One keep-alive connection of HTTP/1.1, one request at a time."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: int = 0

    @classmethod
    async def open(cls, port: int) -> "Connection":
        try:
            return cls(*await asyncio.open_connection("127.0.0.1", port))
        except OSError as error:
            raise BrokenError from error

    async def exchange(self, request: bytes) -> Reply:
        self.used += 1
        try:
            self.writer.write(request)
            head = await self.reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            raise BrokenError from error
        return Reply(int(lines[0].split(" ")[1]), headers, body)

    def close(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self.writer.transport.abort()

    def __del__(self) -> None:
        self.close()


@dataclass(slots=True)
class Client:
    """Speaks for one key of one workspace. `seconds` is how long it waits for an answer."""

    port: int
    key: str
    ledger: Ledger | None = None
    seconds: float = 10.0
    _free: list[Connection] = field(default_factory=list)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request without the ledger, on a connection that may be used again. Raises BrokenError."""
        connection = self._free.pop() if self._free else await self._open()
        whole = False
        try:
            async with asyncio.timeout(self.seconds):
                reply = await connection.exchange(self._request(method, path, body, headers))
            whole = reply.headers.get("connection") != "close"
        except TimeoutError as error:
            raise BrokenError from error
        finally:
            if whole:
                self._free.append(connection)
            else:
                connection.close()
        return reply

    async def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """For what is set up between faults: a 503 that says when to come back is obeyed, a few times."""
        for _ in range(10):
            reply = await self.ask(method, path, body, **headers)
            if reply.status != 503:
                break
            await asyncio.sleep(float(reply.headers["retry-after"]))
        assert 200 <= reply.status < 300, (method, path, reply.status, reply.body[:500])
        return reply.json()

    def begin(self, key: str, method: str, path: str, body: dict[str, Any]) -> Call:
        assert self.ledger is not None
        return self.ledger.begin(key, method, path, body)

    async def send(self, call: Call) -> Answer:
        """Once; the outcome may stay unknown."""
        assert self.ledger is not None
        self.ledger.sent(call)
        try:
            reply = await self.ask(call.method, call.path, call.body, **{"Idempotency-Key": call.key})
            answer = Answer(reply.status, time.time(), _kept(reply.json()), digest_of(reply.body))
        except BrokenError:
            answer = Answer(None, time.time())
        self.ledger.answered(call, answer)
        return answer

    async def settle(self, call: Call, *, stop: asyncio.Event | None = None) -> Answer:
        """The same again with the same key until somebody says what became of it, or `stop` is set."""
        tries = 0
        while not (answer := await self.send(call)).known:
            if stop is not None and stop.is_set():
                break
            await asyncio.sleep(AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)])
            tries += 1
        return answer

    async def close(self) -> None:
        for connection in self._free:
            connection.close()
        self._free.clear()

    async def _open(self) -> Connection:
        try:
            async with asyncio.timeout(self.seconds):
                return await Connection.open(self.port)
        except TimeoutError as error:
            raise BrokenError from error

    def _request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> bytes:
        data = b"" if body is None else dumps(body)
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.key}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
        return "\r\n".join([*lines, "", ""]).encode() + data


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    """What a checker wants to know; of a bulk per item index, status, and ticket or code."""
    kept = {name: said[name] for name in KEPT if name in said}
    if "results" in said:
        kept["results"] = [
            {"index": result["index"], "status": result["status"]}
            | ({"ticket": _kept(result["ticket"])} if result["ticket"] else {"code": (result["problem"] or {}).get("code")})
            for result in said["results"]
        ]
    return kept
