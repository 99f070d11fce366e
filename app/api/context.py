"""What a request needs to know about the process, about itself and about whoever sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.tail import Tails
from app.dispatch.wake import Wake
from app.engine.commands import Actor
from app.engine.ids import AgentId, WorkspaceId
from app.engine.vocabulary import ActorType, Role
from app.models.workspaces import Mode
from app.services.denials import Denials
from app.services.keys import KeyRing
from app.services.limiting import Account, Limiter, Turns
from app.services.sign_in import SignIns
from app.settings import Settings

EXCHANGE = "giliran.exchange"
CONNECTION = "giliran.connection"  # in the scope of a request that came over a socket: whether it is `disconnected`

Head = dict[bytes, list[bytes]]
"""Headers by name in lower case, each with all that was sent under it: those of `head.py` only."""


@dataclass(frozen=True, slots=True)
class Services:
    """One per process, at `app.state.giliran`."""

    settings: Settings
    engine: AsyncEngine
    dispatcher: Dispatcher
    tails: Tails
    wake: Wake
    keys: KeyRing
    denials: Denials
    sign_ins: SignIns
    limiter: Limiter
    reads: Turns
    started_at: float  # seconds since 1970
    recent: dict[bytes, "Recent"] = field(default_factory=dict)  # by Authorization header, see auth.py


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a key of one workspace."""

    workspace: WorkspaceId
    mode: Mode
    role: Role
    actor: Actor
    scopes: frozenset[str]
    key: bytes
    operations: Mapping[str, bool]  # those that may be asked for, and whether each is audited
    expires_at: datetime | None = None
    person: str | None = None  # who it is elsewhere, where somebody signed in
    told: Mapping[str, str] = field(default_factory=dict)  # what a line of the log says of them

    @property
    def agent(self) -> AgentId | None:
        return self.actor.agent

    @property
    def is_agent(self) -> bool:
        return self.actor.type is ActorType.AGENT

    def may_see(self, agent: bytes | None) -> bool:
        """Whether what belongs to `agent` may be shown: an agent sees their own only, everybody else sees all."""
        return not self.is_agent or (agent is not None and agent == self.actor.agent)


Recent = tuple[float, Caller, Account]
"""Until when it holds, by time.monotonic; whose key it is; what that key has taken."""


@dataclass(slots=True)
class Exchange:
    """One request and its answer; made by the middleware, completed on the way."""

    request_id: str
    started: float  # of time.perf_counter
    language: str = "en"
    client_request_id: str | None = None
    trace_id: str | None = None
    caller: Caller | None = None
    head: Head = field(default_factory=dict)
    body: bytes | None = None  # once read
    account: Account | None = None
    limiter: Limiter | None = None  # where the account is counted as open
    refused: str = ""  # the code of the problem


def services(request: HTTPConnection) -> Services:
    return cast("Services", request.app.state.giliran)


def exchange(request: HTTPConnection) -> Exchange:
    return cast("Exchange", request.scope[EXCHANGE])
