"""Callers: each keeps at it until it has an answer, under one key; answers get lost, requests come twice, and all of it is written down.

The ledger is what the people outside know: which call got which answers. It must agree with the log when the day is over.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Protocol

from app.dispatch.inbox import CALLER
from app.dispatch.outcome import Bulk, IdempotencyKey, ItemRefused, Outcome, Render, Rendered
from app.engine.commands import Command
from app.engine.ids import WorkspaceId
from app.engine.refusals import Refusal
from app.errors import Problem
from tests.simulation.chance import ODDS, Chance
from tests.simulation.processes import Gone, Process
from tests.simulation.tables import Broken

MOST_TRIES = 60


@dataclass(slots=True)
class Call:
    """One wish of one caller. `done_by` is the request that had an effect, `answers` are all bytes ever sent for it.

    `results` says per request why each item of a bulk was refused, None for one that was accepted.
    """

    number: int
    workspace: WorkspaceId
    command: Command | Bulk
    key: IdempotencyKey | None
    answers: set[bytes] = field(default_factory=set)
    tries: int = 0
    refused: str | None = None
    acknowledged: bool = False
    done_by: str | None = None
    results: dict[str, list[str | None]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"call {self.number}"

    @property
    def settled(self) -> bool:
        return self.acknowledged or self.refused is not None or (self.key is None and self.tries > 0) or self.tries >= MOST_TRIES


class Leaving:
    """A connection of a caller; one that leaves does so a moment after it has asked, and hears nothing."""

    def __init__(self, leaves: bool) -> None:
        self.disconnected = False
        if leaves:
            asyncio.get_running_loop().call_later(0.005, setattr, self, "disconnected", True)


class Floor(Protocol):
    """What callers need of the world."""

    chance: Chance
    calm: bool

    def process(self) -> Process: ...
    def note(self, *words: object) -> None: ...
    def fail(self, broken: Broken) -> None: ...


class Callers:
    """`requests` maps every request that was ever sent to its call."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._numbers = count(1)
        self.calls: list[Call] = []
        self.requests: dict[str, Call] = {}
        self.recalled = 0

    def call(self, workspace: WorkspaceId, command: Command | Bulk, *, keyed: bool) -> Call:
        number = next(self._numbers)
        key = IdempotencyKey(f"key-{number}", fingerprint(command)) if keyed else None
        made = Call(number, workspace, command, key)
        self.calls.append(made)
        return made

    def wrong_reuse(self, workspace: WorkspaceId, command: Command | Bulk) -> Call | None:
        """Another request under a key that has an answer."""
        used = [call for call in self.calls if call.acknowledged and call.key and call.workspace == workspace]
        if not used:
            return None
        old = self._floor.chance.callers.choice(used)
        assert old.key is not None
        made = Call(next(self._numbers), workspace, command, IdempotencyKey(old.key.key, fingerprint(command)[::-1]))
        self.calls.append(made)
        return made

    async def see_through(self, call: Call) -> None:
        """Ask until it is settled; now and then several at once."""
        floor, random = self._floor, self._floor.chance.callers
        copies = 1
        if call.key is not None and floor.chance.happens("duplicates", ODDS.duplicate):
            copies = random.randint(2, 4)
        await asyncio.gather(*(self._once(call) for _ in range(copies)))
        while not call.settled:
            await asyncio.sleep(random.uniform(0.05, 1) if floor.calm else random.uniform(0.1, 5))
            await self._once(call)
        if call.key is not None and call.acknowledged and random.random() < ODDS.recall:
            await self._recall(call, call.key)

    async def _recall(self, call: Call, key: IdempotencyKey) -> None:
        """Ask for the answer alone, as a service does before it prepares a request again; another request gets none."""
        process = self._floor.process()
        with contextlib.suppress(Gone, Problem):
            outcome = await process.recall(call.workspace, key)
            self.recalled += 1
            if outcome is None:
                self._floor.fail(Broken("same_key_same_answer", f"{call.name} has an answer that nobody remembers", call.name))
            else:
                self._heard(call, outcome, lost=False)
        with contextlib.suppress(Gone, Problem):
            await process.recall(call.workspace, IdempotencyKey(key.key, key.fingerprint[::-1]))
            self._floor.fail(Broken("same_key_same_answer", f"{call.name} told its answer to another request", call.name))

    async def ask(self, process: Process, call: Call) -> Outcome:
        """One request of a worker, or of anybody who deals with what comes back."""
        return await process.submit(call.workspace, call.command, request_id=self._request(call))

    def _request(self, call: Call) -> str:
        call.tries += 1
        request = f"{call.number}.{call.tries}"
        self.requests[request] = call
        return request

    async def _once(self, call: Call) -> None:
        floor, random = self._floor, self._floor.chance.callers
        process, request = floor.process(), self._request(call)
        patience = None if floor.calm else random.choice((1, 5, None, None, None, None, None))
        lost = floor.chance.happens("lost answers", ODDS.lost_answer)
        caller = Leaving(random.random() < ODDS.leaves and not floor.calm)
        token = CALLER.set(caller)
        try:
            asked = process.submit(
                call.workspace, call.command, request_id=request, idempotency=call.key, render=_rendering(call, request)
            )
            outcome = await (asked if patience is None else asyncio.wait_for(asked, patience))
        except (Gone, TimeoutError) as error:
            floor.note(process.name, request, "not known", type(error).__name__)
        except Refusal as refusal:
            call.refused = refusal.code
            floor.note(process.name, request, type(call.command).__name__, "refused", refusal.code)
        except ItemRefused as refusal:
            call.refused = f"item {refusal.index}: {_code(refusal.cause)}"
            floor.note(process.name, request, "refused", call.refused)
        except Problem as problem:
            floor.note(process.name, request, "failed", problem.code)
            if problem.code == "idempotency_key_reused":
                call.refused = problem.code
        else:
            lost |= caller.disconnected
            self._heard(call, outcome, lost=lost)
            floor.note(process.name, request, type(call.command).__name__, "lost" if lost else "answered")
        finally:
            CALLER.reset(token)

    def _heard(self, call: Call, outcome: Outcome, *, lost: bool) -> None:
        if outcome.rendered is None:
            self._floor.fail(Broken("same_key_same_answer", f"{call.name} was accepted without an answer", call.name))
            return
        call.answers.add(outcome.rendered.body)
        if call.key is not None and len(call.answers) > 1:
            self._floor.fail(Broken("same_key_same_answer", f"{call.name} has {len(call.answers)} answers", call.name))
        if not lost:
            call.acknowledged = True


def fingerprint(command: Command | Bulk) -> bytes:
    return sha256(repr(command).encode()).digest()


def _rendering(call: Call, request: str) -> Render:
    """An answer that says what was done to which ticket, so that two that differ can be told apart: an entry per item."""

    def render(outcome: Outcome) -> Rendered:
        items = outcome.items if isinstance(call.command, Bulk) else [outcome]
        call.results[request] = [None if isinstance(item, Outcome) else _code(item) for item in items]
        return Rendered(200, json.dumps([_entry(item) for item in items]).encode())

    return render


def _entry(item: Outcome | BaseException) -> list[object]:
    if not isinstance(item, Outcome):
        return [_code(item)]
    row, ticket = item.ticket or {}, item.result.ticket
    shown = [row.get(name) for name in ("number", "status", "priority", "category", "version", "subject", "tags")]
    return [ticket.hex() if ticket else "", item.seq, shown, [event.type for event in item.events]]


def _code(error: BaseException) -> str:
    return error.code if isinstance(error, Refusal | Problem) else repr(error)
