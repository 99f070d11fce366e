"""Questions to a state: what they say comes true, and they leave no trace."""

from random import Random
from typing import Any

import pytest

from app.engine.asking import Page, Question, WhatNext, WhoCould, WhoCouldTake
from app.engine.ids import TicketId
from app.engine.tickets import METRICS, NONE
from app.engine.vocabulary import Channel, Metric, Presence, Priority, Status, Strategy
from tests.engine.worlds import World, agent_id, policy, queue, setting, skill_id, sla, team_id

EVERYBODY = Page(1000)


def ask(world: World, question: Question) -> Any:
    """As the dispatcher asks: what was moved is put back, and nothing else was."""
    before, mark = world.everything(), world.state.journal.mark
    answer = question(world.state, world.facts, world.now)
    world.state.journal.undo(mark)
    assert world.everything() == before
    return answer


def busy_world(seed: int, **fields: Any) -> tuple[World, Random, list[TicketId]]:
    """A desk with a past: agents of all sorts, tickets in every place of their life."""
    chance = Random(seed)
    teams = ("front", "back", "senior")
    world = World(
        *(
            setting(
                f"a{n}",
                chance.sample(teams, chance.randint(0, 2)),
                skills={"refunds": chance.randint(1, 9)} if chance.random() < 0.5 else {},
                languages=["id"] if chance.random() < 0.5 else [],
                capacity=chance.randint(1, 3),
                weight=chance.randint(1, 3),
            )
            for n in range(12)
        ),
        routing_policies=[
            policy("standard", chance.choice(list(Strategy)), chance.choice(["fifo", "priority", "deadline"])),
            policy("asking", "least_load", handover="offer", offer_seconds=60),
        ],
        sla_policies=[sla(warn_at_percent=80, escalations=[])],
        queues=[
            queue("general", ["front", "back"], sla_policy="promise"),
            queue("other", ["senior", "front"], routing_policy="asking"),
        ],
        **fields,
    )
    tickets: list[TicketId] = []
    for _ in range(30):
        if chance.random() < 0.2:
            world.presence(f"a{chance.randrange(12)}", chance.choice(list(Presence)), after=1)
        tickets.append(world.submit(after=chance.randint(0, 5), **some_ticket(chance)))
    return world, chance, tickets


def some_ticket(chance: Random) -> dict[str, Any]:
    return {
        "queue": chance.choice([None, "general", "other"]),
        "priority": chance.choice(list(Priority)),
        "channel": chance.choice(list(Channel)),
        "language": chance.choice([None, None, "id"]),
        "skills": chance.choice([(), (), (("refunds", chance.randint(1, 9)),)]),
        "tier": chance.choice([None, "vip"]),
    }


@pytest.mark.parametrize("seed", range(25))
def test_the_first_of_all_is_who_a_real_ticket_goes_to(seed: int) -> None:
    world, chance, _ = busy_world(seed)
    for _ in range(5):
        draft = world.draft(**some_ticket(chance))
        said = ask(world, WhoCouldTake(draft, EVERYBODY))
        assert len(said.page) == said.considered == 12
        assert sum(one["agents"] for one in said.rejected) == 12 - said.eligible
        world.do(draft)
        body = world.body()
        assert (said.considered, said.eligible, said.rejected) == (body["considered"], body["eligible"], body["rejected"])
        assert said.requirement == body["requirement"]
        assert [(one.load, one.capacity, *one.values) for one in said.page[:10] if one.values] == [
            tuple(place) for place in body["ranked"]
        ]
        chosen = said.best[0].agent if said.best else None
        assert world.state.agent_id(world.slot(draft.ticket)) == chosen


@pytest.mark.parametrize("seed", range(10))
def test_pages_and_single_agents_say_what_the_whole_says(seed: int) -> None:
    world, chance, tickets = busy_world(seed)
    for ticket in chance.sample(tickets, 6):
        whole = ask(world, WhoCould(ticket, EVERYBODY)).page
        paged = []
        page = Page(chance.randint(1, 5))
        while True:
            said = ask(world, WhoCould(ticket, page))
            paged += said.page
            if not said.more:
                break
            rejected, place = said.page[-1].where
            page = Page(page.limit, place, rejected=rejected)
        assert paged == whole
        for one in whole:
            assert ask(world, WhoCould(ticket, Page(1, agent=one.agent))).page == [one]


@pytest.mark.parametrize("seed", range(10))
def test_the_place_in_the_queue_is_the_order_in_which_tickets_are_taken(seed: int) -> None:
    world, _, tickets = busy_world(seed)
    for n in range(12):
        world.presence(f"a{n}", Presence.OFFLINE)
    places: dict[bytes, list[int]] = {}
    keys: dict[bytes, list[tuple[int, int, int]]] = {}
    for ticket in tickets:
        slot = world.slot(ticket)
        said = ask(world, WhatNext(ticket))
        assert (said.position is not None) == (world.status(ticket) is Status.WAITING)
        if said.position is not None:
            places.setdefault(said.queue, []).append(said.position)
            keys.setdefault(said.queue, []).append(
                (world.state.tickets.order_key[slot], world.state.tickets.number[slot], said.position)
            )
            assert said.waiting == sum(
                world.state.requirement(other).queue == said.queue and world.state.tickets.status_of(other) is Status.WAITING
                for other in world.state.tickets.slot_of.values()
            )
    assert places or all(world.status(ticket) is not Status.WAITING for ticket in tickets)
    for queue_id, taken in places.items():
        assert sorted(taken) == list(range(1, len(taken) + 1))
        assert [place for _, _, place in sorted(keys[queue_id])] == sorted(taken)


def test_what_is_foretold_comes_true() -> None:
    steps = [
        {"metric": "first_response", "after_seconds": 10, "raise_priority": True, "move_to_team": None},
        {"metric": "first_response", "after_seconds": 500, "raise_priority": True, "move_to_team": "senior"},
        {"metric": "resolution", "after_seconds": 5, "raise_priority": True, "hand_to_id": agent_id("boss").hex()},
    ]
    world = World(
        setting("boss", ["back"]),
        sla_policies=[sla(warn_at_percent=80, escalations=steps)],
        queues=[queue(sla_policy="promise")],
    )
    ticket = world.submit(priority=Priority.HIGH)
    foretold = ask(world, WhatNext(ticket)).coming
    assert [(one.kind, one.metric, one.level) for one in foretold] == [
        ("warning", Metric.FIRST_RESPONSE, None),
        ("breach", Metric.FIRST_RESPONSE, None),
        ("escalation", Metric.FIRST_RESPONSE, 1),
        ("escalation", Metric.FIRST_RESPONSE, 2),
        ("warning", Metric.RESOLUTION, None),
        ("breach", Metric.RESOLUTION, None),
        ("escalation", Metric.RESOLUTION, 1),
    ]
    for index, step in enumerate(foretold):
        assert ask(world, WhatNext(ticket)).coming == foretold[index:]
        world.now = step.at
        slot = world.slot(ticket)
        moments = {metric: world.state.tickets.timers[metric].next[slot] for metric in METRICS}
        assert min(at for at in moments.values() if at != NONE) == step.at
        assert step.metric is not None
        world.tick(ticket, step.metric)
        if step.priority is not None:
            assert world.state.tickets.priority_of(slot) is step.priority
        if step.team is not None:
            assert world.state.requirement(slot).team == step.team == team_id("senior")
        if step.agent is not None:
            assert world.state.agent_id(slot) == step.agent
    assert [one.priority for one in foretold if one.kind == "escalation"] == [Priority.URGENT, None, None]
    assert ask(world, WhatNext(ticket)).coming == []


def test_whom_only_the_moment_keeps_out() -> None:
    world = World(
        setting("ani", capacity=1),
        setting("budi"),
        setting("citra", skills={"refunds": 5}),
        setting("dedi", ["back"]),
    )
    world.submit()
    world.presence("budi", Presence.AWAY)
    world.presence("citra", Presence.BUSY)
    taken = world.submit()
    said = ask(world, WhatNext(taken))
    assert (said.passing, [one.agent for one in said.some]) == (3, [agent_id(name) for name in ("ani", "budi", "citra")])
    skilled = world.submit(skills=(("refunds", 5),))
    assert [one.agent for one in ask(world, WhatNext(skilled)).some] == [agent_id("citra")]
    assert ask(world, WhatNext(skilled)).requirement["skills"] == [[skill_id("refunds").hex(), 5]]
