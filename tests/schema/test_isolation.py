from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import NotIsolated, set_workspace, verify_isolation, workspace_transaction
from app.models import metadata, tickets, workspace_heads, workspace_slugs, workspaces
from tests.schema.rows import fill, row

OURS = UUID("0197f3a0-0000-7000-8000-00000000000a")
THEIRS = UUID("0197f3a0-0000-7000-8000-00000000000b")
GUARDED = [table for table in metadata.sorted_tables if table is not workspace_slugs]
NOT_REWRITTEN = {"audit_entries", "configurations", "decisions", "events", "identity_providers"}
NOT_FORGOTTEN = {"audit_entries", "configurations", "identity_providers"}
DENIED = "42501"
UNSET = {"42704", "22P02"}


def sqlstate(caught: pytest.ExceptionInfo[DBAPIError]) -> str:
    return str(getattr(caught.value.orig, "sqlstate", None))


@pytest.fixture
async def filled(owner_engine: AsyncEngine, app_engine: AsyncEngine) -> AsyncEngine:
    """The application's engine on a database where two workspaces have a row in every table."""
    async with owner_engine.begin() as connection:
        await fill(connection, OURS)
        await fill(connection, THEIRS)
    return app_engine


async def attempt(engine: AsyncEngine, statement: Executable) -> int | str:
    """How many rows a statement of our workspace changed, or the SQLSTATE it ended with."""
    try:
        async with workspace_transaction(engine, OURS) as connection:
            return (await connection.execute(statement)).rowcount
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", None))


async def test_a_workspace_sees_its_own_rows_only(filled: AsyncEngine) -> None:
    async with workspace_transaction(filled, OURS, read_only=True) as connection:
        seen = {table.name: set(await connection.scalars(select(table.c.workspace_id))) for table in GUARDED}

    assert seen == {table.name: {OURS} for table in GUARDED} | {"workspace_heads": {OURS, THEIRS}}


async def test_a_workspace_cannot_insert_for_another(app_engine: AsyncEngine) -> None:
    done = {table.name: await attempt(app_engine, insert(table).values(row(table, THEIRS))) for table in GUARDED}

    assert done == dict.fromkeys(done, DENIED)


async def test_a_workspace_cannot_change_rows_of_another(filled: AsyncEngine) -> None:
    done = {}
    for table in GUARDED:
        column = table.columns.keys()[-1]
        both = update(table).where(table.c.workspace_id.in_([OURS, THEIRS]))
        done[table.name] = await attempt(filled, both.values({column: table.c[column]}))

    assert done == dict.fromkeys(done, 1) | dict.fromkeys(NOT_REWRITTEN, DENIED)


async def test_a_workspace_cannot_delete_rows_of_another(filled: AsyncEngine, owner_engine: AsyncEngine) -> None:
    children_first = [table for table in reversed(metadata.sorted_tables) if table in GUARDED]
    done = {
        table.name: await attempt(filled, delete(table).where(table.c.workspace_id.in_([OURS, THEIRS])))
        for table in children_first
    }

    assert done == dict.fromkeys(done, 1) | dict.fromkeys(NOT_FORGOTTEN, DENIED)
    async with owner_engine.connect() as connection:
        left = {table.name: set(await connection.scalars(select(table.c.workspace_id))) for table in GUARDED}
    assert left == {table.name: {THEIRS} for table in GUARDED} | {name: {OURS, THEIRS} for name in NOT_FORGOTTEN}


async def test_a_row_cannot_be_given_to_another_workspace(filled: AsyncEngine) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with workspace_transaction(filled, OURS) as connection:
            await connection.execute(update(tickets).where(tickets.c.workspace_id == OURS).values(workspace_id=THEIRS, id=OURS))

    assert sqlstate(caught) == DENIED


@pytest.mark.parametrize("statement", ["TRUNCATE ticket_messages", "DROP TABLE turns", "CREATE TABLE mine (id uuid)"])
async def test_the_application_changes_rows_not_tables(statement: str, filled: AsyncEngine) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with workspace_transaction(filled, OURS) as connection:
            await connection.execute(text(statement))

    assert sqlstate(caught) == DENIED


async def test_without_a_workspace_nothing_is_read(filled: AsyncEngine) -> None:
    for table in GUARDED:
        if table is not workspace_heads:
            async with filled.connect() as connection:
                with pytest.raises(DBAPIError) as caught:
                    await connection.execute(select(table.c.workspace_id))
            assert sqlstate(caught) in UNSET, table.name


async def test_the_workspace_ends_with_its_transaction(filled: AsyncEngine) -> None:
    async with workspace_transaction(filled, OURS) as connection:
        backend = await connection.scalar(text("SELECT pg_backend_pid()"))

    backends = set()
    for _ in range(4):
        async with filled.connect() as connection:
            backends.add(await connection.scalar(text("SELECT pg_backend_pid()")))
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(select(func.count()).select_from(tickets))
        assert sqlstate(caught) in UNSET
    assert backend in backends


async def test_the_directory_and_the_heads_are_read_before_a_workspace_is_known(filled: AsyncEngine) -> None:
    async with filled.connect() as connection:
        slugs = (await connection.execute(select(workspace_slugs.c.workspace_id))).scalars().all()
        heads = (await connection.execute(select(workspace_heads.c.workspace_id))).scalars().all()

    assert set(slugs) == set(heads) == {OURS, THEIRS}


async def test_verification_passes_with_and_without_rows(app_engine: AsyncEngine, owner_engine: AsyncEngine) -> None:
    await verify_isolation(app_engine)
    async with owner_engine.begin() as connection:
        await fill(connection, OURS)
    await verify_isolation(app_engine)


async def test_verification_refuses_the_owner(owner_engine: AsyncEngine) -> None:
    with pytest.raises(NotIsolated, match="giliran_app"):
        await verify_isolation(owner_engine)


@pytest.mark.parametrize(
    ("breach", "message"),
    [
        ("ALTER TABLE workspaces DISABLE ROW LEVEL SECURITY", "no workspace"),
        (
            "ALTER POLICY own_workspace ON workspaces USING (workspace_id = current_setting('giliran.workspace')::uuid OR name <> '')",
            "another",
        ),
        ("DELETE FROM workspaces", "own row"),
    ],
)
async def test_verification_notices(breach: str, message: str, filled: AsyncEngine, owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text(breach))

    with pytest.raises(NotIsolated, match=message):
        await verify_isolation(filled)


@pytest.mark.parametrize("given", [OURS, str(OURS), OURS.hex, OURS.bytes, f"{{{str(OURS).upper()}}}"])
def test_the_setting_is_a_literal_in_one_form(given: UUID | bytes | str) -> None:
    assert set_workspace(given) == f"SET LOCAL giliran.workspace = '{OURS}'"


@pytest.mark.parametrize("given", ["", "x' ; DROP TABLE tickets; --", f"{OURS}'", b"short", "0197f3a0"])
async def test_what_is_no_uuid_never_reaches_the_database(given: bytes | str, app_engine: AsyncEngine) -> None:
    with pytest.raises(ValueError, match=r"UUID|bytes"):
        async with workspace_transaction(app_engine, given):
            pytest.fail("the transaction began")
    assert app_engine.pool.status().count("Connections in pool: 0") == 1


def test_all_tables_are_guarded() -> None:
    assert workspaces in GUARDED
    assert len(GUARDED) == len(metadata.tables) - 1
