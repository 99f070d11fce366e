"""A small HTTP/1.1 load generator: N keep-alive connections that each wait for an answer before the next request.

Run as a process of its own: `python -m bench.load HOST PORT KEY CONNECTIONS SECONDS`; prints one JSON object.
"""

import asyncio
import json
import sys
import time
from itertools import count
from typing import cast

import uvloop

WORDS = ("Tagihan bulan ini tidak sesuai", "Internet mati sejak pagi", "Mau tanya harga paket", "Kartu saya hilang")


class Connection(asyncio.Protocol):
    """One connection: send, wait for the whole answer, send the next."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own is none by inheritance
        self.send()

    def send(self) -> None:
        assert self.transport is not None  # noqa: S101  # called once connected
        self.sent_at = time.perf_counter()
        self.transport.write(self.load.next_request())

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

    def __init__(self, host: str, port: int, key: str, connections: int) -> None:
        self.host, self.port, self.connections = host, port, connections
        self.over = False
        self.statuses: dict[str, int] = {}
        self.latencies: list[float] = []
        self._numbers = count()
        self._head = (
            f"POST /v1/tickets HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\n"
        )

    def next_request(self) -> bytes:
        number = next(self._numbers)
        body = json.dumps(
            {
                "channel": "whatsapp",
                "subject": WORDS[number % len(WORDS)],
                "attributes": {"city": "Bandung", "plan": "gold"},
            }
        )
        return f"{self._head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def count(self, status: bytes, seconds: float) -> None:
        key = status.decode()
        self.statuses[key] = self.statuses.get(key, 0) + 1
        self.latencies.append(seconds)

    async def run(self, seconds: float) -> dict[str, object]:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        transports = [
            (await loop.create_connection(lambda: Connection(self), self.host, self.port))[0] for _ in range(self.connections)
        ]
        await asyncio.sleep(seconds)
        self.over = True
        took = time.perf_counter() - began
        done = sum(self.statuses.values())
        await asyncio.sleep(0.5)
        for transport in transports:
            transport.close()
        self.latencies.sort()
        return {
            "per_second": done / took,
            "statuses": self.statuses,
            "p50_ms": round(1000 * self.latencies[len(self.latencies) // 2], 1),
            "p99_ms": round(1000 * self.latencies[int(len(self.latencies) * 0.99)], 1),
        }


def main() -> None:
    host, port, key, connections, seconds = sys.argv[1:6]
    load = Load(host, int(port), key, int(connections))
    sys.stdout.write(json.dumps(uvloop.run(load.run(float(seconds)))) + "\n")


if __name__ == "__main__":
    main()
