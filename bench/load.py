"""A small HTTP/1.1 load generator: keep-alive connections that each wait for an answer before the next request.

Run as a process of its own: `python -m bench.load JSON`, where the JSON object has the fields of `Plan`; prints one JSON object.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any, cast

import uvloop

WORDS = ("Tagihan bulan ini tidak sesuai", "Internet mati sejak pagi", "Mau tanya harga paket", "Kartu saya hilang")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send: single tickets, or `bulk` of them at a time; connections take the keys in turns."""

    host: str
    port: int
    keys: tuple[str, ...]
    connections: int
    seconds: float
    bulk: int = 0
    idempotent: bool = False

    def as_text(self) -> str:
        return json.dumps(asdict(self))


class Connection(asyncio.Protocol):
    """One connection: send, wait for the whole answer, send the next."""

    def __init__(self, load: "Load", head: str) -> None:
        self.load = load
        self.head = head
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own is none by inheritance
        self.send()

    def send(self) -> None:
        assert self.transport is not None  # noqa: S101  # called once connected
        self.sent_at = time.perf_counter()
        self.transport.write(self.load.next_request(self.head))

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end].lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self.received) < end + 4 + length:
            return
        self.load.count(self.received[9:12], time.perf_counter() - self.sent_at)
        self.received = self.received[end + 4 + length :]
        if not self.load.over:
            self.send()


class Load:
    """All connections together."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.over = False
        self.statuses: dict[str, int] = {}
        self.latencies: list[float] = []
        self._numbers = count()
        self._run = time.time_ns()
        path = "/v1/tickets/bulk" if plan.bulk else "/v1/tickets"
        self._heads = [
            f"POST {path} HTTP/1.1\r\nHost: {plan.host}:{plan.port}\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\n"
            for key in plan.keys
        ]

    def next_request(self, head: str) -> bytes:
        number = next(self._numbers)
        if self.plan.bulk:
            items = [{"operation": "create", "ticket": _ticket(number * self.plan.bulk + n)} for n in range(self.plan.bulk)]
            body = json.dumps({"items": items})
        else:
            body = json.dumps(_ticket(number))
        key = f"Idempotency-Key: {self._run}-{number}\r\n" if self.plan.idempotent else ""
        return f"{head}{key}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def count(self, status: bytes, seconds: float) -> None:
        key = status.decode()
        self.statuses[key] = self.statuses.get(key, 0) + 1
        self.latencies.append(seconds)

    async def run(self) -> dict[str, Any]:
        loop, plan = asyncio.get_running_loop(), self.plan
        began = time.perf_counter()
        transports = []
        for number in range(plan.connections):
            head = self._heads[number % len(self._heads)]
            transport, _ = await loop.create_connection(lambda head=head: Connection(self, head), plan.host, plan.port)  # type: ignore[misc]
            transports.append(transport)
        await asyncio.sleep(plan.seconds)
        self.over = True
        took = time.perf_counter() - began
        done = sum(self.statuses.values())
        await asyncio.sleep(0.5)
        for transport in transports:
            transport.close()
        self.latencies.sort()
        return {
            "per_second": done * max(plan.bulk, 1) / took,
            "statuses": self.statuses,
            "p50_ms": round(1000 * self.latencies[len(self.latencies) // 2], 1),
            "p99_ms": round(1000 * self.latencies[int(len(self.latencies) * 0.99)], 1),
        }


def _ticket(number: int) -> dict[str, Any]:
    return {
        "channel": "whatsapp",
        "subject": WORDS[number % len(WORDS)],
        "attributes": {"city": "Bandung", "plan": "gold"},
    }


def main() -> None:
    plan = Plan(**json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps(uvloop.run(Load(plan).run())) + "\n")


if __name__ == "__main__":
    main()
