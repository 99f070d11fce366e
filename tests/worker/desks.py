"""Workspaces whose timers a test lets run, and what their logs say about it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import Outcome
from app.dispatch.transaction import transaction
from app.engine.commands import AdvanceClock, SubmitTicket, TicketContent
from app.engine.ids import TicketId, WorkspaceId
from app.engine.vocabulary import Channel, Kind, Priority
from app.services.sweep import Sweep
from app.settings import Settings
from app.worker import work
from tests.databases import Database
from tests.workspaces import SYSTEM

ROOT = Path(__file__).parents[2]


def promise(
    *, first: float = 60, resolution: float | None = None, warn: int | None = None, escalations: Any = ()
) -> dict[str, Any]:
    """An SLA policy for medium tickets, as the document of tests.workspaces has it."""
    targets = {"first_response_seconds": first, "resolution_seconds": resolution}
    return {
        "name": "promise",
        "id": f"{4:032x}",
        "targets": {"medium": targets},
        "warn_at_percent": warn,
        "pause_on_pending": [],
        "escalations": list(escalations),
    }


async def submit_tickets(dispatcher: Dispatcher, workspace: WorkspaceId, count: int = 1) -> list[Outcome]:
    def ticket() -> SubmitTicket:
        return SubmitTicket(
            SYSTEM,
            TicketId(uuid4().bytes),
            kind=Kind.TICKET,
            channel=Channel.API,
            priority=Priority.MEDIUM,
            content=TicketContent("Tagihan", ""),
            configuration=1,
        )

    return list(await asyncio.gather(*(dispatcher.submit(workspace, ticket()) for _ in range(count))))


async def pass_time(dispatcher: Dispatcher, workspace: WorkspaceId, seconds: float) -> None:
    """Only the clock moves; nobody is told."""
    await dispatcher.submit(workspace, AdvanceClock(SYSTEM, round(seconds * 1000)))


async def sweep_all(sweep: Sweep, workspace: WorkspaceId) -> int:
    """Rounds until nothing is due; how many there were."""
    rounds = 1
    while (await sweep.round(workspace)).more:
        rounds += 1
    return rounds


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a timer as the log has it; times in ms."""

    type: str
    ticket: bytes
    metric: str
    at: int
    late: int

    @property
    def moment(self) -> int:
        return self.at - self.late


async def steps(engine: AsyncEngine, workspace: WorkspaceId) -> list[Step]:
    async with transaction(engine, workspace, snapshot=True) as opened:
        rows = await opened.connection.fetch(
            "SELECT type, subject_id, data ->> 'metric' AS metric, round(1000 * extract(epoch FROM at))::bigint AS at,"
            " (data ->> 'late_ms')::bigint AS late"
            " FROM events WHERE type IN ('sla.warned', 'sla.breached', 'sla.stepped') ORDER BY seq"
        )
    return [Step(row["type"], row["subject_id"].bytes, row["metric"], row["at"], row["late"]) for row in rows]


async def count(engine: AsyncEngine, workspace: WorkspaceId, type_: str) -> int:
    async with transaction(engine, workspace, snapshot=True) as opened:
        found: int = await opened.connection.fetchval("SELECT count(*) FROM events WHERE type = $1", type_)
        return found


@asynccontextmanager
async def running_worker(database: Database, redis_url: str | None = None, *, sweep_seconds: float = 1.0) -> AsyncIterator[None]:
    """The worker in this process; stopped as a signal would."""
    settings = Settings(database_url=database.app_url, redis_url=redis_url, sweep_seconds=sweep_seconds)
    stopping = asyncio.Event()
    task = asyncio.create_task(work(settings, stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(task, 10)


@asynccontextmanager
async def worker_process(database: Database, redis_url: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """The worker as `giliran run` starts it; killed at the end."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "REDIS_URL": redis_url,
        "GILIRAN_SWEEP_SECONDS": "0.2",
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app.worker", cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
