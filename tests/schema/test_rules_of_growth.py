"""The migrated schema keeps the rules that let it be distributed by workspace, and each check can see a breach."""

from tests.databases import Database
from tests.schema.catalogue import OFFENDERS, connected

BREACHES = {
    "workspace_id is the first column, a uuid and not null": "CREATE TABLE bad (id uuid PRIMARY KEY)",
    "every table has a primary key": "CREATE TABLE bad (workspace_id uuid NOT NULL)",
    "every key, unique or exclusion index begins with workspace_id": "CREATE UNIQUE INDEX bad ON tickets (id)",
    "every other index too, but the sweep's": "CREATE INDEX bad ON tickets (queue_id)",
    "every foreign key pairs workspace_id with workspace_id first": """
        CREATE TABLE lookups (id uuid PRIMARY KEY);
        ALTER TABLE tickets ADD CONSTRAINT bad FOREIGN KEY (id) REFERENCES lookups
    """,
    "a foreign key does nothing or cascades": """
        ALTER TABLE tickets ADD CONSTRAINT bad
        FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE SET NULL
    """,
    "what is deferrable is deferred": "ALTER TABLE agents ADD CONSTRAINT bad UNIQUE (workspace_id, title) DEFERRABLE",
    "no sequence, no identity": "ALTER TABLE tickets ADD COLUMN bad int GENERATED ALWAYS AS IDENTITY",
    "no trigger": """
        CREATE TRIGGER bad BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
    """,
    "a default is a constant": "ALTER TABLE tickets ADD COLUMN bad timestamptz DEFAULT clock_timestamp()",
    "no extension but btree_gist": "CREATE EXTENSION hstore",
    "row-level security is enabled": "ALTER TABLE tickets DISABLE ROW LEVEL SECURITY",
    "row-level security is never forced": "ALTER TABLE tickets FORCE ROW LEVEL SECURITY",
    "a policy compares workspace_id with the setting, for giliran_app alone; all heads may be read": """
        CREATE POLICY bad ON tickets FOR SELECT TO giliran_app USING (agent_id IS NULL)
    """,
    "every table has a policy": "DROP POLICY own_workspace ON tickets",
    "giliran_app owns nothing": "ALTER TABLE tickets OWNER TO giliran_app",
    "giliran_app may not truncate, refer to or put triggers on a table, nor may everybody do anything": """
        GRANT TRUNCATE ON tickets TO giliran_app
    """,
    "the log, configurations and the directory are not rewritten": "GRANT UPDATE ON events TO giliran_app",
}
UNBROKEN = {"giliran_app has no rights above its own"}  # a breach would be one of the whole server, not of this database


async def test_schema_keeps_every_rule(database: Database) -> None:
    async with connected(database.superuser_url) as connection:
        offenders = {rule: await connection.fetch(query) for rule, query in OFFENDERS.items()}

    assert {rule: found for rule, found in offenders.items() if found} == {}


async def test_every_breach_is_seen(database: Database) -> None:
    unseen = []
    async with connected(database.superuser_url) as connection:
        for rule, breach in BREACHES.items():
            await connection.execute(f"BEGIN; {breach}")
            if not await connection.fetch(OFFENDERS[rule]):
                unseen.append(rule)
            await connection.execute("ROLLBACK")

    assert unseen == []


def test_every_rule_has_a_breach() -> None:
    assert set(BREACHES) | UNBROKEN == set(OFFENDERS)
