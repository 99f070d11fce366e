"""One simulated day: two API processes, two workers, two workspaces, one PostgreSQL that is modelled, and everything that can go wrong.

Real are the dispatcher (lock, catch up, gather, decide, record, commit, unknown outcome, idempotency, dry run, eviction), the engine,
loading from rows and the canonical form. Modelled are PostgreSQL's rows and log, connections, callers and the worker's look at rows.
"""

import asyncio
import contextlib
import json
from collections import Counter, deque
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any
from uuid import UUID

from app.dispatch.moments import milliseconds, moment
from app.dispatch.outcome import Bulk, ItemRefused
from app.engine.commands import Command
from app.engine.events import OfferCreated
from app.engine.ids import TicketId, WorkspaceId
from app.engine.refusals import Refusal
from app.engine.state import State
from app.errors import Problem
from tests.engine.worlds import START, ident
from tests.simulation.chance import ODDS, Chance
from tests.simulation.connections import Dead
from tests.simulation.deliveries import Call, Callers
from tests.simulation.people import People
from tests.simulation.processes import Gone, Process
from tests.simulation.statements import planned
from tests.simulation.tables import Broken, Clock, Rows, Transaction, unforeseen
from tests.simulation.watch import Happened, Watch, ids_of
from tests.simulation.workers import Worker

DAY_SECONDS = 24 * 3600.0
KEPT_LINES = 20_000


class World:
    """`checks` says what is watched, `commands` how many people give in the day. What breaks first is in `broken`."""

    def __init__(self, chance: Chance, checks: Iterable[str], commands: int) -> None:
        loop = asyncio.get_running_loop()
        self.chance = chance
        self.clock = Clock(START, loop.time)
        self.home = ("one", 5432, 1)
        self.callers = Callers(self)
        self.calm = False
        self.broken: asyncio.Future[Broken] = loop.create_future()
        self.asked: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.lines: deque[tuple[float, tuple[object, ...]]] = deque(maxlen=KEPT_LINES)
        self._commands = commands
        self._tasks: set[asyncio.Task[None]] = set()
        self.desks = [Rows(ident(mode), mode, moment(START)) for mode in ("live", "sandbox")]
        self._by_name = {str(UUID(bytes=rows.key)): rows for rows in self.desks}
        narrow = 1 + chance.seed % 2
        kept = (("api-1", 2), ("api-2", narrow), ("worker-1", 2), ("worker-2", 3 - narrow))
        self.processes = [Process(name, self, kept=number) for name, number in kept]
        self.people = {rows.key: People(chance.people, rows) for rows in self.desks}
        self.watches = {rows.key: Watch(rows, self.callers.requests, self._states, checks) for rows in self.desks}
        self.workers = [Worker(process, self.desks, self.clock, chance, self.callers) for process in self.processes[2:]]
        loop.set_exception_handler(self._unheard)

    # -- what connections, callers and workers see -------------------------------------------------------------------

    def rows(self, key: str) -> Rows:
        return self._by_name[key]

    def process(self) -> Process:
        """One of those that take requests."""
        return self.chance.callers.choice(self.processes[:2])

    def note(self, *words: object) -> None:
        self.lines.append((asyncio.get_running_loop().time(), words))

    def fail(self, broken: Broken) -> None:
        if not self.broken.done():
            self.broken.set_result(broken)

    def committed(self, transaction: Transaction) -> None:
        """PostgreSQL has it: look at all of it, and let those know who wait for something of it."""
        rows, fresh = transaction.rows, len(transaction.appended)
        if not fresh or self.broken.done():
            return
        try:
            done = self.watches[rows.key].committed(len(rows.log) - fresh)
        except Broken as broken:
            self.fail(broken)
            return
        except Exception as error:  # noqa: BLE001  (the model or a state cannot take what was committed)
            self.fail(unforeseen(f"after event {len(rows.log)}", error))
            return
        for call, happened in done:
            self.events.update(event.type for _, event, _ in happened)
            self.note("commit", rows.head["mode"], call.name, type(call.command).__name__, happened, ids_of(happened))
            self._react(call.workspace, happened)
        for worker in self.workers:
            worker.tell(rows)

    def _states(self, workspace: bytes) -> Iterator[tuple[str, State, bool]]:
        for process in self.processes:
            for state, at_rest in process.states(WorkspaceId(workspace)):
                yield process.name, state, at_rest

    def _unheard(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, Dead | Gone | Problem | Refusal | ItemRefused):
            self.fail(error if isinstance(error, Broken) else Broken("nothing_unforeseen", repr(error)))

    # -- the day -----------------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """A day, an hour in which nothing goes wrong any more, and the reckoning."""
        loop = asyncio.get_running_loop()
        for rows in self.desks:
            for command in self.people[rows.key].opening():
                await self._ask(rows, command, keyed=True)
        until = loop.time() + DAY_SECONDS
        others = [asyncio.create_task(part) for part in (self._deaths(until), self._odd_clocks(until), self._drains(until))]
        others += [asyncio.create_task(worker.run(until)) for worker in self.workers]
        for at in sorted(self._moments(until)):
            await asyncio.sleep(at - loop.time())
            self._somebody_asks()
        await asyncio.gather(*others)
        await self._calm_down()
        for rows in self.desks:
            self._reckon(rows)

    def _moments(self, until: float) -> Iterator[float]:
        """Alone or many at once, as work comes."""
        random, left = self.chance.people, self._commands
        while left > 0:
            at, many = random.uniform(1, until - 60), min(left, random.choice((1, 1, 2, 5, 12)))
            yield from (at + random.expovariate(1 / random.choice((0.01, 0.01, 3))) for _ in range(many))
            left -= many

    def _somebody_asks(self) -> None:
        random = self.chance.people
        rows = self.desks[random.random() < 0.3]
        command, kind = self.people[rows.key].next(), random.random()
        self.asked[type(command).__name__] += 1
        if kind < 0.03:
            self._begin(self._try_dry(rows, command))
        elif kind < 0.04 and (wrong := self.callers.wrong_reuse(WorkspaceId(rows.key), command)):
            self._begin(self._reuse_wrongly(wrong))
        else:
            self._begin(self._ask(rows, command, keyed=random.random() < 0.6))

    async def _ask(self, rows: Rows, command: Command | Bulk, *, keyed: bool) -> None:
        await self.callers.see_through(self.callers.call(WorkspaceId(rows.key), command, keyed=keyed))

    async def _try_dry(self, rows: Rows, command: Command | Bulk) -> None:
        """What would be is told, and nothing is: an event of it would be found in the log without a request."""
        try:
            await self.process().dry_run(WorkspaceId(rows.key), command)
        except (Gone, Refusal, ItemRefused, Problem):
            self.note("dry run not answered")

    async def _reuse_wrongly(self, call: Call) -> None:
        await self.callers.see_through(call)
        if call.acknowledged:
            self.fail(Broken("same_key_same_answer", f"{call.name} got an answer under another request's key", call.name))

    def _react(self, workspace: WorkspaceId, happened: list[Happened]) -> None:
        random, people = self.chance.people, self.people[workspace]
        for _, event, at in happened:
            if isinstance(event, OfferCreated) and random.random() < 0.8:
                command = people.reaction(event.offer, event.ticket, event.agent)
                delay = (event.expires_at - at) / 1000 * random.uniform(0, 1.2)
                self._begin(self._later(delay, workspace, command))

    async def _later(self, seconds: float, workspace: WorkspaceId, command: Command) -> None:
        await asyncio.sleep(seconds)
        self.asked[type(command).__name__] += 1
        await self.callers.see_through(self.callers.call(workspace, command, keyed=True))

    def _begin(self, asked: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(asked)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what goes wrong ---------------------------------------------------------------------------------------------

    async def _deaths(self, until: float) -> None:
        loop, random = asyncio.get_running_loop(), self.chance.world
        while True:
            wait = random.expovariate(ODDS.deaths_per_hour / 3600)
            if loop.time() + wait > until - 60:
                return
            await asyncio.sleep(wait)
            await self._death(random.choice(self.processes), busy=random.random() < 0.8)

    async def _death(self, process: Process, *, busy: bool) -> None:
        """Mostly in the midst of something."""
        random = self.chance.world
        if busy:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.pool.busy.wait(), 2000)
        await asyncio.sleep(random.uniform(0, 0.03))
        away = random.uniform(0.2, 20)
        if "deaths" not in self.chance.on:
            return
        self.note(process.name, "is killed")
        process.kill()
        await asyncio.sleep(away)
        process.start()
        self.note(process.name, "is back")

    async def _odd_clocks(self, until: float) -> None:
        loop, random = asyncio.get_running_loop(), self.chance.world
        while loop.time() + 3600 < until:
            await asyncio.sleep(3600)
            for worker in self.workers:
                worker.process.skew_ms = random.choice((0, 0, 300_000, -300_000, 3_600_000, -3_600_000))
            step = random.choice((0, 0, 0, 700, 5000))
            if "clock steps" in self.chance.on:
                self.clock.start -= step
                self.note("PostgreSQL fails over, its clock goes back by", step, "ms")
                if step:
                    self._fail_over()

    def _fail_over(self) -> None:
        """Another server, which has all that was committed, takes over: every connection is cut."""
        self.home = ("two" if self.home[0] == "one" else "one", 5432, self.home[2] + 1)
        for process in self.processes:
            process.pool.cut()

    async def _drains(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() + 7200 < until:
            await asyncio.sleep(7200)
            for worker in self.workers:
                for rows in self.desks:
                    await worker.drain(rows)

    # -- the end -----------------------------------------------------------------------------------------------------

    async def _calm_down(self) -> None:
        """Nothing goes wrong any more: everybody gets an answer, and all that is due is done."""
        self.chance.on = frozenset()
        self.calm = True
        for worker in self.workers:
            worker.calm = True
        while self._tasks:
            await asyncio.gather(*self._tasks)
        await asyncio.sleep(70)
        for rows in self.desks:
            for _ in range(200):
                if not await self.workers[0].round(rows):
                    break
                await asyncio.sleep(0.01)

    def _reckon(self, rows: Rows) -> None:
        """What callers were told is in the log, and nothing that was due is left."""
        watch = self.watches[rows.key]
        for call in self.callers.calls:
            if call.workspace == rows.key:
                self._account(call, watch)
        now = self.clock.now() + rows.head["clock_offset_ms"]
        if left := [row for at, _, row in planned(Transaction(rows, snapshot=False)) if milliseconds(at) <= now]:
            self.fail(Broken("each_step_once", f"{len(left)} steps are due and nobody takes them: {left[0]}"))
        try:
            watch.whole()
        except Broken as broken:
            self.fail(broken)

    def _account(self, call: Call, watch: Watch) -> None:
        if not call.settled or (call.key is not None and not call.acknowledged and call.refused is None):
            self.fail(Broken("heals_itself", f"{call.name} never got an answer", call.name))
        for answer in call.answers:
            for entry in json.loads(answer):
                if len(entry) > 1:
                    self._account_for(call, watch, *entry)

    def _account_for(self, call: Call, watch: Watch, ticket: str, seq: int, shown: list[Any], types: list[str]) -> None:
        if ticket and shown[0] != watch.numbers.get(TicketId(bytes.fromhex(ticket))):
            said = f"{call.name} was told of ticket {shown[0]}, which is not there"
            self.fail(Broken("nothing_lost_nothing_doubled", said, ticket))
        told = [row["type"] for row in watch.rows.log[seq - len(types) : seq]]
        if types and (call.done_by is None or told != types):
            said = f"{call.name} was told of {types} before event {seq + 1}, the log has {told}"
            self.fail(Broken("nothing_lost_nothing_doubled", said, call.name))
