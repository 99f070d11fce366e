"""Whither work is handed on: what a body names by name or id."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.api.context import Caller, Services
from app.api.ids import read
from app.api.routers.finding import present_agent
from app.api.routers.reading import reading
from app.api.schemas.agents import ReleaseIn
from app.api.schemas.tickets import TakeIn, TransferIn
from app.engine.configuration import Configuration
from app.engine.ids import AgentId
from app.engine.mistakes import Mistake
from app.errors import Forbidden, Invalid


@dataclass(frozen=True, slots=True)
class Place:
    """A queue or team by its name in the configuration, or an agent. A name that nobody has is for the engine to refuse."""

    queue: str | None = None
    team: str | None = None
    agent: AgentId | None = None


def refuse_force(caller: Caller, *, force: bool) -> None:
    """Whether somebody may be overloaded is for supervisors to say."""
    if force and caller.is_agent:
        mistake = Mistake("/force", "field_forbidden", "Only a supervisor gives more than an agent has room for.", ("false",))
        raise Forbidden("field_forbidden", "An agent's key does not overload others.", errors=[mistake])


async def taker(process: Services, caller: Caller, body: TakeIn) -> AgentId:
    """For whom work is taken. Raises NotFound for an agent that is not there, Invalid where nobody is named."""
    if body.agent_id is None:
        if caller.agent is None:
            mistake = Mistake("/agent_id", "required", "Say for whom: agent_id.")
            raise Invalid("invalid_body", "Say for whom: agent_id.", errors=[mistake])
        return caller.agent
    async with reading(process, caller) as at:
        return AgentId((await present_agent(at, body.agent_id))["id"].bytes)


async def place_of(process: Services, caller: Caller, body: TransferIn | ReleaseIn) -> Place:
    """Raises NotFound for an agent that is not there."""
    if body.agent_id is not None:
        async with reading(process, caller) as at:
            return Place(agent=AgentId((await present_agent(at, body.agent_id))["id"].bytes))
    return named_place(await process.dispatcher.configuration(caller.workspace), body)


def named_place(configuration: Configuration, body: TransferIn | ReleaseIn) -> Place:
    return Place(
        queue=queue_name(configuration, body.queue) if body.queue is not None else None,
        team=_name("tem", body.team, configuration.team_names) if body.team is not None else None,
    )


def queue_name(configuration: Configuration, text: str) -> str:
    """The name of the queue that a text names by name or id; the text itself where there is none."""
    return _name("que", text, configuration.queue_names)


def _name(prefix: str, text: str, names: Mapping[str, bytes]) -> str:
    raw = None if text in names else read(prefix, text)
    return next((name for name, ident in names.items() if ident == raw), text) if raw is not None else text
