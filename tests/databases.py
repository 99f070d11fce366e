"""A database per test: made from one migrated template, so that a test may commit what it likes.

    async with fresh_database(servers) as database:
        engine = make_engine(database.app_url, Settings())

The template's name carries a digest of the migrations, and a lock guards its making:
any number of pytest-xdist workers share one template.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from app.db import MIGRATIONS, migrate

APPLICATION = "giliran_app"


class Servers(Protocol):
    """Addresses of a PostgreSQL as the owner of the tables, as the application and as a superuser."""

    @property
    def owner_url(self) -> str: ...
    @property
    def app_url(self) -> str: ...
    @property
    def superuser_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Database:
    """Addresses of one database, for SQLAlchemy."""

    name: str
    owner_url: str
    app_url: str
    superuser_url: str


def at(servers: Servers, name: str) -> Database:
    def url(address: str) -> str:
        return make_url(address).set(database=name).render_as_string(hide_password=False)

    return Database(name, url(servers.owner_url), url(servers.app_url), url(servers.superuser_url))


async def template(servers: Servers) -> str:
    """The name of the migrated template; made by whoever comes first."""
    name = f"giliran_template_{_digest()}"
    if name in _known(servers.superuser_url):
        return name
    async with administrator(servers) as connection:
        await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
        if not await connection.fetchval("SELECT datistemplate FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await create(servers, connection, name, "template0")
            await migrate(at(servers, name).owner_url)
            await connection.execute(f"ALTER DATABASE {name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
    _known(servers.superuser_url).add(name)
    return name


@asynccontextmanager
async def fresh_database(servers: Servers) -> AsyncIterator[Database]:
    """A migrated, empty database that is dropped afterwards, whoever is still connected."""
    async with empty_database(servers, await template(servers)) as database:
        yield database


@asynccontextmanager
async def empty_database(servers: Servers, of: str = "template0") -> AsyncIterator[Database]:
    """A copy of the template `of`: by default a database that has not been migrated."""
    name = f"giliran_test_{uuid4().hex}"
    async with administrator(servers) as connection:
        await create(servers, connection, name, of)
    try:
        yield at(servers, name)
    finally:
        async with administrator(servers) as connection:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def create(servers: Servers, connection: "asyncpg.Connection[asyncpg.Record]", name: str, of: str) -> None:
    owner = make_url(servers.owner_url).username
    await connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {of}")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {APPLICATION}")


@asynccontextmanager
async def administrator(servers: Servers) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to the server's own database, beside the tests' ones."""
    url = make_url(servers.superuser_url).set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


@cache
def _digest() -> str:
    files = sorted(path for path in MIGRATIONS.rglob("*.py") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


@cache
def _known(_superuser_url: str) -> set[str]:
    return set()
