"""What is said through Valkey after a commit, and how it is heard.

All of it is hints: who hears nothing finds the same in PostgreSQL one look later. So nothing here waits, raises or
grows without bound; what cannot be said is dropped and counted.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from arq.connections import ArqRedis
from pydantic_core import from_json, to_json
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from app.tasks import ended

log = structlog.get_logger()

EVENTS, DUE = "giliran:events", "giliran:due"
JOB_QUEUE, SWEEP_JOB = "giliran:jobs", "sweep_workspace"
MOST_WORKSPACES = 10_000
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 5.0
ANSWER_SECONDS = 1.0
AWAY = (RedisError, OSError, TimeoutError)

Count = Callable[[int], None]


def job_pool(redis_url: str) -> ArqRedis:
    """Arq's connections: JSON instead of pickle, which would run what it reads; one quick retry after a restart."""
    pool: ConnectionPool = ConnectionPool.from_url(
        redis_url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[NotConnected],
    )
    return ArqRedis(pool, job_serializer=to_json, job_deserializer=from_json, default_queue_name=JOB_QUEUE)


@dataclass(slots=True)
class _Note:
    """What is to be said about one workspace: how far its log is, whether something is due, when to ring."""

    seq: int = 0
    due: bool = False
    alarm: int | None = None


class Wake:
    """Called by the dispatcher after COMMIT with (workspace, seq, next due time in ms by PostgreSQL's clock).

    Notes about one workspace are merged while one task says them. Of alarms at most one per workspace is out: a later
    one is set only when that has rung. Without a URL it does nothing. `dropped` counts the notes that were not said.
    """

    def __init__(self, redis_url: str | None, *, dropped: Count = lambda _number: None) -> None:
        self._url = redis_url
        self._dropped = dropped
        self._notes: dict[bytes, _Note] = {}
        self._alarms: dict[bytes, int] = {}
        self._noted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def __call__(self, workspace: bytes, seq: int, next_due_ms: int | None) -> None:
        if (note := self._note(workspace)) is None:
            return
        note.seq = max(note.seq, seq)
        if next_due_ms is not None:
            self._plan(note, workspace, next_due_ms)

    def due(self, workspace: bytes) -> None:
        """Something is due there now: the workers look at once."""
        if (note := self._note(workspace)) is not None:
            note.due = True

    def alarm(self, workspace: bytes, at_ms: int) -> None:
        """Ring at that time of PostgreSQL's clock, or at once when it has come."""
        if (note := self._note(workspace)) is not None:
            self._plan(note, workspace, at_ms)

    async def close(self) -> None:
        """What has been noted is still said if that takes less than a second."""
        self._closed = True
        self._noted.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=ANSWER_SECONDS)
            await ended(self._task)

    def _note(self, workspace: bytes) -> _Note | None:
        if self._url is None or self._closed:
            return None
        if workspace not in self._notes and len(self._notes) >= MOST_WORKSPACES:
            self._dropped(1)
            return None
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(self._url), name="wake")
        self._noted.set()
        return self._notes.setdefault(workspace, _Note())

    def _plan(self, note: _Note, workspace: bytes, at_ms: int) -> None:
        now = time.time_ns() // 1_000_000
        if at_ms <= now:
            note.due = True
            return
        out = self._alarms.get(workspace)
        if out is None or at_ms < out or out <= now:
            if len(self._alarms) >= MOST_WORKSPACES:
                self._alarms.pop(next(iter(self._alarms)))
            self._alarms[workspace] = note.alarm = at_ms

    async def _run(self, redis_url: str) -> None:
        pause = PAUSE_SECONDS
        redis = job_pool(redis_url)
        try:
            while await self._noted.wait():
                self._noted.clear()
                notes, self._notes = self._notes, {}
                try:
                    await _say(redis, notes)
                    pause = PAUSE_SECONDS
                except AWAY as error:
                    self._give_up(notes, error, first=pause == PAUSE_SECONDS)
                    await asyncio.sleep(0 if self._closed else pause)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                if self._closed and not self._notes:
                    return
        finally:
            with contextlib.suppress(*AWAY):
                await redis.aclose(close_connection_pool=True)

    def _give_up(self, notes: dict[bytes, _Note], error: Exception, *, first: bool) -> None:
        self._dropped(len(notes))
        for workspace, note in notes.items():
            if note.alarm is not None and self._alarms.get(workspace) == note.alarm:
                del self._alarms[workspace]
        if first:
            log.warning("wake_away", error=type(error).__name__)


async def _say(redis: ArqRedis, notes: dict[bytes, _Note]) -> None:
    async with redis.pipeline(transaction=False) as pipe:
        for workspace, note in notes.items():
            if note.due:
                pipe.publish(DUE, workspace.hex())
            if note.seq:
                pipe.publish(EVENTS, f"{workspace.hex()}:{note.seq}")
        await pipe.execute()
    for workspace, note in notes.items():
        if note.alarm is not None:
            await _set_alarm(redis, workspace.hex(), note.alarm)


async def _set_alarm(redis: ArqRedis, workspace: str, at_ms: int) -> None:
    """The id is the same in all processes, so that they set it once."""
    ring_at = datetime.fromtimestamp(at_ms / 1000, UTC)
    await redis.enqueue_job(SWEEP_JOB, workspace, _job_id=f"{SWEEP_JOB}:{workspace}:{at_ms}", _defer_until=ring_at)


async def listen(
    redis_url: str, heard: Mapping[str, Callable[[str], None]], *, connected: Callable[[], None] = lambda: None
) -> None:
    """Hands each message of a channel to its function until cancelled. `connected` is called when some may have been missed."""
    pause = PAUSE_SECONDS
    while True:
        redis: Redis = Redis.from_url(
            redis_url, decode_responses=True, socket_connect_timeout=ANSWER_SECONDS, health_check_interval=5
        )
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.subscribe(*heard)
                connected()
                while True:
                    message = await channel.get_message(timeout=1)
                    pause = PAUSE_SECONDS
                    if message is not None:
                        heard[message["channel"]](message["data"])
        except AWAY as error:
            if pause == PAUSE_SECONDS:
                log.warning("listen_away", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        finally:
            with contextlib.suppress(*AWAY):
                await redis.aclose()


def said_events(text: str) -> tuple[bytes, int] | None:
    """(workspace, seq) of a message on EVENTS; None when it is no such thing."""
    workspace, _, seq = text.partition(":")
    found = said_workspace(workspace)
    return (found, int(seq)) if found and seq.isascii() and seq.isdigit() and len(seq) < 20 else None


def said_workspace(text: str) -> bytes | None:
    """The workspace a message or a job names; None when it names none."""
    try:
        found = bytes.fromhex(text)
    except (ValueError, TypeError):
        return None
    return found if len(found) == 16 else None
