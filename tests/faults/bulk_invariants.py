"""What must be so of bulks, from their bodies, what was answered, and the rows: see invariants.py."""

from collections.abc import Iterator

from app.identifiers import encode
from tests.faults.book import TicketRow
from tests.faults.bulks import doomed, doubtful, items_of
from tests.faults.case import Case, wishes_of
from tests.faults.ledger import Answer, Call

REFUSALS = frozenset({404, 409, 422})


def half_bulks(case: Case) -> Iterator[str]:
    """I1: of a bulk all that can be done is there, or nothing; of a refused one nothing; of an item that must be refused nothing."""
    by_token = case.by_token()
    for call in case.bulks():
        hopeless = doomed(call.body)
        wanted, there = 0, 0
        for wish in wishes_of(call):
            found = bool(by_token.get(wish.token))
            wanted += not wish.doomed
            there += found and not wish.doomed
            if found and wish.doomed:
                yield f"{wish.name} can only be refused and its ticket is there"
        refused = call.settled and not call.accepted
        if there and (refused or (call.body["atomic"] and hopeless)):
            yield f"{call.key} was refused as a whole and {there} of its tickets are there"
        elif there not in {0, wanted}:
            yield f"{call.key}: {there} of {wanted} tickets of one bulk are there"


def refusals_of_bulks(case: Case) -> Iterator[str]:
    """I1: a bulk is refused only where it is atomic and has an item that may be refused; then it is where it must be."""
    for call in case.bulks():
        hopeless = doomed(call.body)
        atomic = call.body["atomic"]
        excused = atomic and (hopeless or any(doubtful(item) for item in items_of(call.body)))
        for answer in call.answers:
            if answer.known and not answer.accepted and not (excused and answer.status in REFUSALS):
                yield f"{call.key}: a good bulk was answered {answer.status} {answer.body.get('code')}"
            elif answer.accepted and atomic and hopeless:
                yield f"{call.key}: an atomic bulk was answered {answer.status} with item {min(hopeless)} that can only be refused"


def results_of_bulks(case: Case) -> Iterator[str]:
    """I1: one result per item, in the order of items, each about the ticket of its item, done or refused as it must be."""
    by_token = case.by_token()
    for call in case.bulks():
        for answer in call.accepted:
            yield from _results(call, answer, by_token)


def _results(call: Call, answer: Answer, by_token: dict[str, list[TicketRow]]) -> Iterator[str]:
    items, results, hopeless = items_of(call.body), answer.body["results"], doomed(call.body)
    if [result["index"] for result in results] != list(range(len(items))):
        yield f"{call.key}: the results are not those of its {len(items)} items in order"
        return
    named: dict[str, str] = {}
    for place, (item, result) in enumerate(zip(items, results, strict=True)):
        name, ticket = f"{call.key}[{place}]", result.get("ticket")
        if (ticket is not None) != (200 <= result["status"] < 300):
            yield f"{name} was answered {result['status']} {'with' if ticket else 'without'} a ticket"
        elif ticket is None:
            excused = REFUSALS if place in hopeless else {409} if doubtful(item) else ()
            if result["status"] not in excused:
                yield f"{name}: it was answered {result['status']} {result.get('code')}"
        elif place in hopeless:
            yield f"{name} can only be refused and was answered {result['status']}"
        elif item["operation"] == "create":
            found = by_token.get(item["ticket"]["metadata"]["token"])
            if found and ticket["id"] != encode("tkt", found[0].id):
                yield f"{name}: the result is about {ticket['id']}, another ticket than its item's"
            named[f"ext:{item['ticket'].get('external_id')}"] = ticket["id"]
        elif ticket["id"] != named.get(item["id"], item["id"]):
            yield f"{name}: the result is about {ticket['id']}, another ticket than its item's"


def bulks_in_pieces(case: Case) -> Iterator[str]:
    """I4: what a bulk made stands in the log in one batch, and its numbers in the order of items."""
    batches = {event.data["ticket"]: event.batch for event in case.book.events if event.type == "ticket.created"}
    by_token = case.by_token()
    for call in case.bulks():
        made = [by_token[wish.token][0] for wish in wishes_of(call) if wish.token in by_token]
        if len({batches.get(ticket.id.hex()) for ticket in made}) > 1:
            yield f"{call.key}: the tickets of one bulk were made in several transactions"
        given = [ticket.number for ticket in made]
        if given != sorted(given):
            yield f"{call.key}: the numbers of its tickets are not in the order of its items"
