"""The two roles and the database: `giliran_owner` owns the tables, `giliran_app` may only use them."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import asyncpg

from app.embedded.errors import EmbeddedError
from app.embedded.ports import LOOPBACK
from app.embedded.secrets import Passwords
from migrations.application_role import set_statements

DATABASE = "giliran"
OWNER = "giliran_owner"
APPLICATION = "giliran_app"
NO_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def ensure(port: int, passwords: Passwords) -> None:
    """Makes what is missing, and sets rights and passwords to what they must be. May be called again at any time."""
    _run(_ensure(port, passwords))


async def _ensure(port: int, passwords: Passwords) -> None:
    try:
        connection = await asyncpg.connect(
            host=LOOPBACK, port=port, user="postgres", database="postgres", password=passwords.postgres, ssl=False
        )
    except asyncpg.InvalidPasswordError as error:
        raise EmbeddedError(
            "The embedded PostgreSQL does not accept the password in passwords.json",
            "Restore the passwords.json that this database was made with.",
        ) from error
    try:
        await connection.execute("SET log_statement = 'none'; SET log_min_error_statement = 'panic'")  # they hold passwords
        for role, password in ((OWNER, passwords.giliran_owner), (APPLICATION, passwords.giliran_app)):
            exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
            verb = "ALTER" if exists else "CREATE"
            await connection.execute(f"{verb} ROLE {role} {NO_RIGHTS} PASSWORD '{password}'")
        version = int(await connection.fetchval("SHOW server_version_num"))
        for statement in set_statements(version):  # the owner may not alter a role, so migrations could not
            await connection.execute(statement)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'")
        await connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        await connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}")
    finally:
        await connection.close()


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own, because the caller may be inside a running event loop."""
    failed: list[BaseException] = []

    def body() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            failed.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
