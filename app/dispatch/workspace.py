"""One workspace in this process: its inbox, its state, and the task at work on it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.dispatch.inbox import Inbox
from app.engine.configuration import Configuration, empty_configuration
from app.engine.ids import WorkspaceId
from app.engine.state import State


@dataclass(slots=True)
class Workspace:
    """`state` is None until loaded, and again after anything that leaves doubt about it; `basis` is what it rests on."""

    id: WorkspaceId
    inbox: Inbox = field(default_factory=Inbox)
    state: State | None = None
    task: "asyncio.Task[None] | None" = None
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    basis: tuple[Any, ...] = ()
    known: Configuration = field(default_factory=empty_configuration)

    @property
    def idle(self) -> bool:
        """Whether nobody waits and nothing is under way."""
        return not len(self.inbox) and (self.task is None or self.task.done()) and not self.loading.locked()

    def settled(self) -> None:
        """The state is one that PostgreSQL has."""
        if self.state is not None:
            self.known = self.state.configuration
