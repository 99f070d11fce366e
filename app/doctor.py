"""`giliran doctor`: what is here, what is wrong, and the way out. Starts nothing, changes nothing, prints no secret."""

import asyncio
import contextlib
import os
import platform
import stat
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import redis
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.exc import ArgumentError

from app.connections import Target, behind_pooler, connect
from app.db import MIGRATIONS, ROLE_SETTINGS
from app.embedded import EmbeddedError, binaries, data_dir, owner, postgres, processes, roles, secrets
from app.embedded.ports import LOOPBACK, pick
from app.settings import Settings

CONNECT_SECONDS = 5
LOG_SECONDS = 30
SAFETY_WAY_OUT = (
    "Switch it on (ALTER SYSTEM SET {0} = on; SELECT pg_reload_conf()): without it a power cut loses accepted tickets."
)
POOLER_WAY_OUT = "Add ?pgbouncer=true to DATABASE_URL: a prepared statement would be missing on the next server it hands out."
ROLE_WAY_OUT = "Let DATABASE_URL name a plain role (ALTER ROLE {0} NOSUPERUSER NOBYPASSRLS), the owner in DATABASE_OWNER_URL."
GAPS = """
SELECT h.workspace_id::text AS workspace, h.last_seq, e.number, e.first, e.last
FROM workspace_heads h
LEFT JOIN LATERAL (
    SELECT count(*) AS number, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last
    FROM events WHERE events.workspace_id = h.workspace_id
) e ON true
WHERE e.last <> h.last_seq OR e.number <> e.last - e.first + 1
ORDER BY 1 LIMIT 5
"""


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    found: str
    way_out: str = ""


def run(settings: Settings, console: Console | None = None) -> int:
    """Prints the table; 1 when something fails, else 0."""
    console = console or Console(highlight=False, width=None if sys.stdout.isatty() else 220)
    checks = list(examine(settings))
    table = Table(*(Column(name, overflow="fold") for name in ("check", "state", "found", "way out")), box=None, pad_edge=False)
    colours = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}
    for check in checks:
        found, way_out = (text.replace("[", r"\[") for text in (check.found, check.way_out))
        table.add_row(check.name, f"[{colours[check.state]}]{check.state}[/]", found, way_out)
    console.print(table)
    return int(any(check.state is State.FAIL for check in checks))


def examine(settings: Settings) -> Iterator[Check]:
    yield _python()
    if settings.database_url is None or settings.redis_url is None:
        path = settings.data_dir.absolute()
        if os.access(path, os.F_OK) and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            yield Check("data folder", State.FAIL, f"{path} belongs to another user", "Ask as the user who runs Giliran.")
            return
        yield from _embedded(settings)
    yield from _redis(settings)
    yield from asyncio.run(_databases(settings))


def _python() -> Check:
    return Check("Python", State.OK, f"{platform.python_version()} in {sys.prefix}")  # an older one cannot import this file


def _guarded(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, State.OK, look())
    except EmbeddedError as error:
        return Check(name, State.FAIL, error.message, error.way_out)


def _embedded(settings: Settings) -> Iterator[Check]:
    folder = data_dir.find(settings.data_dir)
    if settings.database_url is None:
        yield _guarded("PostgreSQL programs", lambda: _postgres_programs(settings, folder))
    if settings.redis_url is None:
        yield _guarded("Valkey program", lambda: f"{(valkey := binaries.find_valkey()).version} in {valkey.program.parent}")
    yield _folder(folder)
    if folder.path.exists():
        yield _password_file(folder)
        yield from _running(settings, folder)


def _postgres_programs(settings: Settings, folder: data_dir.DataDir) -> str:
    found = binaries.find_postgres(settings.postgres_bin)
    postgres.check_version(folder.postgres, found)
    user = owner.choose(folder.postgres)
    return f"{found.version} in {found.bin}, run as {user.name}"


def _folder(folder: data_dir.DataDir) -> Check:
    if not folder.path.exists():
        return Check("data folder", State.OK, f"{folder.path} does not exist yet; giliran run makes it")
    status = folder.path.stat()
    version = postgres.data_version(folder.postgres)
    elsewhere = f", data in {folder.home}" if folder.home != folder.path else ""
    made_by = f", PostgreSQL {version}" if version else ", no database yet"
    found = f"{folder.path}{elsewhere}{made_by}, user id {status.st_uid}, mode {stat.S_IMODE(status.st_mode):04o}"
    if status.st_mode & 0o066:
        return Check("data folder", State.WARN, found, f"Others can look into it: chmod go-rw {folder.path}")
    return Check("data folder", State.OK, found)


def _password_file(folder: data_dir.DataDir) -> Check:
    path = folder.passwords
    if not path.exists():
        lost = folder.postgres.exists()
        way_out = "Restore it from a backup: the database was made with these passwords." if lost else ""
        return Check("password file", State.FAIL if lost else State.OK, f"{path.name} is not there", way_out)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check("password file", State.FAIL, f"{path.name} has mode {mode:04o}: others can read it", f"chmod 600 {path}")
    return Check("password file", State.OK, f"{path.name}, mode {mode:04o}")


def _running(settings: Settings, folder: data_dir.DataDir) -> Iterator[Check]:
    holder = data_dir.holder(folder.path)
    servers = processes.working_in(folder.postgres, "postgres")
    if holder is not None:
        yield Check("servers", State.OK, f"run by process {holder}, {_port(folder) or 'no'} is PostgreSQL's port")
        return
    if servers:
        yield Check(
            "servers", State.WARN, f"left over from a run that was killed: {servers[0]}", "The next giliran run ends them."
        )
    elif postgres.postmaster_pid(folder.postgres):
        yield Check("servers", State.OK, "not running; a stale postmaster.pid, which the next giliran run removes")
    else:
        yield Check("servers", State.OK, "not running")
    for port, setting in (
        (settings.postgres_port, "POSTGRES_PORT"),
        (settings.valkey_port, "VALKEY_PORT"),
        (settings.port, "PORT"),
    ):
        if port:
            yield _free_port(port, f"GILIRAN_{setting}")


def _free_port(port: int, setting: str) -> Check:
    return _guarded(f"port {port}", lambda: f"{pick(port, what=setting, setting=setting)} is free")


def _port(folder: data_dir.DataDir) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((folder.postgres / "postmaster.pid").read_text().splitlines()[3])
    return None


def _redis(settings: Settings) -> Iterator[Check]:
    if settings.redis_url is None:
        return
    where = _where(settings.redis_url)
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS)
    try:
        client.ping()
        yield Check("Redis", State.OK, f"answers at {where}")
    except (RedisError, ValueError) as error:
        yield Check(
            "Redis", State.FAIL, f"{where}: {type(error).__name__}: {error}", "Check REDIS_URL, its password and the network."
        )
    finally:
        client.close()


async def _databases(settings: Settings) -> list[Check]:
    application = settings.database_url or _embedded_url(settings, roles.APPLICATION)
    owners = settings.owner_url or _embedded_url(settings, roles.OWNER)
    if not application or not owners:
        return []
    checks: list[Check] = []
    try:
        async with _connected(application) as connection:
            pgbouncer = Target.of(application).pgbouncer
            checks += await _server(connection, _where(application), pgbouncer=pgbouncer, pooled=await behind_pooler(connection))
            checks += [await _role(connection), await _timeouts(connection)]
        async with _connected(owners) as connection:
            checks.append(await _migrations(connection))
            checks.append(await _log(connection))
    except (OSError, TimeoutError, ValueError, ArgumentError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        found = f"{_where(application)}: {type(error).__name__}: {error}"
        checks.append(
            Check("database", State.FAIL, found, "Check DATABASE_URL, DATABASE_OWNER_URL, their passwords and the network.")
        )
    return checks


def _embedded_url(settings: Settings, role: str) -> str | None:
    folder = data_dir.find(settings.data_dir)
    if data_dir.holder(folder.path) is None or (port := _port(folder)) is None or not folder.passwords.exists():
        return None
    password = getattr(secrets.load_or_create(folder.passwords, needed_by=folder.postgres / "PG_VERSION"), role)
    return f"postgresql://{role}:{password}@{LOOPBACK}:{port}/{roles.DATABASE}"


@contextlib.asynccontextmanager
async def _connected(url: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    connection = await connect(url, timeout=CONNECT_SECONDS, command_timeout=LOG_SECONDS)
    try:
        yield connection
    finally:
        await connection.close()


async def _server(connection: "asyncpg.Connection[Any]", where: str, *, pgbouncer: bool, pooled: bool) -> list[Check]:
    checks = [Check("database", State.OK, f"PostgreSQL {await connection.fetchval('SHOW server_version')} at {where}")]
    if pooled and not pgbouncer:
        checks.append(Check("pooler", State.FAIL, "a pooler is in between", POOLER_WAY_OUT))
    for name in postgres.SAFE:
        value = await connection.fetchval("SELECT current_setting($1, true)", name)
        safe = value != "off" and (name != "synchronous_commit" or value in {"on", "remote_apply", "remote_write", "local"})
        checks.append(Check(name, State.OK if safe else State.FAIL, value, "" if safe else SAFETY_WAY_OUT.format(name)))
    return checks


async def _role(connection: "asyncpg.Connection[Any]") -> Check:
    row = await connection.fetchrow(
        "SELECT rolname, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')) AS owned "
        "FROM pg_roles r WHERE rolname = current_user"
    )
    wrong = [
        text for text, holds in (("is superuser", row["rolsuper"]), ("bypasses row-level security", row["rolbypassrls"])) if holds
    ]
    if row["owned"]:
        wrong.append(f"owns {row['owned']} tables, so row-level security does not hold for it")
    if wrong:
        return Check(
            "application's role", State.FAIL, f"{row['rolname']} {' and '.join(wrong)}", ROLE_WAY_OUT.format(row["rolname"])
        )
    return Check("application's role", State.OK, f"{row['rolname']}: no superuser, no BYPASSRLS, owns nothing")


async def _timeouts(connection: "asyncpg.Connection[Any]") -> Check:
    asked = {name: await connection.fetchval("SELECT current_setting($1, true)", name) for name in ROLE_SETTINGS}
    found = {name: value for name, value in asked.items() if value is not None}  # the others are of a newer version
    said = ", ".join(f"{name} {value}" for name, value in found.items())
    if found == {name: ROLE_SETTINGS[name] for name in found}:
        return Check("timeouts", State.OK, said)
    way_out = "; ".join(f"ALTER ROLE CURRENT_USER SET {name} = '{value}'" for name, value in ROLE_SETTINGS.items())
    return Check("timeouts", State.WARN, said, f"As the application's role: {way_out}")


async def _migrations(connection: "asyncpg.Connection[Any]") -> Check:
    try:
        heads = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    except CommandError as error:
        return Check("migrations", State.WARN, str(error))
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return Check("migrations", State.WARN, "none has run", "giliran run brings the database up to date.")
    present = {row["version_num"] for row in await connection.fetch("SELECT version_num FROM alembic_version")}
    if present == heads:
        return Check("migrations", State.OK, f"up to date at {', '.join(sorted(present)) or 'nothing'}")
    found = f"database at {', '.join(sorted(present)) or 'nothing'}, code at {', '.join(sorted(heads)) or 'nothing'}"
    return Check(
        "migrations", State.FAIL, found, "giliran run brings the database up to date; an older release needs its own database."
    )


async def _log(connection: "asyncpg.Connection[Any]") -> Check:
    name = "event log"
    if await connection.fetchval("SELECT to_regclass('events') IS NULL OR to_regclass('workspace_heads') IS NULL"):
        return Check(name, State.OK, "no tables yet")
    try:
        gaps = await connection.fetch(GAPS)
    except TimeoutError:
        return Check(name, State.WARN, f"not counted within {LOG_SECONDS} s")
    if not gaps:
        number = await connection.fetchval("SELECT count(*) FROM workspace_heads")
        return Check(name, State.OK, f"no gap in {number} workspaces")
    found = "; ".join(
        f"workspace {row['workspace']}: {row['number']} events from {row['first']} to {row['last']}, head says {row['last_seq']}"
        for row in gaps
    )
    return Check(name, State.FAIL, found, "Stop Giliran and restore the last backup; keep this folder for the report.")


def _where(url: str) -> str:
    """The address without user and password."""
    if url.startswith("postgres"):
        with contextlib.suppress(ArgumentError):
            return Target.of(url).shown
        return "DATABASE_URL"
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}{parts.path}" if parts.port else f"{parts.hostname}{parts.path}"
