"""What the ids of a configuration are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Names:
    """Names by the 16 bytes of an id."""

    queues: Mapping[bytes, str] = field(default_factory=dict)
    teams: Mapping[bytes, str] = field(default_factory=dict)
    skills: Mapping[bytes, str] = field(default_factory=dict)


def names_of(configuration: Configuration) -> Names:
    """From the compiled configuration."""
    return Names(
        {queue.id: queue.name for queue in configuration.queues.values()},
        {team: name for name, team in configuration.team_names.items()},
        {skill: name for name, skill in configuration.skill_names.items()},
    )


def names_in(document: Mapping[str, Any] | None) -> Names:
    """From a stored document; None is a workspace without one."""
    if document is None:
        return Names()
    return Names(*({bytes.fromhex(item["id"]): item["name"] for item in document[section]} for section in _SECTIONS))


_SECTIONS = ("queues", "teams", "skills")
