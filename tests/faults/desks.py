"""Configurations for workspaces in the lab: who works there, what is promised, and whether agents are asked first."""

from typing import Any

QUICK = {
    "name": "quick",
    "targets": {"high": {"first_response_seconds": 2}},
    "warn_at_percent": 50,
    "escalations": [{"metric": "first_response", "after_seconds": 1}],
}


def configuration(
    *, agents: int = 20, askers: int = 4, capacity: int = 5, offer_seconds: int = 5, sla: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Queue `general` gives, queue `offered` asks. A ticket of priority high is promised the policy `sla`, others nothing."""
    return {
        "default_queue": "general",
        "teams": [{"name": "givers"}, {"name": "askers"}],
        "routing_policies": [
            {"name": "give", "strategy": "least_load"},
            {"name": "ask", "strategy": "round_robin", "handover": "offer", "offer_seconds": offer_seconds},
        ],
        "sla_policies": [sla or QUICK],
        "queues": [
            {"name": "general", "routing_policy": "give", "sla_policy": (sla or QUICK)["name"], "teams": ["givers"]},
            {"name": "offered", "routing_policy": "ask", "teams": ["askers"]},
        ],
        "agents": [_agent(f"giver-{number}", "givers", capacity) for number in range(agents)]
        + [_agent(f"asker-{number}", "askers", capacity) for number in range(askers)],
    }


def _agent(name: str, team: str, capacity: int) -> dict[str, Any]:
    return {"name": name, "title": name, "teams": [team], "capacity": capacity}
