"""People who sign in with a token of their own identity provider: who they are here, and what they may do."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from app.connectors.issuers import Keys
from app.db import workspace_transaction
from app.engine.ids import AgentId, WorkspaceId
from app.engine.vocabulary import Role
from app.errors import Forbidden
from app.models.workspaces import Mode
from app.queries import agents, identity
from app.services.keys import FIND_SECONDS, KNOWN_SECONDS
from app.services.tokens import LEEWAY_SECONDS, Token, WrongToken, read_token, verified

EVERYBODY = "*"
KNOWN_WORKSPACES = 1_000
KNOWN_TOKENS = 10_000
STRONGEST_FIRST = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT, Role.INTEGRATION, Role.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Provider:
    """As a row of `identity_providers`."""

    issuer: str
    audience: str
    role_claim: str | None
    roles: Mapping[str, Role]
    agent_claim: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in. `id` is the same for one subject of one issuer; `until` is of time.monotonic."""

    workspace: WorkspaceId
    mode: Mode
    role: Role
    agent: AgentId | None
    id: bytes
    subject: str
    issuer: str
    entry: bytes  # the id that the audit's entry of this token has, in every process
    until: float


class NoRole(Forbidden):
    """Somebody is who they say, and nobody has given them a role here."""

    def __init__(self, person: bytes, subject: str) -> None:
        super().__init__(
            "no_role", "You are known, but nothing you belong to has a role in this workspace. Ask an administrator."
        )
        self.person = person
        self.subject = subject


@dataclass(slots=True)
class _Known:
    until: float
    mode: Mode
    providers: dict[str, Provider] = field(default_factory=dict)


class SignIns:
    """One per process. What it knows of a workspace's providers is never older than a second."""

    def __init__(self, engine: AsyncEngine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys
        self._known: OrderedDict[WorkspaceId, _Known] = OrderedDict()
        self._asking: dict[WorkspaceId, asyncio.Task[_Known]] = {}
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._people: OrderedDict[tuple[WorkspaceId, bytes], Person] = OrderedDict()

    def has_seen(self, text: str) -> bool:
        """Whether the token was right lately."""
        return _digest(text) in self._seen

    def told(self, person: Person) -> None:
        """The sign-in stands in the audit."""
        self._seen[person.entry] = None
        while len(self._seen) > KNOWN_TOKENS:
            self._seen.popitem(last=False)

    async def who(self, workspace: WorkspaceId, text: str) -> Person:
        """Whose token this is in the workspace.

        Raises WrongToken, NoRole, and Unavailable where the issuer's keys cannot be had.
        """
        name = workspace, _digest(text)
        person = self._people.get(name)
        if person is None or time.monotonic() >= person.until:
            person = await self._looked_up(workspace, text)
            self._people[name] = person
            self._people.move_to_end(name)
            while len(self._people) > KNOWN_TOKENS:
                self._people.popitem(last=False)
        return person

    def is_new(self, person: Person) -> bool:
        """Whether the audit may not tell of this token yet."""
        return person.entry not in self._seen

    async def _looked_up(self, workspace: WorkspaceId, text: str) -> Person:
        token = read_token(text)
        known = await self._providers(workspace)
        provider = known.providers.get(token.issuer)
        if provider is None:
            raise WrongToken("No identity provider of this workspace has issued this token.")
        await verified(token, audience=provider.audience, keys=self._keys)
        agent = await self._agent(workspace, provider, token)
        identity_of = sha256(f"{token.issuer}\0{token.subject}".encode()).digest()[:16]
        role = role_of(provider, token.claims, is_agent=agent is not None)
        if role is None:
            raise NoRole(identity_of, token.subject)
        return Person(
            workspace,
            known.mode,
            role,
            agent if role is Role.AGENT else None,
            identity_of,
            token.subject,
            token.issuer,
            _digest(text),
            min(known.until, time.monotonic() + token.ends + LEEWAY_SECONDS - time.time()),
        )

    async def _providers(self, workspace: WorkspaceId) -> _Known:
        """All who ask at one time share a look."""
        known = self._known.get(workspace)
        if known is not None and time.monotonic() < known.until:
            return known
        task = self._asking.get(workspace)
        if task is None:
            task = self._asking[workspace] = asyncio.create_task(self._ask(workspace))
            task.add_done_callback(lambda done: self._answered(workspace, done))
        async with asyncio.timeout(FIND_SECONDS):
            return await asyncio.shield(task)

    def _answered(self, workspace: WorkspaceId, task: "asyncio.Task[_Known]") -> None:
        self._asking.pop(workspace, None)
        if not task.cancelled():
            task.exception()  # all who asked may have gone meanwhile, and then nobody else looks at it

    async def _ask(self, workspace: WorkspaceId) -> _Known:
        until = time.monotonic() + KNOWN_SECONDS  # counted from before the look, so that it is never older
        async with workspace_transaction(self._engine, workspace, read_only=True) as connection:
            rows = await identity.of_workspace(connection, UUID(bytes=workspace))
        mode = Mode(rows[0]["mode"]) if rows else Mode.LIVE
        known = self._known[workspace] = _Known(until, mode, {row["issuer"]: provider_of(row) for row in rows})
        self._known.move_to_end(workspace)
        while len(self._known) > KNOWN_WORKSPACES:
            self._known.popitem(last=False)
        return known

    async def _agent(self, workspace: WorkspaceId, provider: Provider, token: Token) -> AgentId | None:
        """The agent whose external id the token names, letter by letter; an address counts only when it was verified."""
        if provider.agent_claim is None or Role.AGENT not in provider.roles.values():
            return None
        named = token.claims.get(provider.agent_claim)
        if not isinstance(named, str) or not named or "\0" in named:
            return None
        if provider.agent_claim == "email" and token.claims.get("email_verified") is not True:
            return None
        async with workspace_transaction(self._engine, workspace, read_only=True) as connection:
            row = await agents.one_external(connection, UUID(bytes=workspace), named)
        return None if row is None else AgentId(row["id"].bytes)


def role_of(provider: Provider, claims: Mapping[str, Any], *, is_agent: bool) -> Role | None:
    """The strongest that what they belong to has here; what everybody has only where there is no other."""
    said = claims.get(provider.role_claim) if provider.role_claim is not None else None
    belongs = [said] if isinstance(said, str) else [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
    of_these = {role for value, role in provider.roles.items() if value != EVERYBODY and value in belongs}
    of_everybody = {role for value, role in provider.roles.items() if value == EVERYBODY}
    for given in (of_these, of_everybody):
        for role in STRONGEST_FIRST:
            if role in given and (role is not Role.AGENT or is_agent):
                return role
    return None


def provider_of(row: Mapping[str, Any]) -> Provider:
    """A row of `identity_providers`."""
    roles = {value: Role(role) for value, role in row["roles"].items()}
    return Provider(row["issuer"], row["audience"], row["role_claim"], roles, row["agent_claim"])


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()[:16]
