"""Row-level security: the application sees and changes only the rows of the workspace its transaction has set.

Enabled, never forced: the owner of the tables is not held by it, and an online move of a Citus shard would hang.
A transaction that has set no workspace gets an error, not an empty answer.
"""

from alembic import op

from migrations.application_role import ROLE

OWN = "workspace_id = current_setting('giliran.workspace')::uuid"


def isolate(table: str, *, grants: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_workspace ON {table} TO {ROLE} USING ({OWN}) WITH CHECK ({OWN})")
    op.execute(f"GRANT {grants} ON {table} TO {ROLE}")


def isolate_head(table: str) -> None:
    """Every row may be read, because the sweep asks which workspaces are due; the rest is as everywhere."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY any_workspace ON {table} FOR SELECT TO {ROLE} USING (true)")
    op.execute(f"CREATE POLICY own_workspace_insert ON {table} FOR INSERT TO {ROLE} WITH CHECK ({OWN})")
    op.execute(f"CREATE POLICY own_workspace_update ON {table} FOR UPDATE TO {ROLE} USING ({OWN}) WITH CHECK ({OWN})")
    op.execute(f"CREATE POLICY own_workspace_delete ON {table} FOR DELETE TO {ROLE} USING ({OWN})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
