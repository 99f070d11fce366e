"""Three decisions of the day, told as a supervisor would ask about them. The sentences are the API's own explanations."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from examples.demo.api import Api
from examples.demo.ledger import Case, Happened, Ledger
from examples.demo.people import DAY_MINUTES
from examples.topics import topic

Decision = dict[str, Any]
TIER = "tier_team_first"
HOUR = 60
WEEKDAYS = ("Monday", "Tuesday", "Wednesday")


def tell(console: Console, api: Api, ledger: Ledger, agents: dict[str, str]) -> int:
    """Returns how many could be told; a short play may not have all three. `agents`: name by id."""
    return sum((_tell_skill(console, api, ledger), _tell_tier(console, api, ledger), _tell_wait(console, api, ledger, agents)))


def _tell_skill(console: Console, api: Api, ledger: Ledger) -> bool:
    for case, decision in _decisions(api, ledger):
        lacking = any(rejected["reason"] == "skill" for rejected in decision["rejected"])
        if decision["strategy"] == "skill" and decision["eligible"] > 1 and lacking:
            _print(console, "Who knows enough", case, [decision["explanation"]], decision["id"])
            return True
    return False


def _tell_tier(console: Console, api: Api, ledger: Ledger) -> bool:
    """With the question that the desk's own people would ask: why not one of us?"""
    for case, decision in _decisions(api, ledger, only=lambda case: case.incident.tier == "vip"):
        behind = [
            place for place in decision["ranked"] if place["values"].get(TIER, 0) > decision["ranked"][0]["values"].get(TIER, 0)
        ]
        if behind:
            why = api.get(f"/decisions/{decision['id']}/candidates/{behind[0]['agent_id']}")
            lines = [decision["explanation"], f"And why not {behind[0]['title']}? {why['explanation']}"]
            _print(console, "A key customer", case, lines, decision["id"])
            return True
    return False


def _decisions(api: Api, ledger: Ledger, only: Callable[[Case], bool] = lambda _: True) -> Iterator[tuple[Case, Decision]]:
    """Why each ticket went to whom, in order of arrival."""
    for case in filter(only, ledger.cases.values()):
        for event in case.events("ticket.assigned"):
            if event.data["decision_id"] is not None:
                yield case, api.get(f"/decisions/{event.data['decision_id']}")


def _tell_wait(console: Console, api: Api, ledger: Ledger, agents: dict[str, str]) -> bool:
    """The ticket that went the longest way: it waited, promises were broken, others had to take over."""
    case = max(ledger.cases.values(), key=lambda case: len(case.events("ticket.escalated")), default=None)
    if case is None or not (queued := case.events("ticket.queued")) or not case.events("ticket.escalated"):
        return False
    decision = api.get(f"/decisions/{queued[0].data['decision_id']}")
    steps = [f"{moment(event.minute)}  {said}" for event in case.history if (said := _said(event, agents))]
    _print(console, "Waited, and escalated", case, [decision["explanation"], *steps], decision["id"])
    return True


def _said(event: Happened, agents: dict[str, str]) -> str | None:
    data = event.data
    match event.type:
        case "sla.warned":
            said = f"warning: the promised {_metric(data)} is near"
        case "sla.breached":
            said = f"the promised {_metric(data)} is broken"
        case "ticket.updated" if "priority" in data["changed"]:
            said = "its priority goes from {} to {}".format(*data["changed"]["priority"])
        case "ticket.transferred":
            said = "the senior team is to take it"
        case "ticket.assigned":
            said = f"{agents[data['agent_id']]} {'is handed it' if data['how'] == 'escalation' else 'gets it'}"
        case "ticket.resolved":
            said = "resolved"
        case _:
            return None
    return said


def _metric(data: dict[str, Any]) -> str:
    return str(data["metric"]).replace("_", " ")


def _print(console: Console, title: str, case: Case, lines: list[str], decision: str) -> None:
    about = f"{topic(case.incident.category or '').title} ({case.incident.category}), {case.promised_as}"
    tier = ", from a key customer" if case.incident.tier else ""
    came = f"{case.incident.external_id} came on {moment(case.incident.minute)} into {case.queue}: {about}{tier}."
    console.print(f"[bold]{title}[/]")
    console.print(Padding(Text("\n".join([came, *lines, f"GET /v1/decisions/{decision}"])), (0, 0, 1, 2), expand=False))


def moment(minute: int) -> str:
    day, rest = divmod(minute, DAY_MINUTES)
    return f"{WEEKDAYS[day]} {rest // HOUR:02}:{rest % HOUR:02}"
