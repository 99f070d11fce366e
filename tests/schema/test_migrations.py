import asyncio
import sys
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import alembic_config, current_revision, head_revision, make_engine, migrate, missing_role_settings
from app.models import metadata
from app.settings import Settings
from migrations.lint import complaints, offline_sql, steps
from tests.databases import Database, empty_database
from tests.schema.catalogue import ask, everything, run, shape
from tests.servers import Addresses

ROOT = Path(__file__).parents[2]

# As much of Citus as our migrations touch: it notes what was distributed, and refuses a child before its parent.
FAKE_CITUS = """
    SET allow_system_table_mods = on;
    INSERT INTO pg_extension VALUES (99999, 'citus', 10, 2200, false, '0', NULL, NULL);
    CREATE TABLE distributed (position int, name text, by text);
    CREATE FUNCTION create_distributed_table(name regclass, by text) RETURNS void LANGUAGE sql SECURITY DEFINER AS
    $$ INSERT INTO public.distributed SELECT count(*) + 1, $1::text, $2 FROM public.distributed $$;
"""


async def at_connection(url: str, action: str, revision: str) -> None:
    def act(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        getattr(command, action)(config, revision)

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(act)
    await engine.dispose()


async def test_models_equal_the_migrated_schema_for_alembic(database: Database) -> None:
    engine = create_async_engine(database.owner_url, poolclass=NullPool)
    async with engine.connect() as connection:
        differences = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    await engine.dispose()

    assert differences == []


async def test_models_equal_the_migrated_schema_in_every_check_and_option(database: Database, servers: Addresses) -> None:
    async with empty_database(servers) as made:
        engine = create_async_engine(made.owner_url, poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()

        assert await shape(made.owner_url) == await shape(database.owner_url)


async def test_up_down_up_leaves_the_same_catalogue(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        await migrate(made.owner_url)
        first = await everything(made.superuser_url)
        await at_connection(made.owner_url, "downgrade", "base")
        assert await shape(made.owner_url) == []
        await migrate(made.owner_url)

        assert await everything(made.superuser_url) == first


async def test_offline_sql_makes_the_same_schema(database: Database, servers: Addresses) -> None:
    async with empty_database(servers) as made:
        for before, after in steps():
            await run(made.owner_url, offline_sql(before, after))

        assert await everything(made.superuser_url) == await everything(database.superuser_url)


async def test_starts_that_race_migrate_once(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        program = f"import asyncio; from app.db import migrate; asyncio.run(migrate({made.owner_url!r}))"
        starts = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT) for _ in range(3)]
        assert [await start.wait() for start in starts] == [0, 0, 0]

        engine = make_engine(made.app_url, Settings(pool_size=2))
        assert await current_revision(engine) == head_revision()
        await engine.dispose()


async def test_a_database_that_was_never_migrated_has_no_revision(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        engine = make_engine(made.app_url, Settings(pool_size=2))
        assert await current_revision(engine) is None
        await engine.dispose()


async def test_an_owner_who_may_alter_the_role_gives_it_its_timeouts(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        await migrate(made.superuser_url)

        engine = make_engine(made.app_url, Settings(pool_size=2))
        assert await missing_role_settings(engine) == {}
        await engine.dispose()


async def test_where_citus_is_installed_every_table_is_distributed_parents_first(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        await run(made.superuser_url, FAKE_CITUS)
        await migrate(made.owner_url)

        names = await ask(made.superuser_url, "SELECT name FROM distributed")
        slugs = await ask(made.superuser_url, "SELECT name FROM distributed WHERE by <> 'workspace_id'")
        late_parents = await ask(
            made.superuser_url,
            """
            SELECT conname FROM pg_constraint JOIN distributed child ON child.name = conrelid::regclass::text
            JOIN distributed parent ON parent.name = confrelid::regclass::text WHERE parent.position > child.position
            """,
        )
    assert names == sorted(metadata.tables)
    assert slugs == ["workspace_slugs"]
    assert late_parents == []


async def test_offline_sql_distributes_too(servers: Addresses) -> None:
    async with empty_database(servers) as made:
        await run(made.superuser_url, FAKE_CITUS)
        for before, after in steps():
            await run(made.owner_url, offline_sql(before, after))

        assert await ask(made.superuser_url, "SELECT name FROM distributed") == sorted(metadata.tables)


def test_squawk_has_nothing_to_say() -> None:
    assert [text for before, after in steps() if (text := complaints(offline_sql(before, after), f"{after}.sql"))] == []
    assert "ban-drop-table" in complaints("DROP TABLE tickets;", "drop.sql")
