"""Workspaces for tests: made as the owner makes them, filled through the dispatcher."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.engine.commands import Actor, AgentSetting, ApplyConfiguration, SetPresence
from app.engine.ids import AgentId, TeamId, WorkspaceId
from app.engine.vocabulary import ActorType, Presence
from tests.databases import Database

SYSTEM = Actor(ActorType.SYSTEM, "test")


def hex_id(number: int) -> str:
    return number.to_bytes(16, "big").hex()


TEAM = TeamId(bytes.fromhex(hex_id(1)))


async def make_workspace(database: Database, *, mode: str = "sandbox") -> WorkspaceId:
    """An empty workspace."""
    workspace = uuid4()
    engine = create_async_engine(database.superuser_url)
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO workspaces (workspace_id, slug, name, mode, created_at) VALUES (:id, :slug, :slug, :mode, now())"),
            {"id": workspace, "slug": f"w-{workspace.hex}", "mode": mode},
        )
        await connection.execute(
            text(
                "INSERT INTO workspace_heads (workspace_id, mode, last_seq, last_number, last_agent_number, last_at, clock_offset_ms,"
                " configuration_version, format, epoch) VALUES (:id, :mode, 0, 0, 0, now(), 0, 0, 1, 1)"
            ),
            {"id": workspace, "mode": mode},
        )
    await engine.dispose()
    return WorkspaceId(workspace.bytes)


def document(**changes: Any) -> dict[str, Any]:
    """A small desk: one team, one queue, promises for medium tickets, one skill."""
    return {
        "time_zone": "Asia/Jakarta",
        "default_queue": "general",
        "costs": {},
        "teams": [{"name": "team", "id": hex_id(1)}, {"name": "senior", "id": hex_id(11)}],
        "skills": [{"name": "refunds", "id": hex_id(2)}],
        "routing_policies": [{"name": "policy", "id": hex_id(3), "strategy": "least_load", "order": "fifo"}],
        "sla_policies": [
            {
                "name": "promise",
                "id": hex_id(4),
                "targets": {"medium": {"first_response_seconds": 60, "resolution_seconds": 600}},
                "warn_at_percent": 80,
                "pause_on_pending": ["resolution"],
                "escalations": [{"metric": "resolution", "after_seconds": 0, "raise_priority": True, "move_to_team": "senior"}],
            }
        ],
        "queues": [{"name": "general", "id": hex_id(5), "routing_policy": "policy", "sla_policy": "promise", "teams": ["team"]}],
        "rules": [],
        **changes,
    }


def agents(count: int, *, capacity: int = 5) -> tuple[AgentSetting, ...]:
    """Agents of the team, with ids by number."""
    return tuple(
        AgentSetting(
            AgentId(bytes.fromhex(hex_id(1000 + number))),
            f"agent-{number}",
            f"Agent {number}",
            None,
            (TEAM,),
            (),
            (),
            (),
            capacity,
            (),
            1,
        )
        for number in range(1, count + 1)
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """A configured workspace."""

    workspace: WorkspaceId
    agents: tuple[AgentId, ...]


async def make_desk(dispatcher: Any, database: Database, count: int, *, capacity: int = 5, **changes: Any) -> Desk:
    """A workspace with `count` available agents."""
    workspace = await make_workspace(database)
    settings = agents(count, capacity=capacity)
    await dispatcher.submit(workspace, ApplyConfiguration(SYSTEM, 0, document(**changes), settings))
    for setting in settings:
        await dispatcher.submit(workspace, SetPresence(SYSTEM, setting.agent, Presence.AVAILABLE))
    return Desk(workspace, tuple(setting.agent for setting in settings))
