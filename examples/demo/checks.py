"""Do the two sets of books agree? What the player saw in the events feed, and what the API reports."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from examples.demo.api import Api
from examples.demo.ledger import Ledger

PAGE = 200


def differences(api: Api, ledger: Ledger, report: dict[str, Any], received: int) -> Iterator[str]:
    """One sentence for each; none is a clean day."""
    yield from _tickets(api, ledger, received)
    yield from _owners(ledger)
    yield from _queues(ledger, report)
    yield from _promises(ledger, report)


def _tickets(api: Api, ledger: Ledger, received: int) -> Iterator[str]:
    """None lost, none twice, and each owned by the one whom the feed named."""
    tickets = list(_all_tickets(api))
    found = Counter(ticket["external_id"] for ticket in tickets)
    if len(tickets) != received or len(found) != received:
        yield f"{received} incidents were sent, but there are {len(tickets)} tickets with {len(found)} different external ids"
    for ticket in tickets:
        case = ledger.cases.get(ticket["id"])
        if case is None:
            yield f"ticket {ticket['number']} was never seen by the player"
            continue
        assigned = case.events("ticket.assigned")
        owner = assigned[-1].data["agent_id"] if assigned else None
        if not case.resolved and case.owner is None:
            owner = None
        if ticket["agent_id"] != owner:
            yield f"ticket {ticket['number']} is owned by {ticket['agent_id']}, the feed said {owner}"
        if (ticket["status"] in ("resolved", "closed")) != case.resolved:
            yield f"ticket {ticket['number']} is {ticket['status']}, the player {'resolved' if case.resolved else 'did not resolve'} it"


def _owners(ledger: Ledger) -> Iterator[str]:
    """Nobody gets a ticket that somebody else still has."""
    for case in ledger.cases.values():
        owned = False
        for event in case.history:
            if event.type == "ticket.assigned":
                if owned:
                    yield f"{case.incident.external_id} was given away in minute {event.minute} while somebody owned it"
                owned = True
            elif event.type == "ticket.returned":
                owned = False


def _queues(ledger: Ledger, report: dict[str, Any]) -> Iterator[str]:
    cases = ledger.cases.values()
    books = {
        "received": ledger.received_by_queue(),
        "assigned": Counter(case.queue for case in cases if case.events("ticket.assigned")),
        "waiting": Counter(case.queue for case in cases if case.owner is None and not case.resolved),
        "escalated": Counter(case.queue for case in cases if case.events("ticket.escalated")),
        "resolved": Counter(case.queue for case in cases if case.resolved),
    }
    for row in report["queues"]:
        for name, counts in books.items():
            if row[name] != counts[row["queue"]]:
                yield f"{row['queue']}: the report has {row[name]} {name}, the player {counts[row['queue']]}"
    missing = books["received"].keys() - {row["queue"] for row in report["queues"]}
    yield from (f"{queue}: received tickets, but is not in the report" for queue in sorted(missing))


def _promises(ledger: Ledger, report: dict[str, Any]) -> Iterator[str]:
    reported: Counter[tuple[str, str, bool]] = Counter()
    for row in report["promises"]:
        reported[row["priority"], row["metric"], True] += row["met"]
        reported[row["priority"], row["metric"], False] += row["broken"]
    mine = ledger.promises()
    for key in sorted(reported.keys() | mine.keys()):
        if reported[key] != mine[key]:
            priority, metric, kept = key
            word = "met" if kept else "broken"
            yield f"{priority} {metric} {word}: the report has {reported[key]}, the player {mine[key]}"


def _all_tickets(api: Api) -> Iterator[dict[str, Any]]:
    page = api.get("/tickets", limit=PAGE)
    yield from page["data"]
    while page["next_cursor"]:
        page = api.get("/tickets", limit=PAGE, cursor=page["next_cursor"])
        yield from page["data"]
