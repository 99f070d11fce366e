"""The lists of named objects, and how a document that names only some of them is laid over what is in force."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SECTIONS = ("teams", "skills", "routing_policies", "sla_policies", "queues", "rules")
ALL_SECTIONS = (*SECTIONS, "agents")
SETTINGS = ("time_zone", "default_queue", "costs")
NOUNS = {
    "teams": "team",
    "skills": "skill",
    "routing_policies": "routing policy",
    "sla_policies": "SLA policy",
    "queues": "queue",
    "rules": "rule",
    "agents": "agent",
}

Item = Mapping[str, Any]


def by_name(items: Iterable[Item]) -> dict[str, Item]:
    return {item["name"]: item for item in items}


def inherit(wanted: Mapping[str, Any], present: Mapping[str, Any], *, prune: bool) -> dict[str, Any]:
    """The document with those settings that it leaves out taken from what is in force; under prune they are defaults."""
    if prune:
        return dict(wanted)
    left_out = {field: present[field] for field in SETTINGS if wanted.get(field) is None}
    return {**wanted, **left_out}


def merge(wanted: Mapping[str, Any], present: Mapping[str, Any], *, prune: bool) -> dict[str, Any]:
    """The whole that results: what is wanted, and without prune also what is in force and not mentioned."""
    if prune:
        return dict(wanted)
    return {**wanted, **{section: overlay(present.get(section, ()), wanted.get(section, ())) for section in ALL_SECTIONS}}


def overlay(present: Sequence[Item], wanted: Sequence[Item]) -> list[Item]:
    """`wanted` in its order; each item of `present` that it does not name stays behind the one it stood behind.

    So a document with one rule of many changes that rule and moves none, and a new rule comes last.
    """
    named = {item["name"] for item in wanted}
    followers: dict[str | None, list[Item]] = {None: []}
    leader = None
    for item in present:
        if item["name"] in named:
            leader = item["name"]
            followers.setdefault(leader, [])
        else:
            followers[leader].append(item)
    whole = followers.pop(None)
    for item in wanted:
        whole.append(item)
        whole.extend(followers.pop(item["name"], ()))
    return whole
