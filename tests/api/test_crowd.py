"""Many callers at once over HTTP: places are given out exactly, and nobody is refused for want of an agent."""

import asyncio
from collections import Counter
from typing import Any

from tests.api.service import Service

AGENTS, PLACES, TICKETS, CONNECTIONS = 10, 5, 500, 64
DESK: dict[str, Any] = {
    "teams": [{"name": "team"}],
    "routing_policies": [{"name": "policy", "strategy": "least_load"}],
    "queues": [{"name": "general", "routing_policy": "policy", "teams": ["team"]}],
    "agents": [{"name": f"agent-{number}", "title": "A", "teams": ["team"], "capacity": PLACES} for number in range(AGENTS)],
}


async def test_fifty_places_and_five_hundred_tickets_from_sixty_four_connections(bare: Service) -> None:
    assert (await bare.apply(DESK)).status_code == 200
    await bare.come(*(agent["name"] for agent in DESK["agents"]))
    waiting = iter(range(TICKETS))
    answers: list[dict[str, Any]] = []

    async def connection() -> None:
        for number in waiting:
            answer = await bare.ticket(subject=f"Ticket {number}")
            answers.append(answer)

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    assert Counter(answer["status"] for answer in answers) == {"assigned": AGENTS * PLACES, "waiting": TICKETS - AGENTS * PLACES}
    owned = Counter(answer["agent_id"] for answer in answers if answer["agent_id"])
    assert list(owned.values()) == [PLACES] * AGENTS
    assert {answer["number"] for answer in answers} == set(range(1, TICKETS + 1))
    late = next(answer for answer in answers if answer["status"] == "waiting")
    decision = (await bare.call("GET", f"/v1/decisions/{late['decision_id']}")).json()
    assert "capacity" in str(decision["rejected"])
