"""Who may take a ticket: each filter lets the right agents pass and says why of the others."""

from typing import Any

import pytest

from app.engine import commands
from app.engine.commands import AgentSetting
from app.engine.vocabulary import Channel, Presence
from tests.engine.worlds import SYSTEM, World, agent_id, document, ident, policy, queue, setting, skill_id, team_id

EMAIL = Channel.EMAIL
Case = tuple[AgentSetting, dict[str, Any], dict[str, Any] | None]

CASES: dict[str, Case] = {  # the agent, the ticket, why not (None: may)
    "in the queue's team": (setting("ani", ("back", "front")), {}, None),
    "in another team": (setting("ani", ("back",)), {}, {"reason": "team", "teams": [ident("front").hex()]}),
    "in the ticket's own team": (setting("ani", ("back",)), {"team": "back"}, None),
    "not in the ticket's own team": (setting("ani"), {"team": "back"}, {"reason": "team", "teams": [ident("back").hex()]}),
    "has the skill": (setting("ani", skills={"refunds": 3}), {"skills": (("refunds", 3),)}, None),
    "has the skill too low": (
        setting("ani", skills={"refunds": 2}),
        {"skills": (("refunds", 3),)},
        {"reason": "skill", "skill": ident("refunds").hex(), "level": 3},
    ),
    "nobody has the skill": (
        setting("ani"),
        {"skills": (("law", 1),)},
        {"reason": "skill", "skill": ident("law").hex(), "level": 1},
    ),
    "lacks a wish": (setting("ani"), {"wishes": (("law", 9),)}, None),
    "speaks the language": (setting("ani", languages=("id", "en")), {"language": "id"}, None),
    "speaks another language": (
        setting("ani", languages=("en",)),
        {"language": "id"},
        {"reason": "language", "language": "id"},
    ),
    "says nothing of languages": (setting("ani"), {"language": "id"}, {"reason": "language", "language": "id"}),
    "is asked for no language": (setting("ani", languages=("en",)), {}, None),
    "serves the area": (setting("ani", areas=("bandung",)), {"area": "bandung"}, None),
    "serves another area": (setting("ani", areas=("bogor",)), {"area": "bandung"}, {"reason": "area", "area": "bandung"}),
    "serves any area": (setting("ani"), {"area": "bandung"}, None),
    "has exactly enough units": (setting("ani", capacity=2), {"channel": Channel.PHONE}, None),
    "has not enough units": (setting("ani", capacity=1), {"channel": Channel.PHONE}, {"reason": "capacity"}),
    "has no units": (setting("ani", capacity=0), {}, {"reason": "capacity"}),
    "has units on the channel": (setting("ani", limits={EMAIL: 1}), {}, None),
    "has no units on the channel": (
        setting("ani", limits={EMAIL: 0}),
        {},
        {"reason": "channel_capacity", "channel": "email"},
    ),
    "is limited on another channel": (setting("ani", limits={Channel.SMS: 0}), {}, None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_agent_may_take_it_or_is_rejected_with_the_reason(case: Case) -> None:
    agent, ticket, why = case
    world = World(agent, costs={"channels": {"phone": 2}})
    number = world.submit(**ticket)
    assert world.body()["rejected"] == ([] if why is None else [{**why, "agents": 1}])
    assert world.owner(number) == (None if why else "ani")
    assert world.decided.decisions[0].codes == bytes([0 if why is None else 1])


@pytest.mark.parametrize("presence", [Presence.OFFLINE, Presence.AWAY, Presence.BUSY])
def test_absent_agent_is_rejected_with_the_presence(presence: Presence) -> None:
    world = World(setting("ani"))
    world.presence("ani", presence)
    world.submit()
    assert world.body()["rejected"] == [{"reason": presence, "agents": 1}]


def test_agent_who_declined_is_rejected_for_that_ticket_alone() -> None:
    world = World(setting("ani"), setting("budi"), routing_policies=[policy(handover="offer")])
    ticket = world.submit()
    offer = world.state.tickets.offers[world.slot(ticket)]
    world.do(commands.AnswerOffer(SYSTEM, offer.id, ticket, accept=False))
    assert world.owner(ticket) == "budi"
    assert world.body()["rejected"] == [{"reason": "declined", "agents": 1}]
    assert world.decided.decisions[0].codes == b"\x01\x00"
    world.submit()
    assert world.body()["rejected"] == []


def test_first_failing_filter_names_the_reason_and_each_agent_is_counted_once() -> None:
    wanted: dict[str, Any] = {"skills": (("refunds", 2), ("law", 1)), "language": "id", "area": "bogor"}
    first, second = sorted(("refunds", "law"), key=skill_id)
    able: dict[str, Any] = {"skills": {"refunds": 2, "law": 1}, "languages": ("id",), "areas": ("bogor",)}
    agents = [
        setting("no team", ("back",)),
        setting("no first skill", skills={second: 9}),
        setting("no second skill", skills={first: 9}),
        setting("no language", skills=able["skills"]),
        setting("no area", skills=able["skills"], languages=("id",), areas=("depok",)),
        setting("no presence", **able, capacity=0),
        setting("no units", **able, capacity=0, limits={EMAIL: 0}),
        setting("no channel", **able, limits={EMAIL: 0}),
        setting("able", **able),
    ]
    world = World(*agents)
    world.presence("no presence", Presence.AWAY)
    ticket = world.submit(**wanted)
    body = world.body()
    reasons = ["team", "skill", "skill", "language", "area", "away", "capacity", "channel_capacity"]
    assert [line["reason"] for line in body["rejected"]] == reasons
    assert {line["agents"] for line in body["rejected"]} == {1}
    assert (body["considered"], body["eligible"]) == (9, 1)
    assert world.decided.decisions[0].codes == bytes([1, 2, 3, 4, 5, 6, 7, 8, 0])
    assert world.owner(ticket) == "able"


def test_tier_lets_its_own_team_in() -> None:
    vip = policy(strategy="vip", vip={"tiers": [{"tier": "vip", "team": "senior"}]})
    world = World(setting("sri", ("senior",)), routing_policies=[vip])
    assert world.owner(world.submit()) is None
    assert world.owner(world.submit(tier="vip")) == "sri"
    assert world.owner(world.submit(tier="vip", team="front")) is None


def test_reason_bytes_stand_in_the_order_of_creation_after_slots_were_used_again() -> None:
    world = World(setting("ani"), setting("budi", capacity=0), setting("citra"))
    world.configure(document(), setting("dewi", capacity=0), removed=["ani"])
    world.configure(document(), setting("eko", ("back",)))
    world.presence("dewi")
    assert world.state.agents.slot_of[agent_id("eko")] == 0
    world.submit()
    reasons = [line["reason"] for line in world.body()["rejected"]]
    codes = world.decided.decisions[0].codes
    assert codes is not None
    assert [code and reasons[code - 1] for code in codes] == ["capacity", 0, "capacity", "team"]  # budi, citra, dewi, eko


def test_above_a_thousand_agents_only_counts_are_kept() -> None:
    world = World(*(setting(f"a{number}", capacity=number % 2) for number in range(1001)))
    world.submit()
    assert world.decided.decisions[0].codes is None
    assert world.body()["rejected"] == [{"reason": "capacity", "agents": 501}]
    assert len(world.body()["ranked"]) == 10


def test_removed_team_leaves_its_tickets_waiting() -> None:
    world = World(setting("ani"), queues=[queue(teams=("front",))])
    ticket = world.submit(team="back")
    assert world.state.requirement(world.slot(ticket)).team == team_id("back")
    assert world.owner(ticket) is None
