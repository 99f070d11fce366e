"""The worker: fires what is due and proves that nobody waits for nothing. Everything it needs to know is in PostgreSQL."""

import asyncio
import contextlib
import signal
import sys
import time

import structlog
import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import NotIsolated, make_engine, verify_isolation
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.wake import DUE, Wake, listen, said_workspace
from app.logs import configure
from app.services.sweep import Meters, Sweep, passes
from app.settings import Settings
from app.tasks import ended
from app.telemetry import TIMER_FAILURES, TIMER_LATENESS_SECONDS, TIMERS_PARKED, WAKES_DROPPED
from app.worker_drains import Drains
from app.worker_jobs import ring
from app.worker_loop import SweepLoop
from app.worker_prunes import Prunes

log = structlog.get_logger()

STOP_SECONDS = 6.0
RETRY_SECONDS = 1.0


async def work(settings: Settings, stopping: asyncio.Event) -> None:
    """Runs until `stopping` is set, then finishes what it has begun. Raises NotIsolated."""
    if settings.database_url is None:
        raise RuntimeError("DATABASE_URL is not set; giliran run starts a database and the worker with it")
    engine = make_engine(settings.database_url, settings)
    try:
        if await _checked(engine, stopping):
            await _work(engine, settings, stopping)
    finally:
        await engine.dispose()


async def _work(engine: AsyncEngine, settings: Settings, stopping: asyncio.Event) -> None:
    wake = Wake(settings.redis_url, dropped=WAKES_DROPPED.inc)
    dispatcher = Dispatcher(engine, wake=wake, kept_workspaces=settings.kept_workspaces)
    meters = Meters(TIMER_LATENESS_SECONDS.observe, TIMER_FAILURES.inc, TIMERS_PARKED.inc)
    loop = SweepLoop(
        engine,
        Sweep(engine, dispatcher, rest_seconds=settings.sweep_seconds, meters=meters),
        seconds=settings.sweep_seconds,
        runners=max(1, settings.pool_size // 3),
        alarm=lambda workspace, in_ms: wake.alarm(workspace, time.time_ns() // 1_000_000 + in_ms),
    )
    drains, prunes = Drains(engine, dispatcher), Prunes(engine, audit_days=settings.audit_days)
    await dispatcher.start()
    tasks = {asyncio.create_task(each.run(), name=type(each).__name__) for each in (loop, drains, prunes)}
    hints = _hints(settings.redis_url, loop) if settings.redis_url else set()
    told = asyncio.create_task(stopping.wait())
    log.info("worker_started", sweep_seconds=settings.sweep_seconds)
    try:
        await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.stop()
        drains.stop()
        prunes.stop()
        await ended(told, *hints)
        done, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        await dispatcher.stop()
        await wake.close()
        log.info("worker_stopped", unfinished=len(late))
    for task in done:
        task.result()


def _hints(redis_url: str, loop: SweepLoop) -> set["asyncio.Task[None]"]:
    def due(text: str) -> None:
        if (workspace := said_workspace(text)) is not None:
            loop.wake(workspace)

    return {
        asyncio.create_task(ring(redis_url, loop.wake), name="alarms"),
        asyncio.create_task(listen(redis_url, {DUE: due}), name="due"),
    }


async def _checked(engine: AsyncEngine, stopping: asyncio.Event) -> bool:
    """Whether the database was found and keeps workspaces apart, before it was time to stop."""
    while not stopping.is_set():
        try:
            await verify_isolation(engine)
        except Exception as error:
            if not passes(error):
                raise
            log.warning("worker_database_away", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RETRY_SECONDS)
        else:
            return True
    return False


async def _main() -> int:
    stopping = asyncio.Event()

    def told() -> None:
        if stopping.is_set():
            sys.exit(1)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told)
    try:
        settings = Settings()
        configure(settings)
        await work(settings, stopping)
    except NotIsolated as error:
        log.critical("worker_not_isolated", reason=str(error))
        return 1
    return 0


def main() -> int:
    return uvloop.run(_main())


if __name__ == "__main__":
    sys.exit(main())
