"""One file of migrations for plain PostgreSQL and for Citus."""

from alembic import op


def by_workspace(table: str, *, column: str = "workspace_id") -> None:
    """Distributes `table` by `column` where Citus is installed; call it right after CREATE TABLE, parents first.

    The server must run with `citus.multi_shard_modify_mode = sequential`.
    """
    distribute = f"create_distributed_table('{table}', '{column}')"
    context = op.get_context()
    if context.as_sql:
        op.execute(f"""
            DO $$
            BEGIN
                IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
                    PERFORM {distribute};
                END IF;
            END $$
        """)
    elif op.get_bind().exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'citus'").first():
        op.execute(f"SELECT {distribute}")
