"""How a queue orders those who may: each strategy by a small example, and what the record says of it."""

from typing import Any

import pytest

from app.engine import commands
from app.engine.ids import TicketId
from app.engine.vocabulary import Channel, Presence
from tests.engine.worlds import SYSTEM, World, document, policy, queue, setting, team_id

VIP: dict[str, Any] = {"vip": {"tiers": [{"tier": "vip", "team": "senior"}, {"tier": "gold", "team": "back"}]}}


def give(world: World, count: int, **fields: Any) -> list[str | None]:
    return [world.owner(world.submit(**fields)) for _ in range(count)]


def with_policy(*agents: commands.AgentSetting, **fields: Any) -> World:
    return World(*agents, routing_policies=[policy(**fields)], queues=[queue(teams=("front", "back"))])


def hold(world: World, name: str, count: int) -> list[TicketId]:
    """Give an agent work by hand, which moves no turn."""
    tickets = []
    for _ in range(count):
        ticket = world.submit(team="senior")
        world.do(commands.AssignTicket(SYSTEM, ticket, agent=setting(name).agent))
        tickets.append(ticket)
    return tickets


def test_round_robin_goes_round() -> None:
    world = with_policy(setting("ani"), setting("budi"), setting("citra"))
    assert give(world, 5) == ["ani", "budi", "citra", "ani", "budi"]
    assert world.body()["keys"] == ["least_recently_assigned", "created_first"]
    assert world.body()["tie_break"] == "least_recently_assigned"


def test_round_robin_has_turns_of_its_own_in_each_queue() -> None:
    world = World(setting("ani"), setting("budi"), queues=[queue(), queue("other")])
    assert give(world, 1) == ["ani"]
    assert give(world, 2, queue="other") == ["ani", "budi"]


def test_first_choice_of_all_is_who_was_created_first() -> None:
    world = with_policy(setting("zeta"), setting("alfa"))
    assert give(world, 1) == ["zeta"]
    assert world.body()["tie_break"] == "created_first"


def test_only_candidate_is_said_to_be_the_only_one() -> None:
    world = with_policy(setting("ani"), setting("budi", capacity=0))
    assert give(world, 1) == ["ani"]
    assert world.body()["tie_break"] == "only_candidate"


def test_by_hand_and_declined_move_no_turn() -> None:
    world = with_policy(setting("ani"), setting("budi"))
    hold(world, "ani", 1)
    assert give(world, 1) == ["ani"]
    world = with_policy(setting("ani"), setting("budi"), handover="offer")
    ticket = world.submit()
    offer = world.state.tickets.offers[world.slot(ticket)]
    world.do(commands.AnswerOffer(SYSTEM, offer.id, ticket, accept=False))
    assert give(world, 1) == ["ani"]


def test_weighted_round_robin_follows_the_weights() -> None:
    world = with_policy(setting("ani", weight=3, capacity=99), setting("budi", capacity=99), strategy="weighted_round_robin")
    assert give(world, 8).count("ani") == 6
    assert world.body()["keys"][0] == "smallest_pass"


def test_returner_starts_at_the_present_pass() -> None:
    world = with_policy(setting("ani", capacity=99), setting("budi", capacity=99), strategy="weighted_round_robin")
    world.presence("budi", Presence.OFFLINE)
    give(world, 20)
    world.presence("budi")
    assert sorted(give(world, 10), key=str) == ["ani"] * 5 + ["budi"] * 5


def test_agents_of_a_team_new_to_the_queue_start_at_the_present_pass() -> None:
    policies = [policy(strategy="weighted_round_robin")]
    world = World(setting("ani", capacity=99), setting("budi", ("back",), capacity=99), routing_policies=policies)
    give(world, 20)
    world.configure(document(routing_policies=policies, queues=[queue(teams=("front", "back"))]))
    assert sorted(give(world, 10), key=str) == ["ani"] * 5 + ["budi"] * 5


@pytest.mark.parametrize(
    ("loads", "capacities", "winner"),
    [
        ((1, 0), (5, 5), "budi"),  # fewer units
        ((1, 1), (4, 5), "budi"),  # 2/4 > 2/5
        ((0, 1), (1, 10), "budi"),  # 1/1 > 2/10: it is the share after the ticket that counts
        ((1, 3), (5, 10), "ani"),  # 2/5 = 4/10: equal fractions tie, whoever was created first
        ((2, 1), (300, 200), "ani"),  # 3/300 = 2/200
    ],
)
def test_least_load_compares_the_share_after_the_ticket(loads: tuple[int, int], capacities: tuple[int, int], winner: str) -> None:
    world = with_policy(setting("ani", capacity=capacities[0]), setting("budi", capacity=capacities[1]), strategy="least_load")
    hold(world, "ani", loads[0])
    hold(world, "budi", loads[1])
    assert give(world, 1) == [winner]
    ranked = world.body()["ranked"]
    assert {load for load, *_ in ranked} == set(loads)
    assert {capacity for _, capacity, *_ in ranked} == set(capacities)


def test_least_load_counts_the_units_of_this_ticket() -> None:
    world = World(
        setting("ani", capacity=4), setting("budi", capacity=9),
        routing_policies=[policy(strategy="least_load")], costs={"kinds": {"call": 4}, "channels": {"phone": 3}},
    )  # fmt: skip
    assert give(world, 1, kind="call", channel=Channel.PHONE) == ["budi"]
    assert (world.body()["requirement"]["cost"], world.load("budi")) == (4, 4)


SKILLED = (
    setting("expert", skills={"refunds": 9, "law": 5}),
    setting("able", skills={"refunds": 4}),
    setting("novice", skills={"refunds": 2, "law": 9}),
)


@pytest.mark.parametrize(
    ("fit", "ticket", "winner"),
    [
        ("best", {"skills": (("refunds", 3),)}, "expert"),
        ("least_sufficient", {"skills": (("refunds", 3),)}, "able"),
        ("least_sufficient", {"skills": (("refunds", 1),)}, "novice"),
        ("best", {"wishes": (("law", 1),)}, "novice"),
        ("best", {"skills": (("refunds", 1),), "wishes": (("law", 1),)}, "expert"),  # 14 > 11 > 4
        ("least_sufficient", {"wishes": (("law", 1),)}, "novice"),  # a wish is still a wish for the best
    ],
)
def test_skill_prefers_by_level(fit: str, ticket: dict[str, Any], winner: str) -> None:
    world = with_policy(*SKILLED, strategy="skill", skill_fit=fit)
    assert give(world, 1, **ticket) == [winner]


def test_equal_skill_goes_by_load() -> None:
    world = with_policy(setting("ani"), setting("budi"), strategy="skill")
    assert give(world, 3) == ["ani", "budi", "ani"]


def test_tier_goes_to_its_own_team_first_and_others_spare_it() -> None:
    agents = (setting("ani"), setting("sri", ("senior", "front")), setting("gita", ("back",)))
    world = with_policy(*agents, strategy="vip", **VIP)
    assert give(world, 2, tier="vip") == ["sri", "sri"]
    assert give(world, 1, tier="gold") == ["gita"]
    assert give(world, 5) == ["ani"] * 5
    assert give(world, 1) == ["gita"]  # both tiers' teams are spared alike, and gita holds less
    assert world.body()["ranked"][0][2] == 1


def test_tier_takes_others_when_its_own_team_is_full() -> None:
    world = with_policy(setting("ani"), setting("sri", ("senior",), capacity=1), strategy="vip", **VIP)
    assert give(world, 2, tier="vip") == ["sri", "ani"]


def test_longest_idle_is_who_finished_first_and_holds_nothing() -> None:
    world = with_policy(setting("ani"), setting("budi"), setting("citra"), strategy="longest_idle")
    first = world.submit()
    second = world.submit(after=1)
    assert (world.owner(first), world.owner(second)) == ("ani", "budi")
    world.do(commands.ResolveTicket(SYSTEM, second), after=5)
    world.do(commands.ResolveTicket(SYSTEM, first), after=5)
    assert give(world, 3) == ["citra", "budi", "ani"]
    assert give(world, 1) == ["citra"]  # all hold one: citra has been here longest without finishing any


def test_whoever_comes_is_idle_from_then() -> None:
    world = with_policy(setting("ani"), setting("budi"), strategy="longest_idle")
    world.presence("ani", Presence.AWAY, after=1)
    world.presence("ani", after=1)
    assert give(world, 1) == ["budi"]


def test_fair_share_gives_specialists_less_of_what_all_can_do() -> None:
    world = with_policy(setting("both", skills={"law": 1}, capacity=99), setting("one", capacity=99), strategy="fair_share")
    assert give(world, 2, skills=(("law", 1),)) == ["both", "both"]
    assert give(world, 4).count("both") == 2  # a ticket only one could take is that one's whole share, owed to nobody
    assert world.body()["keys"][0] == "largest_share_owed"


def test_fair_share_pays_back_what_is_owed() -> None:
    world = with_policy(setting("ani", capacity=99), setting("budi", capacity=99), strategy="fair_share")
    hold(world, "budi", 1)
    assert give(world, 4) == ["ani", "budi", "ani", "budi"]
    turns = world.state.turns_of(world.state.configuration.queue_names["general"])
    assert turns.credit.sum() == 0


def test_offer_counts_its_share_when_accepted() -> None:
    world = with_policy(setting("ani"), setting("budi"), strategy="fair_share", handover="offer")
    ticket = world.submit()
    offer = world.state.tickets.offers[world.slot(ticket)]
    world.do(commands.AnswerOffer(SYSTEM, offer.id, ticket, accept=True))
    assert world.decided.events[-1].shared == (1, 2)  # type: ignore[attr-defined]


def test_record_keeps_ten_of_many_and_counts_all() -> None:
    world = with_policy(*(setting(f"a{number}") for number in range(25)), strategy="least_load")
    give(world, 7)
    body = world.body()
    assert (body["considered"], body["eligible"], len(body["ranked"])) == (25, 25, 10)
    assert [place[-1] for place in body["ranked"]] == list(range(7, 17))
    assert body["requirement"]["team"] is None


def test_transferred_ticket_may_go_to_a_team_outside_the_queue() -> None:
    world = with_policy(setting("ani"), setting("sri", ("senior",)))
    assert give(world, 1, team="senior") == ["sri"]
    assert world.body()["requirement"]["team"] == team_id("senior").hex()
