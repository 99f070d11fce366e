"""New work comes in."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.engine.commands import SubmitTicket
from app.engine.customers import Customer
from app.engine.decide import promises
from app.engine.decide.customers import imagined, meet
from app.engine.decide.decider import Decider
from app.engine.decide.facts import Details
from app.engine.decide.routing import route
from app.engine.events import SkillLevel, TicketCreated
from app.engine.ids import QueueId, RuleId, SkillId, TeamId
from app.engine.refusals import ConfigurationMoved, NoQueue
from app.engine.rules import Routing, TicketFacts, apply_rules
from app.engine.vocabulary import QueueState


def submit(decider: Decider, command: SubmitTicket) -> None:
    """Rules place it, promises start, and it is given to somebody or waits. A known external id changes nothing."""
    state, facts, result = decider.state, decider.facts, decider.decided.result
    if command.external_id is not None:
        known = facts.existing.get(command.external_id)
        if known is not None:
            result.ticket, result.existing = known, True
            return
        state.journal.put_key(facts.existing, command.external_id, command.ticket)
    if command.configuration != state.configuration.version and len(state.configuration.patterns):
        raise ConfigurationMoved("The configuration changed while the ticket's words were read.")
    customer = _customer(decider, command)
    routing = _apply(decider, command, customer)
    result.ticket, result.tags = command.ticket, tuple(routing.tags)
    created = _created(decider, command, customer, routing)
    if command.ticket in facts.updated:
        state.journal.put_key(facts.details, command.ticket, _details(command, created, result.tags))
    decider.emit(created)
    slot = state.tickets.slot_of[command.ticket]
    promises.start(decider, slot, command.ticket)
    route(decider, slot)


def foresee(decider: Decider, command: SubmitTicket) -> tuple[Routing, TicketCreated]:
    """What the rules would make of it. Nothing is emitted; an external id is not looked at.

    Raises:
        ConfigurationMoved: its words were read under other patterns.
        UnknownReference: it names what the configuration does not have.
        NoQueue: there is no queue.

    """
    configuration = decider.state.configuration
    if command.configuration != configuration.version and len(configuration.patterns):
        raise ConfigurationMoved("The configuration changed while the ticket's words were read.")
    customer = imagined(decider, command.customer) if command.customer is not None else None
    routing = _apply(decider, command, customer)
    return routing, _created(decider, command, customer, routing)


def _customer(decider: Decider, command: SubmitTicket) -> Customer | None:
    if command.customer is None:
        return None
    customer = meet(decider, command.customer, command.ticket)
    decider.decided.result.customer = customer.id
    return customer


def _apply(decider: Decider, command: SubmitTicket, customer: Customer | None) -> Routing:
    configuration = decider.state.configuration
    local_minute, local_weekday = _local(configuration.zone, decider.now // 60_000)
    return apply_rules(
        configuration.rules,
        TicketFacts(
            kind=command.kind,
            channel=command.channel,
            priority=command.priority,
            category=command.category,
            language=command.language or (customer.language if customer else None),
            area=command.area,
            customer_tier=customer.tier if customer else None,
            attributes=command.attributes,
            patterns=command.patterns,
            local_minute=local_minute,
            local_weekday=local_weekday,
        ),
    )


@lru_cache(maxsize=1024)
def _local(zone: ZoneInfo, minute: int) -> tuple[int, int]:
    """Minute of the day and weekday; asked for every ticket, and the same for a whole minute."""
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
    return local.hour * 60 + local.minute, local.weekday()


def _created(decider: Decider, command: SubmitTicket, customer: Customer | None, routing: Routing) -> TicketCreated:
    configuration = decider.state.configuration
    queue = routing.queue
    if queue is None and command.queue is not None:
        queue = decider.named(configuration.queue_names, command.queue, "/queue")
    if queue is None:
        queue = configuration.default_queue
    if queue is None:
        raise NoQueue("The workspace has no queue yet. Apply a configuration first: PUT /v1/configuration.")
    if decider.state.switches and configuration.default_queue is not None:
        queue = configuration.default_queue if decider.state.queue_state(QueueId(queue)) is QueueState.DRAINING else queue
    team = routing.team
    if team is None and command.team is not None:
        team = decider.named(configuration.team_names, command.team, "/team")
    return TicketCreated(
        ticket=command.ticket,
        number=decider.state.number + 1,
        kind=command.kind,
        channel=command.channel,
        priority=routing.priority or command.priority,
        queue=QueueId(queue),
        cost=configuration.cost(command.kind, command.channel),
        category=routing.category or command.category,
        language=routing.language or command.language,
        area=routing.area or command.area,
        tier=customer.tier if customer else None,
        customer=customer.id if customer else None,
        team=TeamId(team) if team is not None else None,
        skills=levels(decider, command.skills, routing.require_skills, "/require_skills"),
        wishes=levels(decider, command.wishes, routing.wish_skills, "/wish_skills"),
        rules=tuple(RuleId(rule) for rule in routing.hits),
        patterns=tuple(sorted(command.patterns)),
        configuration=configuration.version,
    )


def _details(command: SubmitTicket, created: TicketCreated, ruled: tuple[str, ...]) -> Details:
    content = command.content
    tags = tuple(dict.fromkeys((*content.tags, *ruled)))
    return Details(content.subject, content.text, created.category, tags, command.attributes, content.metadata)


def levels(decider: Decider, asked: tuple[tuple[str, int], ...], ruled: dict[bytes, int], pointer: str) -> tuple[SkillLevel, ...]:
    """What the caller and the rules ask for together: the higher level of each skill, in a fixed order."""
    if not asked and not ruled:
        return ()
    levels = dict(ruled)
    for index, (name, level) in enumerate(asked):
        skill = decider.named(decider.state.configuration.skill_names, name, f"{pointer}/{index}/skill")
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(SkillLevel(SkillId(skill), levels[skill]) for skill in sorted(levels))
