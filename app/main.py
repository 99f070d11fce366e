"""The API's composition root: `python -m app.main` serves it, tests build it with services of their own."""

import gc
import logging
import resource
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from app import logs
from app.api.app import build
from app.api.context import Services
from app.api.protocol import SPARE_DESCRIPTORS, BoundedProtocol
from app.api.routers import ROUTERS, THIN
from app.connectors.issuers import Issuers
from app.db import NotIsolated, make_engine, verify_isolation
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.tail import Tails
from app.dispatch.wake import Wake
from app.engine.ids import WorkspaceId
from app.services.denials import Denials
from app.services.keys import KeyRing
from app.services.limiting import Limiter, Turns
from app.services.sign_in import SignIns
from app.settings import Settings
from app.telemetry import TAILS_POLLED, WAKES_DROPPED

OPEN_REQUEST_SECONDS = 4  # the supervisor allows six for all
IDLE_SECONDS = 15
BACKLOG = 2048
DESCRIPTORS = 65_536
COLLECT_AFTER = (50_000, 50, 100)  # a batch makes thousands of objects that counting alone frees; few are cycles

log = structlog.get_logger()


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """The application. With `services` it uses those and owns nothing; without, its lifespan starts and stops them."""
    app = build(settings, ROUTERS, None if services else _lifespan(settings), THIN)
    if services is not None:
        app.state.giliran = services
    return app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Services]:
    """Everything a request needs, started; afterwards what was begun is finished. Raises NotIsolated."""
    if settings.database_url is None:
        raise RuntimeError("DATABASE_URL is not set; giliran run starts a database and the API with it")
    engine = make_engine(settings.database_url, settings)
    wake = Wake(settings.redis_url, dropped=WAKES_DROPPED.inc)
    tails = Tails(engine, settings.redis_url, polled=TAILS_POLLED.inc)
    dispatcher = Dispatcher(engine, wake=_said_to(wake, tails), kept_workspaces=settings.kept_workspaces)
    keys = KeyRing(engine)
    denials = Denials(engine)
    issuers = Issuers()
    limiter = Limiter(settings)
    reads = Turns(connections_for_reads(settings.pool_size))
    try:
        await verify_isolation(engine)
        await dispatcher.start()
        await keys.start()
        await denials.start()
        limiter.sharing.start()
        yield Services(
            settings, engine, dispatcher, tails, wake, keys, denials, SignIns(engine, issuers), limiter, reads, time.time()
        )
    finally:
        await tails.close()
        await dispatcher.stop()
        await wake.close()
        await keys.stop()
        await denials.stop()
        await issuers.close()
        await limiter.sharing.stop()
        await engine.dispose()


def connections_for_reads(pool_size: int) -> int:
    """Half the pool writes, one connection looks up keys and new events, the rest reads."""
    return max(1, pool_size - pool_size // 2 - 1)


def _said_to(wake: Wake, tails: Tails) -> Callable[[WorkspaceId, int, int | None], None]:
    def said(workspace: WorkspaceId, seq: int, next_due_ms: int | None) -> None:
        tails.hint(workspace, seq)
        wake(workspace, seq, next_due_ms)

    return said


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with serving(settings) as services:
                app.state.giliran = services
                log.info("api_started")
                yield
        except Exception as error:
            reason = str(error) if isinstance(error, NotIsolated) else None  # others may quote an address
            log.critical("api_failed", error=type(error).__name__, reason=reason)
            raise
        log.info("api_stopped")

    return lifespan


class _Server(uvicorn.Server):
    """Answers those who wait for events before it waits for their connections to end."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        services: Services | None = getattr(self._app.state, "giliran", None)
        if services is not None:
            await services.tails.close()
        await super().shutdown(sockets)


def configuration(settings: Settings, app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=OPEN_REQUEST_SECONDS,
        server_header=False,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
    )


def main() -> int:
    settings = Settings()
    logs.configure(settings)
    gc.set_threshold(*COLLECT_AFTER)
    BoundedProtocol.most_connections = _most_connections()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)  # uvicorn takes them while it serves, and passes them on when it has stopped
    app = create_app(settings)
    server = _Server(configuration(settings, app), app)
    server.run(_sockets(settings))
    return 0 if server.started else 1


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _sockets(settings: Settings) -> list[socket.socket] | None:
    """The supervisor's socket with its own family: uvicorn would take it for a Unix one, and nobody had an address."""
    return None if settings.listen_fd is None else [socket.socket(fileno=settings.listen_fd)]


def _most_connections() -> int:
    """As many as there are file descriptors for, less what the process needs itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted - SPARE_DESCRIPTORS, 50)


if __name__ == "__main__":
    sys.exit(main())
