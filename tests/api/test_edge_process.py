"""The API as a process of its own, on a socket that was handed to it: bounds of a request's head, and how it stops."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from tests.databases import Database
from tests.servers import Addresses

ROOT = Path(__file__).parents[2]
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"


@dataclass(slots=True)
class Process:
    """A running API and what it has printed."""

    child: subprocess.Popen[bytes]
    port: int
    output: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self) -> float:
        """Seconds it took."""
        began = time.monotonic()
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(15)
        return time.monotonic() - began


@pytest.fixture
def process(database: Database, servers: Addresses, tmp_path: Path) -> Iterator[Process]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    secrets = tmp_path / "addresses.json"
    addresses = {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url, "REDIS_URL": servers.redis_url}
    secrets.write_text(json.dumps(addresses))
    own = {name: value for name, value in os.environ.items() if not name.startswith("GILIRAN_")}
    environment = own | {"GILIRAN_SECRETS_FILE": str(secrets), "GILIRAN_ALLOWED_HOSTS": "*", "PYTHONPATH": str(ROOT)}
    output = tmp_path / "output"
    with output.open("wb") as file, listener:
        child = subprocess.Popen(
            [sys.executable, "-m", "app.main"],
            env=environment | {"GILIRAN_LISTEN_FD": str(listener.fileno())},
            pass_fds=(listener.fileno(),),
            cwd=tmp_path,
            stdout=file,
            stderr=file,
        )
        running = Process(child, listener.getsockname()[1], output, environment)
        try:
            httpx.get(f"{running.url}/health/live", timeout=60)  # waits in the socket's queue until it is served
            yield running
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()


def heard(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def exchanged(process: Process, sent: bytes) -> bytes:
    with process.connect() as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
        return heard(connection)


def test_a_head_has_bounds(process: Process) -> None:
    for sent, status in (
        (GET + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n", b"431"),
        (GET + b"X: " + b"a" * 65_536 + b"\r\n\r\n", b"431"),
        (GET + b"X: " + b"a" * 400_000, b"431"),
        (b"GET /" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET noslash HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (GET + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (GET + b"Content-Length: x\r\n\r\n", b"400"),
        (GET + b"Host: y\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
        (GET + b"Connection: close\r\n\r\n", b"200"),
    ):
        answer = exchanged(process, sent)
        assert answer.split(b" ", 2)[1:2] == [status], (sent[:60], answer[:200])
        if status != b"200":
            assert b"application/problem+json" in answer
        assert b"server:" not in answer.lower()
    assert httpx.get(f"{process.url}/health/live").status_code == 200


def test_pipelined_requests_are_answered_in_order(process: Process) -> None:
    answer = exchanged(process, (GET + b"\r\n") * 999 + GET + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 1000


def test_a_body_that_drips_after_a_refusal_is_cut_off(process: Process) -> None:
    head = b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    answer = exchanged(process, head)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"connection: close" in answer


async def test_slow_heads_are_closed_and_others_are_not_kept_waiting(process: Process) -> None:
    """A hundred connections that send nothing, or a byte a second: closed after about ten seconds."""
    opened = [await asyncio.open_connection("127.0.0.1", process.port) for _ in range(100)]
    began = time.monotonic()
    for n, (_, writer) in enumerate(opened):
        if n % 2:
            writer.write(b"GET / HTTP/1.1\r\nX: ")
    async with httpx.AsyncClient(base_url=process.url) as client:
        for _ in range(5):
            asked = time.monotonic()
            assert (await client.get("/health/live")).status_code == 200
            assert time.monotonic() - asked < 2
            for _, writer in opened[1::2]:
                writer.write(b"X")
            await asyncio.sleep(0.5)
    answers = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in opened)), 30)
    assert time.monotonic() - began < 25
    assert all(answer == b"" for answer in answers[0::2])
    assert all(answer.startswith(b"HTTP/1.1 4") for answer in answers[1::2])
    for _, writer in opened:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def test_it_stops_soon_though_somebody_waits_for_events(process: Process) -> None:
    runner = CliRunner()
    made = runner.invoke(command_line, ["workspaces", "create", "w"], env=process.environment)
    assert made.exit_code == 0, made.output
    key = runner.invoke(command_line, ["keys", "create", "-w", "w", "--role", "admin"], env=process.environment).stdout.strip()
    with process.connect() as connection:
        head = f"GET /v1/events?wait=30 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n"
        connection.sendall(head.encode())
        time.sleep(1)
        seconds = process.stop()
        answer = heard(connection)
    assert process.child.returncode == 0
    assert seconds < 6
    assert answer.startswith(b"HTTP/1.1 200"), answer
    said = process.output.read_text()
    assert key not in said
    assert "giliran_app:" not in said
    assert all(json.loads(line) for line in said.splitlines())


def test_the_command_line_applies_a_file_over_http(process: Process, tmp_path: Path) -> None:
    runner = CliRunner()

    def call(*arguments: str, key: str = "") -> tuple[int, str]:
        environment = process.environment | {"GILIRAN_URL": process.url, "GILIRAN_KEY": key}
        result = runner.invoke(command_line, arguments, env=environment)
        return result.exit_code, result.output

    call("workspaces", "create", "desk", "--sandbox")
    _, key = call("keys", "create", "--workspace", "desk", "--role", "admin")
    key = key.strip()
    file = tmp_path / "desk.yaml"
    text = "teams:\n  - name: billing\nrouting_policies:\n  - name: standard\nqueues:\n  - {name: general, routing_policy: standard, teams: [billing]}\n"
    file.write_text(text)
    code, said = call("apply", str(file), "--dry-run", key=key)
    assert (code, "would be version 1" in said) == (0, True), said
    code, said = call("apply", str(file), key=key)
    assert (code, "+ queues/general" in said, "; version 1" in said) == (0, True, True), said
    assert call("apply", str(file), key=key)[1].strip() == "nothing to change; version 1"
    file.write_text(text.replace("[billing]", "[biling]"))
    code, said = call("apply", str(file), key=key)
    assert code == 1
    assert "desk.yaml:6:" in said
    assert "/queues/0/teams/0" in said
    file.write_text(text.replace("[billing]", "[billing"))
    code, said = call("apply", str(file), key=key)
    assert (code, "desk.yaml:" in said, "not YAML" in said) == (1, True, True), said
    code, said = call("apply", str(file))
    assert (code, "GILIRAN_KEY" in said) == (2, True)
