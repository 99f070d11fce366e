"""The hottest way through the service: from a body to a command, and from the row to bytes (docs/decisions/0006)."""

import asyncio
from collections.abc import Callable

from orjson import dumps

from app.api.ids import mint
from app.api.routers.replies import etag
from app.api.schemas.tickets import CustomerIn, TicketIn
from app.dispatch.outcome import Outcome, Render, Rendered
from app.engine.commands import Actor, CustomerDraft, SubmitTicket, TicketContent
from app.engine.configuration import Configuration
from app.engine.ids import CustomerId, TicketId
from app.services.views.names import Names
from app.services.views.tickets import ticket_view

LONG_TEXT = 4096


async def submission(draft: TicketIn, actor: Actor, configuration: Configuration) -> SubmitTicket:
    """The command, with the text patterns that the words matched. A long text is read in a thread."""
    if len(configuration.patterns) and len(draft.text) > LONG_TEXT:
        patterns = await asyncio.to_thread(patterns_of, draft, configuration)
    else:
        patterns = patterns_of(draft, configuration)
    return command_of(draft, actor, configuration, patterns)


def patterns_of(draft: TicketIn, configuration: Configuration) -> frozenset[int]:
    """The text patterns of the configuration that the ticket's words match."""
    if len(configuration.patterns) and (draft.subject or draft.text):
        return configuration.patterns.read(draft.subject, draft.text)
    return frozenset()


def command_of(draft: TicketIn, actor: Actor, configuration: Configuration, patterns: frozenset[int]) -> SubmitTicket:
    """The command for a ticket whose words were read."""
    return SubmitTicket(
        actor=actor,
        ticket=TicketId(mint()),
        kind=draft.kind,
        channel=draft.channel,
        priority=draft.priority,
        content=TicketContent(draft.subject, draft.text, tuple(draft.tags), draft.metadata),
        configuration=configuration.version,
        patterns=patterns,
        category=draft.category,
        language=draft.language,
        area=draft.area,
        external_id=draft.external_id,
        customer=_customer(draft.customer),
        attributes=draft.attributes,
        queue=draft.queue,
        team=draft.team,
        skills=tuple((need.skill, need.level) for need in draft.require_skills),
        wishes=tuple((need.skill, need.level) for need in draft.wish_skills),
    )


def created(names: Callable[[], Names]) -> Render:
    """201 with Location; for a known external id 200 and the ticket as it is now."""

    def render(outcome: Outcome) -> Rendered:
        if outcome.ticket is None:
            raise RuntimeError("a submitted ticket has a row")
        view = ticket_view(outcome.ticket, names())
        headers = {"Location": f"/v1/tickets/{view['id']}", "ETag": etag(view["version"])}
        if outcome.result.existing:
            return Rendered(200, dumps(view), {**headers, "Giliran-Existing": "true"})
        return Rendered(201, dumps(view), headers)

    return render


def _customer(draft: CustomerIn | None) -> CustomerDraft | None:
    if draft is None:
        return None
    return CustomerDraft(CustomerId(mint()), draft.external_id, draft.name, draft.email, draft.phone, draft.tier, draft.language)
