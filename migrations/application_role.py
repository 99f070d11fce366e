"""The role the application connects as: it owns nothing, and a stopped process cannot hold a workspace for long."""

from alembic import op

ROLE = "giliran_app"

# The two of citus make SET LOCAL reach the workers; on plain PostgreSQL they are placeholders without effect.
# A caller that fell silent in the middle of a statement is idle to nobody but transaction_timeout, which came with version 17.
SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "3s",
    "transaction_timeout": "10s",
    "citus.propagate_set_commands": "local",
    "citus.override_table_visibility": "off",
}
SINCE = {"transaction_timeout": 170000}


def set_statements(server_version: int) -> tuple[str, ...]:
    """What an administrator runs where the owner of the tables may not alter the role. `server_version` is as 180006."""
    known = {name: value for name, value in SETTINGS.items() if name not in SINCE or server_version >= SINCE[name]}
    return tuple(_set(name, value) for name, value in known.items())


def _set(name: str, value: str) -> str:
    return f"ALTER ROLE {ROLE} SET {name} = '{value}'"


def application_role() -> None:
    """Creates the role (without login) when it is missing and sets what differs; warns where the owner may not.

    Roles belong to the whole server: it touches one only when there is something to change, because two databases
    that migrate at once would otherwise disturb each other.
    """
    op.execute(f"""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION USING
                    MESSAGE = 'role {ROLE} is missing and ' || current_user || ' may not create it',
                    HINT = 'As an administrator: CREATE ROLE {ROLE} LOGIN PASSWORD ...';
            WHEN duplicate_object OR unique_violation THEN
                NULL;
        END $$
    """)
    for name, value in SETTINGS.items():
        statement = _set(name, value)
        op.execute(f"""
            DO $$
            BEGIN
                IF current_setting('server_version_num')::int >= {SINCE.get(name, 0)} AND NOT EXISTS (
                    SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
                    WHERE r.rolname = '{ROLE}' AND s.setdatabase = 0 AND s.setconfig @> ARRAY['{name}={value}']
                ) THEN
                    {statement};
                END IF;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE WARNING USING
                    MESSAGE = current_user || ' may not alter {ROLE}',
                    HINT = $hint$As an administrator: {statement}$hint$;
            END $$
        """)
