"""Decisions as answers have them: names are looked up here, the record itself has none."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.identifiers import encode, encode_optional
from app.services.explanations import explain_decision
from app.services.views.moments import stamp
from app.services.views.names import Names

Row = Mapping[str, Any]
View = dict[str, Any]
Agents = Mapping[int, tuple[UUID, str, str]]
"""Id, name and title by the agent's number."""


def agents_of(rows: Iterable[Row]) -> set[int]:
    """The numbers of those the records speak of."""
    return {place[-1] for row in rows for place in row["body"]["ranked"]}


def decision_view(row: Row, names: Names, agents: Agents, language: str) -> View:
    """A row of `decisions` with `ticket_number`; `names` are of the configuration that decided."""
    body = row["body"]
    chosen = agents.get(body["ranked"][0][-1]) if row["agent_id"] else None
    name, title = chosen[1:] if chosen is not None else (None, None)
    record: View = {
        "id": encode_optional("dec", row["id"]),
        "ticket_id": encode_optional("tkt", row["ticket_id"]),
        "ticket_number": row["ticket_number"],
        "queue_id": encode("que", row["queue_id"]),
        "queue": names.queues.get(row["queue_id"].bytes),
        "seq": row["seq"],
        "at": stamp(row["at"]),
        "cause": row["cause"],
        "outcome": row["outcome"],
        "agent_id": encode_optional("agt", row["agent_id"]),
        "agent": name,
        "agent_title": title,
        "configuration_version": row["configuration_version"],
        "engine_version": row["engine_version"],
        "strategy": body["strategy"],
        "handover": body["handover"],
        "priority": body["priority"],
        "requirement": requirement_view(body["requirement"], names),
        "held": body.get("held"),
        "considered": body["considered"],
        "eligible": body["eligible"],
        "rejected": [rejection_view(entry, names) for entry in body["rejected"]],
        "keys": body["keys"],
        "ranked": [_place(place, entry, body["keys"], agents) for place, entry in enumerate(body["ranked"], 1)],
        "tie_break": body["tie_break"],
    }
    record["explanation"] = explain_decision(record, language)
    return record


def rejection_view(entry: Row, names: Names) -> View:
    """One reason and how many agents it kept out; what the reason is not about is null."""
    skill = bytes.fromhex(entry["skill"]) if "skill" in entry else None
    return {
        "reason": entry["reason"],
        "agents": entry["agents"],
        "teams": [_team(team, names) for team in entry.get("teams", ())],
        "skill_id": encode_optional("skl", skill),
        "skill": None if skill is None else names.skills.get(skill),
        "level": entry.get("level"),
        "language": entry.get("language"),
        "area": entry.get("area"),
        "channel": entry.get("channel"),
    }


def _team(team: str, names: Names) -> View:
    raw = bytes.fromhex(team)
    return {"team_id": encode("tem", raw), "team": names.teams.get(raw)}


def requirement_view(body: Row, names: Names) -> View:
    """What a ticket asks of an agent."""
    team = bytes.fromhex(body["team"]) if body["team"] else None
    return {
        "channel": body["channel"],
        "cost": body["cost"],
        "team_id": encode_optional("tem", team),
        "team": None if team is None else names.teams.get(team),
        "require_skills": [_need(need, names) for need in body["skills"]],
        "wish_skills": [_need(need, names) for need in body["wishes"]],
        "language": body["language"],
        "area": body["area"],
        "tier": body["tier"],
    }


def _need(need: list[Any], names: Names) -> View:
    skill = bytes.fromhex(need[0])
    return {"skill_id": encode("skl", skill), "skill": names.skills.get(skill), "level": need[1]}


def _place(place: int, entry: list[int], keys: list[str], agents: Agents) -> View:
    load, capacity, *values = entry
    agent, name, title = agents[values[-1]]
    return {
        "place": place,
        "agent_id": encode("agt", agent),
        "agent": name,
        "title": title,
        "load": load,
        "capacity": capacity,
        "values": dict(zip(keys, values, strict=True)),
    }
