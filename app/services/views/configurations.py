"""The configuration in force, as answers have it."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.commands import AgentSetting
from app.engine.events import ChannelLimit, SkillLevel
from app.engine.ids import AgentId, SkillId, TeamId
from app.engine.vocabulary import Channel
from app.identifiers import encode
from app.services.configuration.diff import Change
from app.services.configuration.export import export
from app.services.configuration.identify import STAMP, with_agent_names
from app.services.configuration.sections import SECTIONS, SETTINGS
from app.services.views.moments import stamp_of_ms

Row = Mapping[str, Any]
View = dict[str, Any]

PREFIXES = {
    "teams": "tem",
    "skills": "skl",
    "routing_policies": "rpo",
    "sla_policies": "slp",
    "queues": "que",
    "rules": "rul",
}


def agent_settings(rows: Iterable[Row]) -> dict[str, AgentSetting]:
    """Rows of `agents` as a configuration is compared with them, by name."""
    return {row["name"]: _setting(row) for row in rows}


def document_view(document: Mapping[str, Any], agents: Mapping[str, AgentSetting]) -> View:
    """The stored document with ids, versions and times for callers, and with the agents as a document names them."""
    view: View = {name: document[name] for name in SETTINGS}
    for section in SECTIONS:
        view[section] = section_view(section, document, agents)
    view["agents"] = export(document, agents)["agents"]
    return view


def section_view(section: str, document: Mapping[str, Any], agents: Mapping[str, AgentSetting]) -> list[View]:
    """The objects of one section, in order."""
    if section == "sla_policies":
        document = with_agent_names(document, {setting.agent.hex(): setting.name for setting in agents.values()})
    return [_object(PREFIXES[section], item) for item in document[section]]


def change_view(change: Change) -> View:
    return {"path": change.path, "kind": change.kind, "before": change.before, "after": change.after}


def _object(prefix: str, item: Mapping[str, Any]) -> View:
    return {
        "id": encode(prefix, bytes.fromhex(item["id"])),
        **{name: value for name, value in item.items() if name not in STAMP},
        "version": item["version"],
        "created_at": stamp_of_ms(item["created_at"]),
        "updated_at": stamp_of_ms(item["updated_at"]),
    }


def _setting(row: Row) -> AgentSetting:
    return AgentSetting(
        agent=AgentId(row["id"].bytes),
        name=row["name"],
        title=row["title"],
        external_id=row["external_id"],
        teams=tuple(TeamId(team.bytes) for team in row["teams"]),
        skills=tuple(SkillLevel(SkillId(bytes.fromhex(skill)), level) for skill, level in row["skills"]),
        languages=tuple(row["languages"]),
        areas=tuple(row["areas"]),
        capacity=row["capacity"],
        limits=tuple(ChannelLimit(Channel(channel), units) for channel, units in row["limits"]),
        weight=row["weight"],
    )
