"""What is answered to a change of one object of the configuration: made, or tried in a dry run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from app.api.routers.replies import CONFIGURATION, rendered
from app.api.routers.standing import AGENTS, Found, Standing
from app.dispatch.outcome import Outcome, Rendered
from app.engine.ids import AgentId
from app.services.configuration.edit import Edit
from app.services.configuration.plan import Plan
from app.services.views.agents import agent_view, imagined_row
from app.services.views.configurations import change_view, section_view
from app.services.views.farewell import farewell
from app.services.views.names import names_in


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a change that was planned, once it is made or tried."""

    section: str
    status: int
    edit: Edit
    before: Found | None
    present: Standing
    made: Plan
    now_ms: int

    @property
    def agent(self) -> AgentId | None:
        """The agent whom it is about."""
        if self.section != AGENTS:
            return None
        if self.before is not None:
            return AgentId(self.before.id)
        return next(iter(self.made.agents)).agent

    def view(self, outcome: Outcome | None) -> dict[str, Any]:
        """The object as it is then; of one who left, what became of their work. Without an outcome nothing has changed."""
        if self.edit.item is None:
            return self._farewell(outcome)
        if self.section == AGENTS:
            row = outcome.agent if outcome is not None else None
            return agent_view(row or self._row(), names_in(self.made.document_with_ids))
        document = self.made.document_with_ids or {}
        name = self.edit.item["name"]
        return next(view for view in section_view(self.section, document, self.present.agents) if view["name"] == name)

    def imagined(self, outcome: Outcome | None) -> dict[str, Any]:
        """What a dry run says: what is new has no id yet."""
        changes = {"changes": [change_view(change) for change in self.made.changes]}
        if self.edit.item is None and self.section != AGENTS:
            return changes
        view = {**self.view(outcome), **changes}
        if self.before is None and self.edit.stamp is None:
            view["id"] = None
        if self.before is None and self.section == AGENTS:
            view["number"] = None
        return view

    def headers(self, view: Mapping[str, Any] | None) -> dict[str, str]:
        version = self.present.head.configuration_version + self.made.changes_anything
        located = {"Location": f"/v1/{self.section.replace('_', '-')}/{view['id']}"} if view and self.status == 201 else {}
        return {CONFIGURATION: str(version), **located}

    def render(self, outcome: Outcome) -> Rendered:
        if self.status == 204:
            return Rendered(204, b"", self.headers(None))
        view = self.view(outcome)
        if "version" not in view:
            return Rendered(self.status, to_json(view), self.headers(view))
        return rendered(view, status=self.status, headers=self.headers(view))

    def _row(self) -> dict[str, Any]:
        """The agent's row as it will be, or as it stays."""
        row = self.present.row(self.before.id) if self.before is not None else None
        if not self.made.agents and row is not None:
            return row
        return imagined_row(self.made.agents[0], row, now_ms=self.now_ms)

    def _farewell(self, outcome: Outcome | None) -> dict[str, Any]:
        if self.before is None or outcome is None:
            raise RuntimeError("one who leaves was there, and leaving is a change")
        return farewell(self.before.id, self.before.name, outcome.events, outcome.decisions)
