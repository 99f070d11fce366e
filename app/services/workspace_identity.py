"""The identity providers of a workspace as the owner of the tables settles them from the command line."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from app.connectors.issuers import FETCH_SECONDS, Issuers, Unusable, is_address
from app.errors import Invalid, NotFound, Unavailable
from app.identifiers import encode, mint
from app.queries import audit, identity
from app.services.changes import entry
from app.services.sign_in import Provider, provider_of
from app.services.workspace_keys import from_the_command_line
from app.services.workspaces import Workspace


async def put(owner: AsyncEngine, workspace: Workspace, provider: Provider) -> None:
    """Settle a provider, in place of one with the same issuer. Raises Invalid."""
    if not is_address(provider.issuer):
        raise Invalid("invalid_issuer", "An issuer is an https address, letter by letter as its tokens have it in iss.")
    if not provider.audience or not provider.roles:
        raise Invalid("invalid_provider", "A provider needs an audience and at least one role.")
    values = {
        "issuer": provider.issuer,
        "audience": provider.audience,
        "role_claim": provider.role_claim,
        "roles": dict(provider.roles),
        "agent_claim": provider.agent_claim,
    }
    key = UUID(bytes=workspace.id)
    async with owner.begin() as connection:
        before = {row["issuer"]: row for row in await identity.of_workspace(connection, key)}.get(provider.issuer, {})
        row = {"workspace_id": key, "id": UUID(bytes=mint()), "created_at": datetime.now(UTC), **values}
        made = await identity.put(connection, row)
        changed = {name: [before.get(name), value] for name, value in values.items() if before.get(name) != value}
        if changed:
            told = entry(
                from_the_command_line("put_identity_provider"), key, "identity_provider", encode("idp", made), changed=changed
            )
            await audit.append(connection, told)


async def list_all(owner: AsyncEngine, workspace: Workspace) -> list[Provider]:
    async with owner.connect() as connection:
        return [provider_of(row) for row in await identity.of_workspace(connection, UUID(bytes=workspace.id))]


async def remove(owner: AsyncEngine, workspace: Workspace, issuer: str) -> None:
    """Its tokens open nothing within a second. Raises NotFound."""
    key = UUID(bytes=workspace.id)
    async with owner.begin() as connection:
        gone = await identity.remove(connection, key, issuer)
        if gone is None:
            raise NotFound("identity_provider_not_found", f"The workspace {workspace.slug} has no provider with this issuer.")
        origin = from_the_command_line("remove_identity_provider")
        told = entry(origin, key, "identity_provider", encode("idp", gone), changed={"issuer": [issuer, None]})
        await audit.append(connection, told)


async def ask(issuer: str) -> int:
    """How many usable keys the issuer publishes now. Raises Unavailable with what is wrong."""
    issuers = Issuers()
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return len(await issuers.keys(issuer))
    except Unusable as wrong:
        raise Unavailable("identity_provider_unavailable", f"{issuer} cannot be used: {wrong}.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        raise Unavailable("identity_provider_unavailable", f"{issuer} does not answer: {type(error).__name__}.") from None
    finally:
        await issuers.close()
