"""I1 to I10 of one workspace, from what a client saw (the ledger), the tables (the book) and the feed.

Each function says what is wrong and touches nothing. I8 is a time, and is measured where the fault is made; I9 is about
webhooks, which are not there yet.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from app.identifiers import encode, read
from tests.faults.book import HELD, Book, TicketRow
from tests.faults.bulk_invariants import bulks_in_pieces, half_bulks, refusals_of_bulks, results_of_bulks
from tests.faults.case import CREATE, Case, Violation, Wish, deeds, wishes
from tests.faults.ledger import digest_of
from tests.faults.story import overlaps, overloads, steps_twice

SWEEP_MS = 5_000
SHOWN = 5
SKIPPED = 64
HAPPENS = {"resolve": "ticket.resolved", "close": "ticket.closed"}


def check(case: Case) -> list[Violation]:
    """All of them; what is found of each kind is cut short."""
    found: list[Violation] = []
    for name, looks in INVARIANTS.items():
        told = [Violation(name, what) for look in looks for what in look(case)]
        found += told[:SHOWN]
        if len(told) > SHOWN:
            found.append(Violation(name, f"… {len(told) - SHOWN} more"))
    return found


def lost_or_doubled(case: Case) -> Iterator[str]:
    """I1: an accepted ticket is there once, as it was sent and as it was answered; one that nobody answered at most once."""
    by_token = case.by_token()
    for wish in wishes(case):
        found = by_token.get(wish.token, [])
        if len(found) > 1:
            yield f"{wish.name} made {len(found)} tickets"
        elif wish.said and not found:
            yield f"{wish.name} was answered {wish.said[0]['id']} and its ticket is lost"
        if found:
            yield from _other_content(wish, found[0])


def _other_content(wish: Wish, ticket: TicketRow) -> Iterator[str]:
    if ticket.subject != wish.subject:
        yield f"{wish.name}: the ticket has another subject"
    if ticket.external_id != wish.body.get("external_id"):
        yield f"{wish.name}: the ticket has another external id"
    for said in wish.said:
        if said["id"] != encode("tkt", ticket.id) or said["number"] != ticket.number:
            yield f"{wish.name} was answered {said['id']} and is {encode('tkt', ticket.id)}"


def effects_lost(case: Case) -> Iterator[str]:
    """I1: what was answered about a ticket has happened: the log has it, and the version is at least the one of the answer."""
    versions = {ticket.id: ticket.version for ticket in case.book.tickets}
    happened = {(event.type, event.data["ticket"]) for event in case.book.events if event.type in HAPPENS.values()}
    given = {(event.data["ticket"], event.data["agent"]) for event in case.book.events if event.type == "ticket.assigned"}
    for deed in deeds(case):
        ticket = read("tkt", str(deed.said.get("id", "")))
        if ticket is None:
            continue
        if versions.get(ticket, 0) < deed.said["version"]:
            yield f"{deed.name}: {deed.verb} was answered with a version that the ticket has not"
        if deed.verb in HAPPENS and (HAPPENS[deed.verb], ticket.hex()) not in happened:
            yield f"{deed.name}: {deed.verb} was answered and is not in the log"
        if deed.verb == "assign" and (ticket.hex(), (read("agt", deed.asked["agent_id"]) or b"").hex()) not in given:
            yield f"{deed.name}: it was answered that the ticket is the agent's, and it never was"


def refusals_of_creates(case: Case) -> Iterator[str]:
    """I1: a good ticket is never refused for good, and no answer is our bug."""
    for call in case.calls:
        for answer in call.answers:
            if answer.status is not None and (answer.status == 500 or (call.path == CREATE and 400 <= answer.status < 500)):
                yield f"{call.key}: {call.path} was answered {answer.status} {answer.body.get('code')}"


def unsettled(case: Case) -> Iterator[str]:
    """I8: when the fault is over, repeating settles every call."""
    if case.settled:
        yield from (f"{call.key} was never settled" for call in case.calls if not call.settled)


def two_owners(case: Case) -> Iterator[str]:
    """I2: at most one open assignment a ticket, in the rows and at every moment of the log; the ticket's row agrees."""
    opened = defaultdict(list)
    for assignment in case.book.assignments:
        if assignment.ended is None:
            opened[assignment.ticket].append(assignment.agent)
    for ticket in case.book.tickets:
        owners = opened.get(ticket.id, [])
        if len(owners) > 1:
            yield f"ticket {ticket.number} has {len(owners)} open assignments"
        elif (ticket.status in HELD) != bool(owners):
            yield f"ticket {ticket.number} is {ticket.status} with {len(owners)} open assignments"
        elif owners and owners[0] != ticket.agent:
            yield f"ticket {ticket.number}: its row and its assignment name different agents"
    yield from overlaps(case.book)


def accepts(case: Case) -> Iterator[str]:
    """I2: of several accepts of one offer one wins."""
    won: Counter[str] = Counter(event.data["offer"] for event in case.book.events if event.type == "offer.accepted")
    yield from (f"offer {offer} was accepted {times} times" for offer, times in won.items() if times > 1)


def wrong_load(case: Case) -> Iterator[str]:
    """I3: load is open assignments and pending offers, in units, and within the capacity unless somebody forced it."""
    costs = {ticket.id: ticket.cost for ticket in case.book.tickets}
    held: Counter[bytes] = Counter()
    forced = set(case.lowered)
    for assignment in case.book.assignments:
        if assignment.ended is None:
            held[assignment.agent] += costs.get(assignment.ticket, 0)
            if assignment.forced:
                forced.add(assignment.agent)
    for offer in case.book.offers:
        if offer.status == "pending":
            held[offer.agent] += costs.get(offer.ticket, 0)
    for agent in case.book.agents:
        if agent.load != held[agent.id]:
            yield f"agent {agent.id.hex()} has load {agent.load} and holds {held[agent.id]}"
        if agent.load > agent.capacity and agent.id not in forced:
            yield f"agent {agent.id.hex()} holds {agent.load} of {agent.capacity}"
    yield from overloads(case.book)


def gaps(case: Case) -> Iterator[str]:
    """I4: seq runs from 1 to the head's last without a gap, in order of time, a batch in one piece; the feed is the same."""
    events = case.book.events
    for place, event in enumerate(events, 1):
        if event.seq != place:
            yield f"event {event.seq} stands where {place} should be"
            break
    if len(events) != case.book.last_seq:
        yield f"the head says {case.book.last_seq}, the log has {len(events)} events"
    if len({event.id for event in events}) != len(events):
        yield "two events have one id"
    for before, after in pairwise(events):
        if after.at < before.at:
            yield f"event {after.seq} is older than the one before it"
    pieces: Counter[bytes] = Counter()
    for place, event in enumerate(events):
        if place == 0 or events[place - 1].batch != event.batch:
            pieces[event.batch] += 1
    yield from (f"batch {batch.hex()} is in {count} pieces" for batch, count in pieces.items() if count > 1)
    if case.feed is not None:
        yield from _feed_differs(case)


def _feed_differs(case: Case) -> Iterator[str]:
    wanted = [(event.seq, encode("evt", event.id), event.type) for event in case.book.events]
    if list(case.feed or ()) != wanted:
        first = next((a for a, b in zip(case.feed or (), wanted, strict=False) if a != b), None)
        yield f"the feed has {len(case.feed or ())} events, the log {len(wanted)}; the first that differs: {first}"


def numbers(case: Case) -> Iterator[str]:
    """I4: ticket numbers are given once each, the head's last being the largest."""
    given = [ticket.number for ticket in case.book.tickets]
    if len(set(given)) != len(given):
        yield "a ticket number was given twice"
    if max(given, default=0) != case.book.last_number:
        yield f"the head says number {case.book.last_number}, the last ticket has {max(given, default=0)}"


def steps(case: Case) -> Iterator[str]:
    """I5: every step once, never early, late by no more than the outage and one sweep, and none left when it is over."""
    yield from steps_twice(case.book)
    for event in case.book.events:
        late = event.data.get("late_ms")
        if late is None:
            continue
        if late < 0:
            yield f"event {event.seq} ({event.type}) came {-late} ms early"
        elif late > case.outage_ms + SWEEP_MS:
            yield f"event {event.seq} ({event.type}) came {late} ms late; the outage took {case.outage_ms} ms"
    if not case.settled:
        return
    overdue = case.book.now - SWEEP_MS
    for timer in case.book.timers:
        if timer.next is not None and timer.next < overdue:
            yield f"a {timer.metric} timer of {timer.ticket.hex()} is {case.book.now - timer.next} ms overdue"
    for offer in case.book.offers:
        if offer.status == "pending" and offer.expires < overdue:
            yield f"offer {offer.id.hex()} lapsed {case.book.now - offer.expires} ms ago and is pending"


def other_answers(case: Case) -> Iterator[str]:
    """I6: one key, one answer, to the last byte; the stored answer is that one; an external id has one ticket."""
    stored = {row.key: row for row in case.book.keys}
    for call in case.calls:
        answers = {(answer.status, answer.digest) for answer in call.accepted}
        if len(answers) > 1:
            yield f"{call.key} got {len(answers)} different answers"
        if answers and any(answer.known and not answer.accepted for answer in call.answers):
            yield f"{call.key} was accepted and refused"
        row = stored.get(call.key)
        if answers and (row is None or (row.status, digest_of(row.body)) not in answers):
            yield f"{call.key}: the stored answer is {'missing' if row is None else 'another one'}"
    named = Counter(ticket.external_id for ticket in case.book.tickets if ticket.external_id is not None)
    yield from (f"external id {name} has {count} tickets" for name, count in named.items() if count > 1)


def foreign_rows(case: Case) -> Iterator[str]:
    """I7: every ticket was asked for in this workspace."""
    asked = {wish.token for wish in wishes(case)}
    yield from (f"ticket {ticket.number} was never asked for here" for ticket in case.book.tickets if ticket.token not in asked)


def waiting_for_nothing(case: Case) -> Iterator[str]:
    """I10: nobody waits while somebody who may take it has room. For desks of desks.py: teams, presence, capacity, declined."""
    if case.settled:
        yield from (f"ticket {number} waits while agent {agent.hex()} has room" for number, agent, _ in idle(case.book))


def idle(book: Book) -> Iterator[tuple[int, bytes, bool]]:
    """(number, agent, whether the agent declined so many before it in its queue that only the sweep looks behind them)."""
    free = [agent for agent in book.agents if agent.presence == "available" and agent.capacity > agent.load]
    skipped: Counter[tuple[bytes, bytes]] = Counter()
    for ticket in book.tickets:
        if ticket.status != "waiting":
            continue
        teams = {ticket.team} if ticket.team is not None else set(book.teams.get(ticket.queue, ()))
        for agent in free:
            if agent.id in ticket.declined:
                skipped[ticket.queue, agent.id] += 1
            elif agent.capacity - agent.load >= ticket.cost and teams & set(agent.teams):
                yield ticket.number, agent.id, skipped[ticket.queue, agent.id] >= SKIPPED


INVARIANTS: dict[str, tuple[Callable[[Case], Iterator[str]], ...]] = {
    "I1 nothing lost": (
        lost_or_doubled,
        effects_lost,
        refusals_of_creates,
        half_bulks,
        refusals_of_bulks,
        results_of_bulks,
    ),
    "I2 one owner": (two_owners, accepts),
    "I3 load is true": (wrong_load,),
    "I4 feed is whole": (gaps, numbers, bulks_in_pieces),
    "I5 each step once": (steps,),
    "I6 same key, same answer": (other_answers,),
    "I7 own rows only": (foreign_rows,),
    "I8 heals itself": (unsettled,),
    "I10 nobody waits for nothing": (waiting_for_nothing,),
}
