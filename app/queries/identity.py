"""Who may say who somebody is. Read as the application, settled by the owner of the tables."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import identity_providers, workspaces

Row = dict[str, Any]


async def of_workspace(connection: AsyncConnection, workspace: UUID) -> list[Row]:
    """The workspace's providers in the order of their issuers, with its mode."""
    statement = (
        select(identity_providers, workspaces.c.mode)
        .join(workspaces, workspaces.c.workspace_id == identity_providers.c.workspace_id)
        .where(identity_providers.c.workspace_id == workspace)
        .order_by(identity_providers.c.issuer)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]


async def put(connection: AsyncConnection, values: Mapping[str, Any]) -> UUID:
    """The provider's id; one of the same issuer is replaced."""
    made = insert(identity_providers).values(dict(values))
    settled = {name: made.excluded[name] for name in ("audience", "role_claim", "roles", "agent_claim")}
    statement = made.on_conflict_do_update(constraint="uq_identity_providers_issuer", set_=settled)
    found: UUID = (await connection.execute(statement.returning(identity_providers.c.id))).scalar_one()
    return found


async def remove(connection: AsyncConnection, workspace: UUID, issuer: str) -> UUID | None:
    """The id of the provider that is gone; None where there was none."""
    statement = (
        delete(identity_providers)
        .where(identity_providers.c.workspace_id == workspace, identity_providers.c.issuer == issuer)
        .returning(identity_providers.c.id)
    )
    found: UUID | None = (await connection.execute(statement)).scalar_one_or_none()
    return found
