"""What a database says about its own tables, as text that can be compared, and what in it breaks the rules of growth."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

OF_OURS = "n.nspname = 'public' AND c.relname NOT IN ('alembic_version', 'workspace_slugs')"

# Each gives the offenders of one rule; an empty answer is a schema that may grow past one machine.
OFFENDERS = {
    "workspace_id is the first column, a uuid and not null": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OF_OURS} AND NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = 1
            AND a.attname = 'workspace_id' AND a.atttypid = 'uuid'::regtype AND a.attnotnull)
    """,
    "every table has a primary key": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OF_OURS}
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
    """,
    "every key, unique or exclusion index begins with workspace_id": f"""
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_OURS} AND (i.indisunique OR i.indisexclusion) AND i.indkey[0] <> 1
    """,
    "every other index too, but the sweep's": f"""
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_OURS} AND i.indkey[0] <> 1 AND i.indexrelid::regclass::text <> 'ix_workspace_heads_due'
    """,
    "every foreign key pairs workspace_id with workspace_id first": f"""
        SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_OURS} AND k.contype = 'f' AND NOT (k.conkey[1] = 1 AND k.confkey[1] = 1 AND EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = 1 AND a.attname = 'workspace_id'))
    """,
    "a foreign key does nothing or cascades": """
        SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('a', 'c')
    """,
    "what is deferrable is deferred": "SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred",
    "no sequence, no identity": """
        SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attidentity <> '' AND c.relnamespace = 'public'::regnamespace
    """,
    "no trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "a default is a constant": """
        SELECT adrelid::regclass || ': ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef
        WHERE pg_get_expr(adbin, adrelid) !~ '^(true|false|-?\\d+|''[^'']*''(::[a-z0-9 \\[\\]]+)?)$'
    """,
    "no extension but btree_gist": """
        SELECT extname FROM pg_extension WHERE extname NOT IN ('plpgsql', 'btree_gist', 'citus', 'citus_columnar')
    """,
    "row-level security is enabled": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OF_OURS} AND NOT c.relrowsecurity
    """,
    "row-level security is never forced": "SELECT relname FROM pg_class WHERE relforcerowsecurity",
    "a policy compares workspace_id with the setting, for giliran_app alone; all heads may be read": """
        SELECT tablename || '.' || policyname FROM pg_policies WHERE NOT (
            permissive = 'PERMISSIVE' AND roles = '{giliran_app}'
            AND COALESCE(qual, with_check) IN (SELECT own) AND COALESCE(with_check, qual) IN (SELECT own)
            OR tablename = 'workspace_heads' AND policyname = 'any_workspace' AND cmd = 'SELECT' AND qual = 'true')
    """.replace("SELECT own", "'(workspace_id = (current_setting(''giliran.workspace''::text))::uuid)'"),
    "every table has a policy": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OF_OURS} AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
    """,
    "giliran_app owns nothing": """
        SELECT 'table ' || relname FROM pg_class WHERE relowner = 'giliran_app'::regrole
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspowner = 'giliran_app'::regrole
        UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proowner = 'giliran_app'::regrole
        UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datdba = 'giliran_app'::regrole
    """,
    "giliran_app has no rights above its own": """
        SELECT rolname FROM pg_roles WHERE rolname = 'giliran_app'
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
        UNION ALL SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'giliran_app'::regrole
    """,
    "giliran_app may not truncate, refer to or put triggers on a table, nor may everybody do anything": """
        SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
        WHERE table_schema = 'public' AND (grantee = 'PUBLIC' OR grantee = 'giliran_app'
        AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
    """,
    "the log, configurations and the directory are not rewritten": """
        SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'giliran_app' AND (
            table_name IN ('configurations', 'decisions', 'events') AND privilege_type = 'UPDATE'
            OR table_name = 'audit_entries' AND privilege_type NOT IN ('SELECT', 'INSERT')
            OR table_name IN ('workspace_slugs', 'alembic_version') AND privilege_type <> 'SELECT')
    """,
}

SHAPE = """
    SELECT c.relname || ' column ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT conrelid::regclass || ' constraint ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename || ' index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT relname || ' options ' || reloptions::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
"""

RIGHTS = """
    SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity || ' ' || COALESCE(relacl::text, '') FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'S') AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT tablename || ' policy ' || policyname || ' ' || roles::text || ' ' || cmd
        || COALESCE(' using ' || qual, '') || COALESCE(' check ' || with_check, '') FROM pg_policies
"""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        yield connection
    finally:
        await connection.close()


async def ask(url: str, query: str) -> list[str]:
    """The first column of the answer, in order."""
    async with connected(url) as connection:
        return sorted(str(row[0]) for row in await connection.fetch(query))


async def run(url: str, statements: str) -> None:
    """Several statements in one text, as psql would."""
    async with connected(url) as connection:
        await connection.execute(statements)


async def shape(url: str) -> list[str]:
    """Tables, columns, constraints, indexes and storage options, without alembic's own table."""
    return [line for line in await ask(url, SHAPE) if not line.startswith("alembic_version ")]


async def everything(url: str) -> list[str]:
    return await shape(url) + await ask(url, RIGHTS)
