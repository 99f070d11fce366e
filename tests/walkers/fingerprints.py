"""A hash of everything that is stored, so that "nothing was written" can be shown."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_TABLES = text("""
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
""")
_USED = " - 'last_used_at'"  # of keys: that one was used is written down, and is the only trace a read may leave
_DENIED = " WHERE outcome <> 'denied'"  # of the audit: that somebody tried is told by and by


async def fingerprints(owner: AsyncEngine) -> dict[str, str]:
    """A hash for each table; heads with their last_seq are among them."""
    async with owner.connect() as connection:
        names = (await connection.execute(_TABLES)).scalars().all()
        parts = " UNION ALL ".join(_hash_of(str(name)) for name in names)
        return {row.name: row.hash for row in await connection.execute(text(parts))}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Names of the tables that are not as they were."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _hash_of(table: str) -> str:
    row = f"to_jsonb(t){_USED if table == 'api_keys' else ''}"
    return (
        f"SELECT '{table}' AS name, md5(coalesce(string_agg(md5(({row})::text), '' ORDER BY md5(({row})::text)), '')) AS hash"
        f" FROM {table} t{_DENIED if table == 'audit_entries' else ''}"
    )
