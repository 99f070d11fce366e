"""arq, kept alive: it rings the alarms that `dispatch.wake` has set, and stops for good whenever Redis goes away.

So each loss of Redis is the end of one arq worker and the start of the next. A job names a function of a closed list.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, cast

import structlog
from arq.worker import Worker, func
from pydantic_core import from_json, to_json

from app.dispatch.wake import AWAY, JOB_QUEUE, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, SWEEP_JOB, job_pool, said_workspace

log = structlog.get_logger()

JOB_SECONDS = 5
LOOK_SECONDS = 0.1

Wakes = Callable[[bytes], None]


async def sweep_workspace(context: dict[str, Any], workspace: str) -> None:
    """An alarm rings: something is due there."""
    if (found := said_workspace(workspace)) is not None:
        context["wakes"](found)


async def ring(redis_url: str, wakes: Wakes) -> None:
    """Runs arq until cancelled."""
    logging.getLogger("arq").setLevel(logging.ERROR)
    pause = PAUSE_SECONDS
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await _run(redis_url, wakes)
        except Exception as error:  # noqa: BLE001  (whatever ends arq, it is started again)
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_SECONDS:
                pause = PAUSE_SECONDS
            if pause == PAUSE_SECONDS:
                log.warning("jobs_away", error=type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def _run(redis_url: str, wakes: Wakes) -> None:
    pool = job_pool(redis_url)
    worker = Worker(
        functions=[func(cast("Any", sweep_workspace), name=SWEEP_JOB)],
        queue_name=JOB_QUEUE,
        redis_pool=pool,
        handle_signals=False,
        job_timeout=JOB_SECONDS,
        keep_result=0,
        poll_delay=LOOK_SECONDS,
        max_tries=3,
        log_results=False,
        job_serializer=to_json,
        job_deserializer=from_json,
        ctx={"wakes": wakes},
    )
    try:
        await worker.async_run()
    finally:
        jobs = [*worker.tasks.values(), *worker.job_tasks.values(), *filter(None, [worker.main_task])]
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        with contextlib.suppress(*AWAY):
            await pool.aclose(close_connection_pool=True)
