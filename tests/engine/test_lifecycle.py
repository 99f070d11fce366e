"""What people do with tickets, offers and agents, and what is refused; a refusal leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest

from app.engine import commands, refusals
from app.engine.commands import Actor, CustomerDraft
from app.engine.configuration import compile_configuration
from app.engine.events import TicketAssigned, TicketCreated, TicketReopened, TicketReturned
from app.engine.ids import AgentId, CustomerId, OfferId, TicketId
from app.engine.vocabulary import Channel, Presence
from tests.engine.worlds import SYSTEM, World, agent_id, as_agent, document, ident, named, policy, queue, queue_id, setting

ANI, BUDI = as_agent("ani"), as_agent("budi")
NOBODY = TicketId(ident("nobody"))


def pair(**fields: Any) -> World:
    return World(setting("ani", capacity=2), setting("budi", capacity=2), **fields)


def asking(*agents: commands.AgentSetting) -> World:
    return World(*(agents or (setting("ani"), setting("budi"))), routing_policies=[policy(handover="offer")])


def offer_of(world: World, ticket: TicketId) -> OfferId:
    return world.state.tickets.offers[world.slot(ticket)].id


def test_from_assigned_to_closed() -> None:
    world = pair()
    ticket = world.submit()
    steps: list[tuple[commands.Command, list[str], str]] = [
        (commands.StartTicket(ANI, ticket), ["ticket.started"], "in_progress"),
        (commands.StartTicket(ANI, ticket), [], "in_progress"),
        (commands.PendTicket(ANI, ticket), ["ticket.paused"], "pending"),
        (commands.PendTicket(ANI, ticket), [], "pending"),
        (commands.PendTicket(ANI, ticket, reason="third_party"), ["ticket.paused"], "pending"),
        (commands.StartTicket(ANI, ticket), ["ticket.resumed"], "in_progress"),
        (commands.AddMessage(ANI, ticket), ["ticket.responded"], "in_progress"),
        (commands.AddMessage(SYSTEM, ticket, inbound=True), ["ticket.message_received"], "in_progress"),
        (commands.ResolveTicket(ANI, ticket), ["ticket.resolved"], "resolved"),
        (commands.ResolveTicket(ANI, ticket), [], "resolved"),
        (commands.CloseTicket(SYSTEM, ticket), ["ticket.closed"], "closed"),
        (commands.CloseTicket(SYSTEM, ticket), [], "closed"),
    ]
    for command, types, status in steps:
        world.do(command)
        assert (world.types(), world.status(ticket)) == (types, status), command


def test_answer_begins_an_assigned_ticket() -> None:
    world = pair()
    ticket = world.submit()
    world.do(commands.RespondTicket(ANI, ticket))
    assert world.types() == ["ticket.started", "ticket.responded"]


def test_accepted_offer_is_an_assignment() -> None:
    world = asking()
    ticket = world.submit()
    assert (world.status(ticket), world.load("ani")) == ("offered", 1)
    world.do(commands.AnswerOffer(ANI, offer_of(world, ticket), ticket, accept=True), after=60)
    assert world.types() == ["offer.accepted", "ticket.assigned"]
    assert (world.status(ticket), world.load("ani"), world.first(TicketAssigned).how) == ("assigned", 1, "accepted")


def test_lapsed_offer_asks_the_next_and_each_agent_once() -> None:
    world = asking()
    ticket = world.submit()
    due = commands.OfferDue(SYSTEM, offer_of(world, ticket), ticket)
    assert world.do(due, after=59.999).events == []
    world.do(due, after=0.001)
    assert world.types() == ["offer.expired", "offer.created"]
    assert world.owner(ticket) == "budi"
    assert world.do(due).events == []
    world.do(commands.OfferDue(SYSTEM, offer_of(world, ticket), ticket), after=60)
    assert world.types() == ["offer.expired", "ticket.queued"]
    assert world.do(commands.Drain(SYSTEM)).events == []
    assert (world.load("ani"), world.load("budi")) == (0, 0)


def test_who_goes_is_no_longer_asked_but_keeps_the_work_in_hand() -> None:
    world = asking()
    first = world.submit()
    world.do(commands.AnswerOffer(ANI, offer_of(world, first), first, accept=True))
    second = world.submit()
    assert world.owner(second) == "budi"
    world.presence("budi", Presence.AWAY)
    assert world.types() == ["agent.presence_changed", "offer.withdrawn", "offer.created"]
    assert (world.owner(second), world.load("budi")) == ("ani", 0)
    world.presence("ani", Presence.BUSY)
    assert world.types() == ["agent.presence_changed", "offer.withdrawn", "ticket.queued"]
    assert (world.owner(first), world.status(second)) == ("ani", "waiting")
    assert world.presence("ani", Presence.BUSY).events == []


def test_by_hand_ignores_skills_and_presence_but_not_capacity() -> None:
    world = pair()
    world.presence("budi", Presence.OFFLINE)
    ticket = world.submit(skills=(("law", 9),))
    by_hand = commands.AssignTicket(SYSTEM, ticket, agent=agent_id("budi"))
    world.do(by_hand)
    assert (world.owner(ticket), world.first(TicketAssigned).how, world.first(TicketAssigned).forced) == (
        "budi",
        "by_hand",
        False,
    )
    assert world.do(by_hand).events == []


@pytest.mark.parametrize("agent", [setting("budi", capacity=0), setting("budi", limits={Channel.EMAIL: 0})])
def test_by_hand_over_capacity_needs_force_and_is_recorded(agent: commands.AgentSetting) -> None:
    world = World(setting("ani"), agent)
    ticket = world.submit()
    by_hand = commands.AssignTicket(SYSTEM, ticket, agent=agent_id("budi"))
    waiting = world.submit(team="back")
    refused = world.refuse(commands.AssignTicket(SYSTEM, waiting, agent=agent_id("budi")), refusals.AgentAtCapacity)
    assert refused.facts == {"load": 0, "capacity": agent.capacity}
    world.refuse(by_hand, refusals.TicketAlreadyAssigned)
    world.do(commands.AssignTicket(SYSTEM, ticket, agent=agent_id("budi"), force=True))
    assert world.types() == ["ticket.returned", "ticket.assigned"]
    assert (world.owner(ticket), world.first(TicketAssigned).forced, world.load("ani")) == ("budi", True, 0)


def test_by_hand_to_who_was_asked_counts_the_units_once() -> None:
    world = asking(setting("ani", capacity=1))
    ticket = world.submit()
    world.do(commands.AssignTicket(SYSTEM, ticket, agent=agent_id("ani")))
    assert world.types() == ["offer.withdrawn", "ticket.assigned"]
    assert (world.load("ani"), world.first(TicketAssigned).forced) == (1, False)


def test_taken_over_from_pending_the_clock_and_the_former_owner_are_free() -> None:
    world = World(setting("ani", capacity=1), setting("budi"))
    ticket = world.submit()
    world.do(commands.PendTicket(ANI, ticket))
    world.presence("budi", Presence.OFFLINE)
    waiting = world.submit()
    world.do(commands.AssignTicket(SYSTEM, ticket, agent=agent_id("budi"), force=True))
    assert world.types() == ["ticket.resumed", "ticket.returned", "ticket.assigned", "ticket.assigned"]
    assert (world.owner(ticket), world.owner(waiting)) == ("budi", "ani")


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("wake", [commands.ReopenTicket(SYSTEM, NOBODY), commands.AddMessage(SYSTEM, NOBODY, inbound=True)])
def test_reopened_ticket_is_routed_anew(together: bool, wake: commands.TicketCommand) -> None:
    world = pair()
    ticket = world.submit(language=None, skills=())
    world.do(commands.RespondTicket(ANI, ticket), after=1)
    world.do(commands.ResolveTicket(SYSTEM, ticket), after=1, settle=not together)
    world.do(type(wake)(SYSTEM, ticket, **({"inbound": True} if isinstance(wake, commands.AddMessage) else {})), after=1)
    reopened = world.first(TicketReopened)
    assert (reopened.reopened, reopened.first_responded_at) == (1, world.now - 2000)
    assert (world.owner(ticket), world.load("ani"), world.load("budi")) == ("budi", 0, 1)
    assert world.state.tickets.version[world.slot(ticket)] > reopened.version


@pytest.mark.parametrize("together", [True, False])
def test_reopened_ticket_may_be_offered_again_to_who_declined_it(together: bool) -> None:
    world = asking()
    ticket = world.submit()
    world.do(commands.AnswerOffer(ANI, offer_of(world, ticket), ticket, accept=False), settle=not together)
    world.do(commands.ResolveTicket(SYSTEM, ticket), settle=not together)
    world.do(commands.ReopenTicket(SYSTEM, ticket))
    assert world.owner(ticket) == "ani"


def test_reopened_where_the_queue_is_gone_goes_on_in_the_default_queue() -> None:
    world = pair(queues=[queue(), queue("old")])
    ticket = world.submit(queue="old", team="front")
    world.do(commands.ResolveTicket(SYSTEM, ticket))
    world.configure(document())
    world.do(commands.ReopenTicket(SYSTEM, ticket))
    assert (world.first(TicketReopened).queue, world.first(TicketReopened).team) == (queue_id("general"), None)
    assert world.owner(ticket) == "budi" or world.owner(ticket) == "ani"


def test_deleted_agents_work_goes_to_others_in_order() -> None:
    world = World(setting("ani", capacity=2), setting("budi", capacity=1))
    world.presence("budi", Presence.OFFLINE)
    first, second = world.submit(), world.submit()
    world.do(commands.PendTicket(ANI, first))
    world.presence("budi")
    world.configure(document(), removed=["ani", "nobody"])
    assert world.types() == [
        "configuration.applied", "ticket.resumed", "ticket.returned", "ticket.returned", "agent.deleted",
        "ticket.assigned", "ticket.queued",
    ]  # fmt: skip
    assert world.first(TicketReturned).reason == "agent_deleted"
    assert (world.owner(first), world.owner(second)) == ("budi", None)


def test_deleted_agent_is_no_longer_asked_and_a_new_one_has_a_new_number() -> None:
    world = asking()
    ticket = world.submit()
    world.configure(document(routing_policies=[policy(handover="offer")]), removed=["ani"])
    assert world.owner(ticket) == "budi"
    world.configure(document(), setting("ani"))
    assert world.agent("ani")["number"] == 3


def test_same_agents_again_change_nothing_but_the_version() -> None:
    world = pair()
    world.configure(document(), setting("ani", capacity=2), setting("budi", capacity=2))
    assert world.types() == ["configuration.applied"]


def test_same_external_id_is_the_same_ticket() -> None:
    world = pair()
    command = world.draft(external_id="crm-1")
    assert not world.do(command, settle=False).result.existing
    again = world.do(world.draft(external_id="crm-1"))
    assert (again.result.ticket, again.result.existing, again.events) == (command.ticket, True, [])


def test_customer_is_found_again_and_remembered_within_a_batch() -> None:
    world = pair(rules=[
        {**named("vips"), "when": {"field": "customer.tier", "op": "eq", "value": "vip"}, "then": {"priority": "urgent"}}
    ])  # fmt: skip
    first = CustomerDraft(CustomerId(ident("c1")), external_id="c", tier="vip", language="id")
    later = CustomerDraft(CustomerId(ident("c2")), external_id="c", language="en")
    assert world.do(world.draft(customer=first), settle=False).result.customer == first.id
    world.do(world.draft(customer=later))
    created = world.first(TicketCreated)
    assert (created.customer, created.tier, created.priority) == (first.id, "vip", "urgent")
    assert world.facts.customers[first.id].language == "en"


def test_rules_place_a_ticket_and_the_callers_levels_count_too() -> None:
    then = {
        "queue": "other", "team": "back", "category": "law", "area": "bogor", "tags": ["x"],
        "require_skills": [{"skill": "law", "level": 3}],
    }  # fmt: skip
    world = pair(
        queues=[queue(), queue("other")],
        rules=[{**named("r"), "when": {"field": "kind", "op": "eq", "value": "call"}, "then": then}],
    )
    world.submit(kind="call", queue="general", skills=(("law", 2), ("routers", 1)))
    created = world.first(TicketCreated)
    assert (created.queue, created.category, created.area, world.decided.result.tags) == (
        queue_id("other"),
        "law",
        "bogor",
        ("x",),
    )
    assert {need.skill: need.level for need in created.skills} == {ident("law"): 3, ident("routers"): 1}
    assert created.rules == (ident("r"),)


def test_sandbox_clock_moves() -> None:
    world = World(setting("ani"), sandbox=True)
    assert world.do(commands.AdvanceClock(SYSTEM, 5)).events[0].type == "sandbox.clock_advanced"
    assert world.do(commands.AdvanceClock(SYSTEM, 0)).events == []


OPEN = ("waiting", "offered", "assigned", "in_progress", "pending")
ENDED = ("resolved", "closed", "cancelled")


def brought_to(status: str) -> tuple[World, TicketId]:
    """A world with a ticket that stands there; ani has it where somebody has."""
    world = World(setting("ani"), routing_policies=[policy(handover="offer" if status == "offered" else "direct")])
    ticket = world.submit(team="back" if status == "waiting" else None)
    way: dict[str, list[Callable[..., commands.Command]]] = {
        "in_progress": [commands.StartTicket],
        "pending": [commands.PendTicket],
        "resolved": [commands.ResolveTicket],
        "closed": [commands.ResolveTicket, commands.CloseTicket],
        "cancelled": [commands.CancelTicket],
    }
    for step in way.get(status, []):
        world.do(step(SYSTEM, ticket))
    assert world.status(ticket) == status
    return world, ticket


WRONG: list[tuple[type[commands.TicketCommand], tuple[str, ...], dict[str, Any]]] = [
    (commands.StartTicket, ("waiting", "offered", *ENDED), {}),
    (commands.RespondTicket, ("waiting", "offered", *ENDED), {}),
    (commands.AddMessage, ("waiting", "offered", *ENDED), {}),
    (commands.AddMessage, ("closed", "cancelled"), {"inbound": True}),
    (commands.PendTicket, ("waiting", "offered", *ENDED), {}),
    (commands.ResolveTicket, ("closed", "cancelled"), {}),
    (commands.ReopenTicket, ("closed", "cancelled"), {}),
    (commands.CloseTicket, (*OPEN, "cancelled"), {}),
    (commands.CancelTicket, ("resolved", "closed"), {}),
    (commands.AssignTicket, ENDED, {"agent": agent_id("ani")}),
]


@pytest.mark.parametrize(
    ("command", "status", "fields"), [(command, status, fields) for command, wrong, fields in WRONG for status in wrong]
)
def test_wrong_state_is_refused(command: type[commands.TicketCommand], status: str, fields: dict[str, Any]) -> None:
    world, ticket = brought_to(status)
    refused = world.refuse(command(SYSTEM, ticket, **fields), refusals.WrongState)
    assert refused.facts == {"ticket_status": status}


ALL = [
    commands.StartTicket, commands.RespondTicket, commands.AddMessage, commands.PendTicket, commands.ResolveTicket,
    commands.ReopenTicket, commands.CloseTicket, commands.CancelTicket, commands.AssignTicket,
]  # fmt: skip


@pytest.mark.parametrize("command", ALL)
def test_unknown_ticket_is_refused(command: type[commands.TicketCommand]) -> None:
    fields: dict[str, Any] = {"agent": agent_id("ani")} if command is commands.AssignTicket else {}
    pair().refuse(command(SYSTEM, NOBODY, **fields), refusals.TicketNotFound)


@pytest.mark.parametrize("status", ["assigned", "resolved"])
@pytest.mark.parametrize("command", ALL)
def test_stale_version_is_refused(command: type[commands.TicketCommand], status: str) -> None:
    world, ticket = brought_to(status)
    fields: dict[str, Any] = {"agent": agent_id("ani")} if command is commands.AssignTicket else {}
    if (command, status) in {
        (commands.AssignTicket, "assigned"), (commands.ReopenTicket, "assigned"), (commands.ResolveTicket, "resolved"),
    }:  # fmt: skip
        assert world.do(command(SYSTEM, ticket, expected_version=1, **fields)).events == []  # it is so already
    else:
        refused = world.refuse(command(SYSTEM, ticket, expected_version=1, **fields), refusals.VersionMismatch)
        assert refused.facts["version"] > 1


@pytest.mark.parametrize(
    "command",
    [commands.StartTicket, commands.RespondTicket, commands.AddMessage, commands.PendTicket, commands.ResolveTicket],
)
def test_only_the_owner_works_on_a_ticket(command: type[commands.TicketCommand]) -> None:
    for status, actor in (("assigned", BUDI), ("waiting", ANI), ("offered", ANI)):
        world, ticket = brought_to(status)
        world.refuse(command(actor, ticket), refusals.NotYours)


def test_offers_refuse_strangers_the_late_and_the_unknown() -> None:
    world = asking()
    ticket = world.submit()
    offer = offer_of(world, ticket)
    world.refuse(commands.AnswerOffer(BUDI, offer, ticket, accept=True), refusals.NotYours)
    world.refuse(commands.AnswerOffer(ANI, OfferId(ident("?")), ticket, accept=True), refusals.OfferEnded)
    world.refuse(commands.AnswerOffer(ANI, offer, NOBODY, accept=True), refusals.OfferNotFound)
    world.refuse(commands.AnswerOffer(ANI, offer, ticket, accept=True), refusals.OfferEnded, after=60.001)
    world.do(commands.CancelTicket(SYSTEM, ticket))
    world.refuse(commands.AnswerOffer(ANI, offer, ticket, accept=True), refusals.OfferEnded)


def test_agents_refuse_to_be_moved_by_others() -> None:
    world = pair()
    world.refuse(commands.SetPresence(BUDI, agent_id("ani"), Presence.AWAY), refusals.NotYours)
    world.refuse(commands.SetPresence(SYSTEM, AgentId(ident("?")), Presence.AWAY), refusals.AgentNotFound)
    world.refuse(commands.AssignTicket(SYSTEM, world.submit(), agent=AgentId(ident("?"))), refusals.AgentNotFound)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"queue": "x"}, "/queue"),
        ({"team": "x"}, "/team"),
        ({"skills": (("law", 1), ("x", 1))}, "/require_skills/1/skill"),
        ({"wishes": (("x", 1),)}, "/wish_skills/0/skill"),
    ],
)
def test_unknown_name_is_refused_and_pointed_at(fields: dict[str, Any], pointer: str) -> None:
    world = pair()
    customer = CustomerDraft(CustomerId(ident("c")), external_id="c")
    refused = world.refuse(world.draft(external_id="e", customer=customer, **fields), refusals.UnknownReference)
    assert refused.facts["pointer"] == pointer


def test_workspace_without_a_queue_and_moved_configurations_refuse() -> None:
    world = pair(default_queue=None)
    world.refuse(world.draft(), refusals.NoQueue)
    rule = {**named("r"), "when": {"field": "text", "op": "contains", "value": "x"}, "then": {"category": "c"}}
    world = pair(rules=[rule])
    world.refuse(world.draft(configuration=0, external_id="e"), refusals.ConfigurationMoved)
    refused = world.refuse(commands.ApplyConfiguration(SYSTEM, 0, {}, ()), refusals.ConfigurationMoved)
    assert refused.facts == {"version": 1}
    world.refuse(commands.AdvanceClock(SYSTEM, 5), refusals.NotASandbox)


def test_queue_with_open_tickets_cannot_go() -> None:
    world = pair(queues=[queue(), queue("old")])
    ticket = world.submit(queue="old")
    whole = document()
    with pytest.raises(refusals.QueueInUse) as refused:
        world.configure(whole)
    assert refused.value.facts == {"queues": {"old": 1}}
    world.refuse(commands.ApplyConfiguration(SYSTEM, 1, whole, (setting("citra"),)), refusals.QueueInUse)
    world.do(commands.ResolveTicket(SYSTEM, ticket))
    world.configure(whole)
    assert world.state.configuration.version == 2


def test_team_that_open_tickets_name_cannot_go() -> None:
    world = pair(teams=[*document()["teams"], named("night")])
    ticket = world.submit(team="night")
    with pytest.raises(refusals.TeamInUse) as refused:
        world.configure(document())
    assert refused.value.facts == {"teams": {"night": 1}}
    world.do(commands.CancelTicket(SYSTEM, ticket))
    world.configure(document())
    assert world.state.configuration.version == 2


def test_skill_that_open_tickets_require_cannot_go() -> None:
    world = pair(skills=[*document()["skills"], named("rare")])
    ticket = world.submit(skills=(("rare", 1),))
    world.submit(wishes=(("rare", 1),))
    with pytest.raises(refusals.SkillInUse) as refused:
        world.configure(document())
    assert refused.value.facts == {"skills": {"rare": 1}}
    world.do(commands.ResolveTicket(SYSTEM, ticket))
    world.configure(document())
    assert world.state.configuration.version == 2


def test_agent_with_another_title_has_another_version_and_whoever_read_the_old_one_is_told() -> None:
    world = pair()
    ani, whole = setting("ani", capacity=2), document()
    slot = world.state.agents.slot_of[ani.agent]
    read = int(world.state.agents.version[slot])

    def change(expected: int | None) -> commands.ApplyConfiguration:
        base = world.state.configuration.version
        world.facts.documents[base + 1] = compile_configuration(base + 1, whole)
        return commands.ApplyConfiguration(
            SYSTEM, base, whole, (ani,), retitled=(ani.agent,), agent=ani.agent, expected_version=expected
        )

    world.do(change(read))
    assert world.types() == ["configuration.applied", "agent.updated"]
    assert int(world.state.agents.version[slot]) == read + 1
    refused = world.refuse(change(read), refusals.VersionMismatch)
    assert refused.facts == {"version": read + 1}
    world.do(change(None))


def test_error_in_the_middle_of_a_command_leaves_no_trace() -> None:
    world = pair()
    broken = setting("citra", teams=("front",), limits={Channel.SMS: None})  # type: ignore[dict-item]
    world.facts.documents[2] = world.facts.documents[1]
    before = world.everything()
    with pytest.raises(TypeError):
        world.do(commands.ApplyConfiguration(SYSTEM, 1, {}, (setting("dewi"), setting("ani", ("back",)), broken), ()))
    assert world.everything() == before
    assert world.owner(world.submit()) == "ani"
    assert [world.agent_of(place) for place in world.body()["ranked"]] == [agent_id("ani"), agent_id("budi")]


def test_actor_of_the_system_may_do_what_agents_may_not() -> None:
    world = pair()
    ticket = world.submit()
    world.do(commands.ResolveTicket(Actor(SYSTEM.type, "other"), ticket))
    assert world.status(ticket) == "resolved"
