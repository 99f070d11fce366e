"""Agents as answers have them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.dispatch.moments import moment
from app.engine.commands import AgentSetting
from app.engine.vocabulary import Presence
from app.identifiers import encode
from app.services.configuration.agents import agent_form
from app.services.views.configurations import agent_settings
from app.services.views.moments import stamp, stamp_or_none
from app.services.views.names import Names
from app.services.views.tickets import skill_levels

Row = Mapping[str, Any]


def agent_document(row: Row, names: Names) -> dict[str, Any]:
    """The agent as a document names it; a team or skill that the configuration no longer has is left out."""
    (setting,) = agent_settings([row]).values()
    return agent_form(setting, names.teams, names.skills)


def imagined_row(setting: AgentSetting, row: Row | None, *, now_ms: int) -> dict[str, Any]:
    """The row of an agent as a change of their setting would leave it; a newcomer has none yet."""
    now = moment(now_ms)
    before = row or {
        "id": UUID(bytes=setting.agent), "number": 0, "presence": Presence.OFFLINE, "presence_changed_at": now, "load": 0,
        "idle_since": None, "version": 0, "created_at": now,
    }  # fmt: skip
    return {
        **before,
        "name": setting.name,
        "title": setting.title,
        "external_id": setting.external_id,
        "teams": [UUID(bytes=team) for team in setting.teams],
        "skills": [[need.skill.hex(), need.level] for need in setting.skills],
        "languages": list(setting.languages),
        "areas": list(setting.areas),
        "capacity": setting.capacity,
        "limits": [[limit.channel, limit.units] for limit in setting.limits],
        "weight": setting.weight,
        "version": before["version"] + 1,
        "updated_at": now,
    }


def agent_view(row: Row, names: Names) -> dict[str, Any]:
    """A row of `agents`. A team that the configuration no longer has keeps its id and loses its name."""
    return {
        "id": encode("agt", row["id"]),
        "number": row["number"],
        "name": row["name"],
        "title": row["title"],
        "external_id": row["external_id"],
        "presence": row["presence"],
        "presence_changed_at": stamp(row["presence_changed_at"]),
        "load": row["load"],
        "capacity": row["capacity"],
        "free_units": max(0, row["capacity"] - row["load"]),
        "channel_limits": [{"channel": channel, "units": units} for channel, units in row["limits"]],
        "teams": [{"id": encode("tem", team), "name": names.teams.get(team.bytes)} for team in row["teams"]],
        "skills": skill_levels(row["skills"], names),
        "languages": row["languages"],
        "areas": row["areas"],
        "weight": row["weight"],
        "idle_since_at": stamp_or_none(row["idle_since"]) if row["load"] == 0 else None,
        "version": row["version"],
        "created_at": stamp(row["created_at"]),
        "updated_at": stamp(row["updated_at"]),
    }
