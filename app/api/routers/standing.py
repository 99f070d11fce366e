"""The configuration in force while one object of it is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.api.ids import read, spoken
from app.api.routers.finding import EXTERNAL
from app.api.routers.reading import Reading
from app.engine.commands import AgentSetting
from app.errors import NotFound, Stale
from app.identifiers import NOUNS
from app.queries import agents
from app.queries.events import Head
from app.services.configuration.export import export
from app.services.views.configurations import PREFIXES, agent_settings

AGENTS = "agents"
OF_SECTIONS: Mapping[str, str] = {**PREFIXES, AGENTS: "agt"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One object: its id, what it is called, its own version, and the form that a document has for it."""

    id: bytes
    name: str
    version: int
    form: Mapping[str, Any]

    def expect(self, version: int | None, section: str) -> None:
        """Raises Stale unless it has that version; None asks for none."""
        if version is not None and version != self.version:
            said = spoken(noun(section))
            raise Stale(
                "version_mismatch",
                f"The {said} is at version {self.version}, not {version}. Read it again.",
                version=self.version,
            )


@dataclass(frozen=True)
class Standing:
    """All of it at one moment. `rows` are those of agents, in the order in which they joined."""

    head: Head
    document: dict[str, Any] | None
    rows: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def agents(self) -> dict[str, AgentSetting]:
        return agent_settings(self.rows)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """Everything as a document has it."""
        return export(self.document, self.agents)

    def find(self, section: str, ref: str) -> Found | None:
        """By id, name, or for agents ext:<external_id>."""
        if section == AGENTS:
            return self._agent(ref)
        raw = read(OF_SECTIONS[section], ref)
        wanted = ("name", ref) if raw is None else ("id", raw.hex())
        item = next((one for one in (self.document or {}).get(section, ()) if one[wanted[0]] == wanted[1]), None)
        return None if item is None else self._found(section, bytes.fromhex(item["id"]), item["name"], item["version"])

    def existing(self, section: str, ref: str) -> Found:
        """Raises NotFound."""
        found = self.find(section, ref)
        if found is None:
            raise not_found(section)
        return found

    def row(self, agent: bytes) -> dict[str, Any] | None:
        return next((row for row in self.rows if row["id"].bytes == agent), None)

    def _agent(self, ref: str) -> Found | None:
        raw = read("agt", ref)
        if ref.startswith(EXTERNAL):
            found = next((row for row in self.rows if row["external_id"] == ref.removeprefix(EXTERNAL)), None)
        else:
            found = next((row for row in self.rows if (row["name"] == ref if raw is None else row["id"].bytes == raw)), None)
        return None if found is None else self._found(AGENTS, found["id"].bytes, found["name"], found["version"])

    def _found(self, section: str, ident: bytes, name: str, version: int) -> Found:
        form = next(item for item in self.whole[section] if item["name"] == name)
        return Found(ident, name, version, form)


async def standing(at: Reading) -> Standing:
    """What is in force in this snapshot."""
    rows = await agents.everybody(at.connection, at.workspace)
    return Standing(at.head, (await at.configuration()).document, rows)


def noun(section: str) -> str:
    return NOUNS[OF_SECTIONS[section]]


def not_found(section: str) -> NotFound:
    said = noun(section)
    return NotFound(f"{said}_not_found", f"There is no such {said.replace('_', ' ')} in this workspace.")
