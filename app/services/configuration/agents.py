"""Agents between their two forms: a document names their teams and skills, the engine knows ids."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.engine.commands import AgentSetting
from app.engine.events import ChannelLimit, SkillLevel
from app.engine.ids import AgentId, SkillId, TeamId
from app.engine.vocabulary import Channel


def agent_ids(
    wanted: Iterable[Mapping[str, Any]], present: Mapping[str, AgentSetting], *, mint: Callable[[], bytes]
) -> dict[str, AgentId]:
    """The id of every agent by name: who is there keeps it, who is new gets one in the order of the document."""
    ids = {name: setting.agent for name, setting in present.items()}
    for item in wanted:
        if item["name"] not in ids:
            ids[item["name"]] = AgentId(mint())
    return ids


def agents_change(
    wanted: Sequence[Mapping[str, Any]],
    present: Mapping[str, AgentSetting],
    document: Mapping[str, Any],
    *,
    prune: bool,
    ids: Mapping[str, AgentId],
) -> tuple[tuple[AgentSetting, ...], tuple[AgentId, ...]]:
    """Those to create or change, in the order of `wanted`, and those who go: with prune whom `wanted` does not name.

    `wanted` is normalised, `document` has the ids of teams and skills, `ids` those of agents.
    """
    teams = {item["name"]: TeamId(bytes.fromhex(item["id"])) for item in document["teams"]}
    skills = {item["name"]: SkillId(bytes.fromhex(item["id"])) for item in document["skills"]}
    settings = [_setting(item, ids[item["name"]], teams, skills) for item in wanted]
    changed = tuple(each for each in settings if each.name not in present or _meaning(present[each.name]) != _meaning(each))
    named = {each.name for each in settings}
    removed = tuple(setting.agent for name, setting in present.items() if name not in named) if prune else ()
    return changed, removed


def retitled(changed: Iterable[AgentSetting], present: Mapping[str, AgentSetting]) -> tuple[AgentId, ...]:
    """Those of the changed ones who were there and get another name, title or external id."""
    called = {setting.agent: _called(setting) for setting in present.values()}
    return tuple(each.agent for each in changed if called.get(each.agent, _called(each)) != _called(each))


def agent_form(setting: AgentSetting, teams: Mapping[bytes, str], skills: Mapping[bytes, str]) -> dict[str, Any]:
    """The agent as a document names it. A team or skill that is no longer in the configuration is left out."""
    return {
        "name": setting.name,
        "title": setting.title,
        "external_id": setting.external_id,
        "teams": [teams[team] for team in setting.teams if team in teams],
        "skills": [{"skill": skills[has.skill], "level": has.level} for has in setting.skills if has.skill in skills],
        "languages": list(setting.languages),
        "areas": list(setting.areas),
        "capacity": setting.capacity,
        "channel_limits": [{"channel": str(limit.channel), "units": limit.units} for limit in setting.limits],
        "weight": setting.weight,
    }


def _setting(item: Mapping[str, Any], agent: AgentId, teams: Mapping[str, TeamId], skills: Mapping[str, SkillId]) -> AgentSetting:
    return AgentSetting(
        agent=agent,
        name=item["name"],
        title=item["title"],
        external_id=item["external_id"],
        teams=tuple(teams[name] for name in item["teams"]),
        skills=tuple(SkillLevel(skills[has["skill"]], has["level"]) for has in item["skills"]),
        languages=tuple(item["languages"]),
        areas=tuple(item["areas"]),
        capacity=item["capacity"],
        limits=tuple(ChannelLimit(Channel(limit["channel"]), limit["units"]) for limit in item["channel_limits"]),
        weight=item["weight"],
    )


def _called(setting: AgentSetting) -> tuple[object, ...]:
    return (setting.name, setting.title, setting.external_id)


def _meaning(setting: AgentSetting) -> tuple[object, ...]:
    """Everything that counts; the order within a list does not."""
    return (
        *_called(setting),
        frozenset(setting.teams),
        frozenset(setting.skills),
        frozenset(setting.languages),
        frozenset(setting.areas),
        setting.capacity,
        frozenset(setting.limits),
        setting.weight,
    )
