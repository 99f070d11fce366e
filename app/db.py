"""Connections, transactions of one workspace, migrations, and the proof that workspaces are apart.

What a URL may hold (several hosts, `?pgbouncer=true`) is told in app.connections.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, ExceptionContext, NullPool, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.connections import Primary, Target, ask_before_use, connect_arguments, doubt
from app.settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"
POOL_TIMEOUT_SECONDS = 0.9  # whoever finds no connection is told so within two seconds
CONNECT_TIMEOUT_SECONDS = 3
COMMAND_TIMEOUT_SECONDS = 4
ROLE_SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "3s",
    "transaction_timeout": "10s",  # from version 17 on
}

_LAST_WORDS = frozenset({"57P01", "57P02"})  # admin_shutdown, crash_shutdown


class NotIsolated(RuntimeError):  # noqa: N818  (named as the situation)
    """The application's role can see more than the workspace it has set: it must not serve anybody."""


def make_engine(url: str, settings: Settings) -> AsyncEngine:
    """A pool of `settings.pool_size` connections. Session settings belong to the role, so none is sent at connect.

    A connection is given up after 3 s and a command after 4 s, and then all connections of the pool are taken as lost: a
    server that froze or a network that went silent tells nobody. Connections to another machine are besides asked before
    use, and of several hosts the primary is found.
    """
    target = Target.of(url)
    primary = Primary(target)
    arguments = connect_arguments(target, primary) | {
        "timeout": CONNECT_TIMEOUT_SECONDS,
        "command_timeout": COMMAND_TIMEOUT_SECONDS,
    }
    engine = create_async_engine(
        target.url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args=arguments,
        json_serializer=_dump_json,
        json_deserializer=from_json,
    )
    event.listen(engine.sync_engine, "handle_error", _is_a_loss)
    if target.elsewhere:
        ask_before_use(engine, primary)
    return engine


def _is_a_loss(context: ExceptionContext) -> None:
    """Silence, and the last word of a backend that ends: its connection is not closed yet when that is read."""
    error = context.original_exception
    if isinstance(error, TimeoutError) or getattr(error, "sqlstate", None) in _LAST_WORDS:
        context.is_disconnect = True


def _dump_json(value: object) -> str:
    return to_json(value).decode()


@asynccontextmanager
async def workspace_transaction(
    engine: AsyncEngine, workspace_id: UUID | bytes | str, *, read_only: bool = False
) -> AsyncIterator[AsyncConnection]:
    """One transaction that sees `workspace_id` only; committed when the block ends, rolled back when it raises.

    With `read_only` all its statements see one snapshot. A connection that turns out to have died while nobody used it is
    replaced, once. Raises ValueError when the id is no UUID.
    """
    statement = set_workspace(workspace_id)
    try:
        connection, until_closed = await _opened(engine, statement, read_only=read_only)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        connection, until_closed = await _opened(engine, statement, read_only=read_only)
    async with until_closed:
        yield connection


async def _opened(engine: AsyncEngine, statement: str, *, read_only: bool) -> tuple[AsyncConnection, AsyncExitStack]:
    async with AsyncExitStack() as held:
        connection = await held.enter_async_context(engine.connect())
        if read_only:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        await held.enter_async_context(connection.begin())
        await held.enter_async_context(_doubted_when_silent(connection))
        await connection.exec_driver_sql(statement)
        return connection, held.pop_all()


@asynccontextmanager
async def _doubted_when_silent(connection: AsyncConnection) -> AsyncIterator[None]:
    """A timeout too: without this the rollback would wait for the same silent server."""
    try:
        yield
    except OSError:
        if not connection.invalidated:
            await doubt(connection)
        raise


def set_workspace(workspace_id: UUID | bytes | str) -> str:
    """The statement that opens a workspace: a literal, because on Citus `set_config(…)` sees no rows in silence."""
    if isinstance(workspace_id, str):
        workspace_id = UUID(workspace_id)
    elif isinstance(workspace_id, bytes):
        workspace_id = UUID(bytes=workspace_id)
    return f"SET LOCAL giliran.workspace = '{UUID(int=workspace_id.int)}'"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def head_revision() -> str:
    """The revision this code is written for."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision the database is at; None when it was never migrated. The application's role may ask."""
    try:
        return await _revision(engine)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return await _revision(engine)  # on a connection that did not die while nobody used it


async def _revision(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version') IS NULL")):
            return None
        revision: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


async def migrate(owner_url: str, revision: str = "head") -> None:
    """Brings the database up to `revision`. Several processes may call it at once: the first does it, the others wait.

    Within one process one call at a time: alembic keeps what it is doing in module globals.
    """
    target = Target.of(owner_url)
    engine = create_async_engine(target.url, poolclass=NullPool, connect_args=connect_arguments(target, Primary(target)))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def missing_role_settings(engine: AsyncEngine) -> dict[str, str]:
    """Timeouts that the application's role should have and does not, because the owner might not alter it.

    One that the server does not know is not missed.
    """
    async with engine.connect() as connection:
        found = {
            name: await connection.scalar(text("SELECT current_setting(:name, true)"), {"name": name}) for name in ROLE_SETTINGS
        }
    return {name: wanted for name, wanted in ROLE_SETTINGS.items() if found[name] not in {wanted, None}}


async def verify_isolation(engine: AsyncEngine) -> None:
    """Proves at start that a known row is seen, a foreign one is not, and that a missing setting is an error.

    An empty database has no known row; the rest is checked all the same. Raises NotIsolated.
    """
    async with engine.connect() as connection:
        if await connection.scalar(text(_TOO_MIGHTY)):
            raise NotIsolated("The application's role owns tables or is above row-level security; use giliran_app")
        known: UUID | None = await connection.scalar(text(_ANY_WORKSPACE))
    if not await _is_refused_without_workspace(engine):
        raise NotIsolated("A transaction that has set no workspace can read")
    if known is None:
        return
    if not await _sees(engine, known, as_workspace=known):
        raise NotIsolated("A workspace does not see its own row")
    if await _sees(engine, known, as_workspace=uuid4()):
        raise NotIsolated("A workspace sees the row of another one")


_TOO_MIGHTY = """
    SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p'))
    FROM pg_roles r WHERE rolname = current_user
"""
_ANY_WORKSPACE = "SELECT workspace_id FROM workspace_heads ORDER BY workspace_id LIMIT 1"
_UNKNOWN_SETTING, _NOT_A_UUID = "42704", "22P02"  # the latter where an earlier transaction of the connection had set it


async def _is_refused_without_workspace(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        try:
            await connection.execute(text("SELECT workspace_id FROM workspaces WHERE workspace_id = :any"), {"any": uuid4()})
        except DBAPIError as error:
            return getattr(error.orig, "sqlstate", None) in {_UNKNOWN_SETTING, _NOT_A_UUID}
        return False


async def _sees(engine: AsyncEngine, known: UUID, *, as_workspace: UUID) -> bool:
    async with workspace_transaction(engine, as_workspace, read_only=True) as connection:
        rows = await connection.execute(text("SELECT 1 FROM workspaces WHERE workspace_id = :known"), {"known": known})
        return rows.first() is not None
