"""The one who looks at everything: after each commit what the log, the states and the plain model say must agree.

What a commit touched is compared at once; everything is compared each `WHOLE` commits and at the end of the day, with a state loaded
from rows besides.
"""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from itertools import groupby
from typing import Any

from app.dispatch.load import load
from app.dispatch.moments import milliseconds, moment, uuid_of
from app.dispatch.outcome import Bulk
from app.engine.agents import AVAILABLE, CHANNEL_INDEX
from app.engine.canonical import _agent, _ticket, canonical
from app.engine.commands import Command
from app.engine.configuration import Configuration, compile_configuration
from app.engine.event_data import from_data
from app.engine.events import ConfigurationApplied, Event, TicketCreated
from app.engine.evolve import evolve
from app.engine.ids import AgentId, TicketId, WorkspaceId
from app.engine.state import State
from tests.engine import invariants
from tests.simulation import statements
from tests.simulation.deliveries import Call
from tests.simulation.invariants import Books
from tests.simulation.model import Model, essence
from tests.simulation.tables import Broken, Row, Rows, Transaction

WHOLE = 25
CHECKS = ("log", "states", "model", "nobody waits", "due")
Happened = tuple[int, Event, int]
States = Callable[[bytes], Iterable[tuple[str, State, bool]]]


class Snapshot:
    """A connection for `load` that sees what is committed and never waits."""

    def __init__(self, rows: Rows) -> None:
        self._transaction = Transaction(rows, snapshot=True)

    async def fetch(self, text: str, *parameters: Any) -> list[Row]:
        return statements.read(self._transaction, text, parameters)

    async def fetchrow(self, text: str, *parameters: Any) -> Row:
        return statements.read(self._transaction, text, parameters)[0]


class Watch:
    """One workspace. `states` gives every state that a living process holds: whose, which, and whether it is at rest."""

    def __init__(self, rows: Rows, calls: dict[str, Call], states: States, checks: Iterable[str] = CHECKS) -> None:
        self.rows = rows
        self.replayed = State(WorkspaceId(rows.key))
        self.model = Model()
        self.books = Books()
        self.numbers: dict[TicketId, int] = {}
        self.commits = 0
        self.played: Counter[str] = Counter()
        self._calls = calls
        self._states = states
        self.checks = frozenset(checks)
        self._documents: dict[int, Configuration] = {}

    def committed(self, first: int) -> list[tuple[Call, list[Happened]]]:
        """Look at what was committed from log position `first` on (counted from 0). Raises Broken."""
        fresh = [self._read(position, row) for position, row in enumerate(self.rows.log[first:], first + 1)]
        self.numbers.update((event.ticket, event.number) for _, event, _ in fresh if isinstance(event, TicketCreated))
        head = self.rows.head
        if (head["last_seq"], head["last_number"]) != (len(self.rows.log), len(self.numbers)):
            said = f"the head says event {head['last_seq']} and ticket {head['last_number']}"
            raise Broken("feed_is_whole", f"{said}, the log has {len(self.rows.log)} and {len(self.numbers)}")
        done = []
        for request, group in groupby(fresh, key=lambda entry: self.rows.log[entry[0] - 1]["request_id"]):
            call, happened = self._calls[request], list(group)
            self._once(call, request)
            self._command(call, request, happened)
            done.append((call, happened))
        self.replayed.settle()
        if "due" in self.checks:
            self._due()
        self.commits += 1
        if self.commits % WHOLE == 0:
            self.whole()
        else:
            self._touched(fresh)
            if "nobody waits" in self.checks:
                self._nobody_waits()
        return done

    def whole(self) -> None:
        """Every state that has caught up, the one from rows and the one from the log are the same, and as they must be."""
        expected = canonical(self.replayed)
        if "states" in self.checks:
            rebuilt = at_once(load(Snapshot(self.rows), self.replayed.workspace))
            for name, state in [*self._caught_up(), ("rows", rebuilt)]:
                if canonical(state) != expected:
                    raise Broken(
                        "states_are_equal", f"{name} differs from the log: {difference(canonical(state), expected)}", name
                    )
        self._as_it_must_be()
        if "model" in self.checks:
            self._people()
            self._rows_tell()
            self._customers_tell()

    # -- one command -----------------------------------------------------------------------------------------------

    def _read(self, position: int, row: Row) -> Happened:
        if row["seq"] != position:
            raise Broken("feed_is_whole", f"event {row['seq']} stands in place {position} of the log", str(position))
        return position, from_data(row["type"], row["data"]), milliseconds(row["at"])

    def _once(self, call: Call, request: str) -> None:
        """A call has one effect, whichever of its requests had it."""
        if call.done_by is not None:
            said = f"{call.name} had an effect as {call.done_by} and again as {request}"
            raise Broken("same_key_same_answer", said, call.name)
        call.done_by = request

    def _command(self, call: Call, request: str, happened: list[Happened]) -> None:
        for seq, event, at in happened:
            evolve(self.replayed, event, at=at, documents=self._configurations(event))
            if "log" in self.checks:
                self.books.enter(seq, event, at)
        if isinstance(call.command, Bulk) and "log" in self.checks:
            _all_or_nothing(call, call.command, request)
        self.played.update(_kinds(call, request))
        if "model" in self.checks:
            self._foretold(call, request, happened)

    def _foretold(self, call: Call, request: str, happened: list[Happened]) -> None:
        """What the model says of one command, or of each item of a bulk on what the ones before it left."""
        left = happened
        for number, command in enumerate(played := _accepted(call, request), 1):
            said = self.model.play(command, at=happened[0][2])
            own = left if number == len(played) else left[: len(said)]
            heard = [essence(event) for _, event, _ in own]
            if said != heard:
                raise Broken("model_agrees", f"{call.name}, {command}\n  {_apart(said, heard)}", call.name, *ids_of(own))
            self.model.hear([event for _, event, _ in own])
            left = left[len(own) :]

    def _configurations(self, event: Event) -> dict[int, Configuration]:
        if isinstance(event, ConfigurationApplied) and event.version not in self._documents:
            row = self.rows.tables["configurations"][event.version]
            self._documents[event.version] = compile_configuration(event.version, row["document"])
        return self._documents

    # -- after a commit --------------------------------------------------------------------------------------------

    def _touched(self, fresh: list[Happened]) -> None:
        """The tickets and agents of the new events, in each state that has seen them."""
        if "states" not in self.checks:
            return
        events = [event for _, event, _ in fresh]
        tickets = {event.ticket for event in events if hasattr(event, "ticket")}
        agents = {agent for event in events if (agent := getattr(event, "agent", None)) is not None}
        expected = dict(self._parts(self.replayed, tickets, agents))
        for name, state in self._caught_up():
            found = dict(self._parts(state, tickets, agents))
            if found != expected:
                raise Broken("states_are_equal", f"{name} differs from the log: {difference(found, expected)}", name)

    def _parts(self, state: State, tickets: set[TicketId], agents: set[AgentId]) -> Iterator[tuple[str, Any]]:
        yield (
            "counters",
            (state.seq, state.number, state.agent_number, state.configuration.version, state.waiting.count.__len__()),
        )
        for ticket in tickets:
            slot = state.tickets.slot_of.get(ticket)
            yield ticket.hex(), None if slot is None or not state.tickets.is_open(slot) else _ticket(state, slot)
        for agent in agents:
            where = state.agents.slot_of.get(agent)
            yield agent.hex(), None if where is None else _agent(state, where)
            if where is not None and "log" in self.checks and state is self.replayed:
                self._load(agent, int(state.agents.load[where]))

    def _load(self, agent: AgentId, load: int) -> None:
        if load != self.books.load[agent]:
            raise Broken(
                "load_is_true", f"an agent's load is {load}, open work and offers are {self.books.load[agent]}", agent.hex()
            )

    def _caught_up(self) -> Iterator[tuple[str, State]]:
        """States at rest at the log's end. One that is ahead would be loaded anew and nobody would know why."""
        for name, state, at_rest in self._states(self.rows.key):
            if at_rest and state.seq > len(self.rows.log):
                raise Broken("states_are_equal", f"{name} is at event {state.seq}, the log ends at {len(self.rows.log)}", name)
            if state.seq == len(self.rows.log) and at_rest:
                yield name, state

    def _nobody_waits(self) -> None:
        """One head per set answers for all of it, unless somebody declined it or its queue is paused."""
        state = self.replayed
        for number in state.waiting.count:
            for slot in state.waiting.in_order(number):
                if self._somebody_may(slot):
                    raise Broken(
                        "nobody_waits_for_nothing",
                        "a ticket waits that somebody may take",
                        (state.tickets.ids[slot] or b"").hex(),
                    )
                if slot not in state.tickets.declined:
                    break

    def _somebody_may(self, slot: int) -> bool:
        state, agents, number = self.replayed, self.replayed.agents, self.replayed.tickets.requirement[slot]
        wanted, queue, size = state.requirements[number], state.queue_of(slot), state.agents.size
        if queue is None:
            return True
        if state.paused_at >= 0 or (queue.id in state.switches and state.switches[queue.id][0] == "paused"):
            return False
        able = state.fits.of(number, agents, wanted, queue).mask & (agents.presence[:size] == AVAILABLE)
        able &= (agents.free[:size] >= wanted.cost) & (agents.channel_free[CHANNEL_INDEX[wanted.channel]][:size] >= wanted.cost)
        declined = state.tickets.declined.get(slot, ())
        return bool(able.any()) and any(agents.ids[agent] not in declined for agent in able.nonzero()[0].tolist())

    def _as_it_must_be(self) -> None:
        try:
            invariants.one_holder(self.replayed)
            invariants.loads(self.replayed)
            invariants.waiting_sets(self.replayed)
        except AssertionError as error:
            raise Broken("state_is_sound", str(error)[:300]) from error
        if "nobody waits" in self.checks:
            try:
                invariants.nobody_waits_for_nothing(self.replayed)
            except AssertionError as error:
                raise Broken("nobody_waits_for_nothing", str(error)[:300]) from error

    def _due(self) -> None:
        """The head asks for the worker no later than the first row does, or it would never come."""
        earliest = min((at for at, _, _ in statements.planned(Transaction(self.rows, snapshot=False))), default=None)
        asked = self.rows.head["next_due_at"]
        if earliest is not None and (asked is None or asked > max(earliest, moment(0))):
            raise Broken("each_step_once", f"something is due at {earliest}, the head says {asked}")

    def _people(self) -> None:
        """The model's agents hold what the state's do."""
        agents = self.replayed.agents
        for plain in self.model.desk.staff:
            slot = agents.slot_of[plain.setting.agent]
            if plain.load != agents.load[slot]:
                raise Broken("model_agrees", f"agent {plain.number} holds {agents.load[slot]}, the model says {plain.load}")

    def _rows_tell(self) -> None:
        """The rows show people the fields that the model's tickets have."""
        read = Transaction(self.rows, snapshot=False)
        for ticket in self.model.desk.tickets.values():
            row = read.get("tickets", uuid_of(ticket.id)) or {}
            texts = read.get("texts", uuid_of(ticket.id)) or {"subject": "", "text": ""}
            found = {**row, **texts, "tags": tuple(row["tags"])}
            asked = ticket.asked
            meant = {
                **ticket.words, "category": ticket.category, "priority": ticket.priority, "language": asked.language, "area": asked.area,
                "customer_id": None if ticket.customer is None else uuid_of(ticket.customer),
                "skills": [[need.skill.hex(), need.level] for need in asked.skills],
                "wishes": [[need.skill.hex(), need.level] for need in asked.wishes],
            }  # fmt: skip
            if different := {name: (found[name], value) for name, value in meant.items() if found[name] != value}:
                said = f"ticket {ticket.number} has rows that differ from the model: {different}"
                raise Broken("model_agrees", said, ticket.id.hex())

    def _customers_tell(self) -> None:
        """The rows have the customers that the model has, and they are found by what they are reached."""
        read = Transaction(self.rows, snapshot=False)
        people = self.model.desk.people.values()
        if (rows := sum(1 for _ in read.all("customers"))) != len(people):
            raise Broken("model_agrees", f"there are rows of {rows} customers, the model knows {len(people)}")
        keys = {(uuid_of(person.id), "email", address) for person in people for address in person.contacts}
        if keys != {key for key, _ in read.all("contacts")}:
            raise Broken("model_agrees", "customers are found by other contacts than they have")
        for person in people:
            row = read.get("customers", uuid_of(person.id)) or {}
            meant = {**person.plain, **person.free, "merged_into_id": None if person.into is None else uuid_of(person.into)}
            found = {name: row.get(name) for name in meant}
            contacts = [(one["match"], one["value"], one["verified"], one["primary"]) for one in row.get("contacts", ())]
            reached = [(key, one.value, one.verified, one.primary) for key, one in person.contacts.items()]
            if found != meant or contacts != reached:
                said = f"a customer's row has {found} and {contacts}, the model says {meant} and {reached}"
                raise Broken("model_agrees", said, person.id.hex())


def at_once(coroutine: Coroutine[Any, Any, State]) -> State:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        found: State = done.value
        return found
    raise RuntimeError("it waited")


def difference(found: Any, expected: Any, where: str = "") -> str:
    """The first place where two canonical states part."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys(), key=str):
            if found.get(key) != expected.get(key):
                return difference(found.get(key), expected.get(key), f"{where}/{key}")
    return f"{where}: {found!r} instead of {expected!r}"


def ids_of(happened: list[Happened]) -> list[str]:
    """Tickets and agents that events are about, as a trace writes them."""
    found = [getattr(event, name, None) for _, event, _ in happened for name in ("ticket", "agent")]
    return list(dict.fromkeys(each.hex() for each in found if each))


def _accepted(call: Call, request: str) -> list[Command]:
    """The commands of a call that had an effect. An atomic bulk has no other; of another its answer says which were refused."""
    if not isinstance(call.command, Bulk):
        return [call.command]
    if call.command.atomic:
        return list(call.command.items)
    return [item for item, refused in zip(call.command.items, call.results[request], strict=True) if refused is None]


def _kinds(call: Call, request: str) -> list[str]:
    """What had an effect: the kind of command, and of a bulk its items'."""
    kinds = [type(command).__name__ for command in _accepted(call, request)]
    return ["Bulk", "atomic" if call.command.atomic else "not atomic", *kinds] if isinstance(call.command, Bulk) else kinds


def _all_or_nothing(call: Call, bulk: Bulk, request: str) -> None:
    """A bulk is answered item by item; of one that is atomic none is refused where others had an effect."""
    results = call.results.get(request)
    if results is None or len(results) != len(bulk.items):
        raise Broken("all_or_nothing", f"{call.name} has events of {len(bulk.items)} items, and results {results}", call.name)
    if bulk.atomic and any(results):
        raise Broken("all_or_nothing", f"{call.name} is atomic, and of its items some were refused: {results}", call.name)


def _apart(said: list[Any], heard: list[Any]) -> str:
    for place, (one, other) in enumerate(zip(said, heard, strict=False)):
        if one != other:
            return f"event {place + 1}: the model says {one}, the engine {other}"
    longer, who = (said, "only the model says") if len(said) > len(heard) else (heard, "only the engine says")
    return f"{who} {longer[min(len(said), len(heard))]}"
