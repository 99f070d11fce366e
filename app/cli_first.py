"""What only the very first start has to say: there is a workspace now, and this is its key."""

import asyncio

from app.db import make_engine
from app.services.keys import NewKey
from app.services.workspaces import Workspace, create_default
from app.settings import Settings
from app.supervisor import Started


def first_workspace(started: Started) -> None:
    """Makes the workspace `default` where there is none and prints its first key, this once. Else does nothing."""
    made = asyncio.run(_make(started.owner_url))
    if made is not None:
        workspace, key = made
        started.say(f"workspace    {workspace.slug}, made because there was none")
        started.say(f"first key    {key.text}")
        started.say("             of the role admin; it is shown this once, so keep it: export GILIRAN_KEY=…")


async def _make(owner_url: str) -> tuple[Workspace, NewKey] | None:
    engine = make_engine(owner_url, Settings(pool_size=2))
    try:
        return await create_default(engine)
    finally:
        await engine.dispose()
