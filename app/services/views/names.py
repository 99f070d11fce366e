"""What the ids of a configuration are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.configuration import Configuration
from app.engine.ids import WorkspaceId

_KEPT_WORKSPACES = 256
_SECTIONS = ("queues", "teams", "skills")


@dataclass(frozen=True, slots=True)
class Names:
    """Names by the 16 bytes of an id."""

    queues: Mapping[bytes, str] = field(default_factory=dict)
    teams: Mapping[bytes, str] = field(default_factory=dict)
    skills: Mapping[bytes, str] = field(default_factory=dict)


class NameBook:
    """The names of each workspace's configuration, put together once per version."""

    def __init__(self) -> None:
        self._known: dict[WorkspaceId, tuple[Configuration, Names]] = {}

    def of(self, workspace: WorkspaceId, configuration: Configuration) -> Names:
        known = self._known.get(workspace)
        if known is not None and known[0] is configuration:
            return known[1]
        if len(self._known) >= _KEPT_WORKSPACES:
            self._known.clear()
        names = names_of(configuration)
        self._known[workspace] = configuration, names
        return names


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
