"""What is in force, in the form that can be applied again."""

from collections.abc import Mapping
from typing import Any

from app.engine.commands import AgentSetting
from app.services.configuration.agents import agent_form
from app.services.configuration.identify import unstamped, with_agent_names
from app.services.configuration.normalise import normalise
from app.services.configuration.sections import SECTIONS, SETTINGS


def export(document: Mapping[str, Any] | None, agents: Mapping[str, AgentSetting]) -> dict[str, Any]:
    """The normalised document with names in place of ids; `agents` keep the order they come in. None is nothing in force.

    An escalation to an agent who is gone becomes one to nobody.
    """
    names = {setting.agent.hex(): setting.name for setting in agents.values()}
    stored = with_agent_names(document or {"sla_policies": []}, names)
    form: dict[str, Any] = {field: stored.get(field) for field in SETTINGS}
    for section in SECTIONS:
        form[section] = [unstamped(item) for item in stored.get(section, ())]
    teams = {bytes.fromhex(item["id"]): item["name"] for item in stored.get("teams", ())}
    skills = {bytes.fromhex(item["id"]): item["name"] for item in stored.get("skills", ())}
    form["agents"] = [agent_form(setting, teams, skills) for setting in agents.values()]
    return normalise(form)
