"""Callers who work as desks do: they bring tickets, answer offers, resolve what they have, and repeat what nobody answered."""

import asyncio
import contextlib
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, Self

from tests.faults.bulks import BULK, bulk
from tests.faults.client import BrokenError
from tests.faults.lab import Desk
from tests.faults.ledger import Answer, Call

KEPT_TICKETS = 200
OFFERED_IN_BULKS = 0.02  # else whoever is asked has let more lapse in a minute than anybody looks behind


@dataclass(slots=True)
class Mix:
    """How often each thing is done, in parts of all; what is left are new tickets."""

    resolve: float = 0.35
    presence: float = 0.02
    assign: float = 0.03
    bulk: float = 0.0  # many at once, see bulks.py
    look: float = 0.0  # a look at what agents hold, to be resolved next
    promised: float = 0.05  # of the new tickets: with a promise
    offered: float = 0.05  # of the new tickets: to agents who are asked
    named: float = 0.2  # of the new tickets: with an external id


PLAIN = Mix(resolve=0, presence=0, assign=0, promised=0, offered=0, named=0)


@dataclass(slots=True)
class Load:
    """`callers` at once on one workspace until `stop`; the same seed asks for the same things in the same order per caller."""

    desk: Desk
    seed: int
    callers: int = 8
    mix: Mix = field(default_factory=Mix)
    prefix: str = "c"
    duplicates: int = 1
    pause_seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    accepted_since_mark: bool = False
    _marked: float = 0.0
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _mine: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_TICKETS))
    _held: deque[str] = field(default_factory=deque)
    _offers: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=KEPT_TICKETS))
    _open: list[Call] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """Tickets that a 2xx was seen for."""
        return self.answers["ticket"]

    def mark(self) -> None:
        """From here on only what is sent later counts for `accepted_since_mark`."""
        self._marked = time.time()
        self.accepted_since_mark = False

    def start(self) -> "Load":
        self._tasks = [asyncio.create_task(self._caller(number)) for number in range(self.callers)]
        return self

    async def finish(self) -> None:
        """No new calls; what is open is repeated until somebody answers."""
        self.stop.set()
        await asyncio.gather(*self._tasks)
        await asyncio.gather(*(self.desk.client.settle(call) for call in self._open))
        await self.desk.client.close()

    def cancel(self) -> None:
        """Leave at once; calls stay unsettled."""
        for task in self._tasks:
            task.cancel()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.finish()

    async def _caller(self, number: int) -> None:
        dice = random.Random(f"{self.seed}-{self.prefix}-{number}")
        turn = 0
        while not self.stop.is_set():
            turn += 1
            await self._act(dice, f"{self.prefix}{self.seed}-{number}-{turn}")
            if self.pause_seconds:
                await asyncio.sleep(self.pause_seconds)

    async def _act(self, dice: random.Random, token: str) -> None:
        drawn, mix = dice.random(), self.mix
        resolve, presence, assign, bulk, look = accumulate((mix.resolve, mix.presence, mix.assign, mix.bulk, mix.look))
        if drawn < resolve and (self._held or self._mine):
            await self._do(f"/v1/tickets/{(self._held or self._mine).popleft()}/resolve", {}, token)
        elif drawn < presence:
            await self._presence(dice, token)
        elif drawn < assign and self._mine:
            await self._do(f"/v1/tickets/{dice.choice(self._mine)}/assign", {"agent_id": dice.choice(self.desk.agents)}, token)
        elif assign <= drawn < bulk:
            await self._bulk(dice, token)
        elif bulk <= drawn < look:
            await self._look()
        elif self._offers and dice.random() < 0.5:
            await self._answer_offer(dice, token)
        else:
            await self._create(dice, token)

    async def _create(self, dice: random.Random, token: str) -> None:
        body = ticket(token, dice, self.mix)
        answer = await self._do("/v1/tickets", body, token)
        if answer.accepted:
            self._taken(answer.body)

    async def _bulk(self, dice: random.Random, token: str) -> None:
        others = [self._mine.popleft() for _ in range(min(3, len(self._mine)))]
        mix = replace(self.mix, offered=self.mix.offered * OFFERED_IN_BULKS)
        body = bulk(token, dice, lambda each: ticket(each, dice, mix), self.desk.agents, others)
        answer = await self._do(BULK, body, token)
        for result in answer.body["results"] if answer.accepted else ():
            if result["status"] == 201:
                self._taken(result["ticket"])

    def _taken(self, made: dict[str, Any]) -> None:
        self.answers["ticket"] += 1
        self._mine.append(made["id"])
        if made.get("offer_id"):
            self._offers.append((made["id"], made["offer_id"]))

    async def _look(self) -> None:
        with contextlib.suppress(BrokenError):
            reply = await self.desk.client.ask("GET", "/v1/tickets?status=assigned&limit=200")
            if reply.status == 200:
                self._held = deque(one["id"] for one in reply.json()["data"])

    async def _presence(self, dice: random.Random, token: str) -> None:
        presence = dice.choice(("available", "available", "away"))
        await self._do(f"/v1/agents/{dice.choice(self.desk.agents[:4])}/presence", {"presence": presence}, token)

    async def _answer_offer(self, dice: random.Random, token: str) -> None:
        _, offer = self._offers.popleft()
        await self._do(f"/v1/offers/{offer}/{dice.choice(('accept', 'accept', 'decline'))}", {}, token)

    async def _do(self, path: str, body: dict[str, Any], token: str) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        call = self.desk.client.begin(token, "POST", path, body)
        if self.duplicates > 1:
            await asyncio.gather(*(self.desk.client.send(call) for _ in range(self.duplicates)))
            answer = next((one for one in call.answers if one.known), call.answers[-1])
        else:
            answer = await self.desk.client.send(call)
        if not answer.known:
            self.answers["unknown" if answer.status is None else "503"] += 1
            answer = await self.desk.client.settle(call, stop=self.stop)
        self.latencies.append(loop.time() - began)
        if answer.known:
            self.answers[f"{answer.status}"] += 1
            if answer.accepted and call.sent_at[-1] >= self._marked:
                self.accepted_since_mark = True
        else:
            self._open.append(call)
        return answer


def ticket(token: str, dice: random.Random | None = None, mix: Mix = PLAIN) -> dict[str, Any]:
    """A new ticket that can be recognised by its token."""
    body: dict[str, Any] = {"channel": "whatsapp", "subject": f"Tagihan {token}", "metadata": {"token": token}, "priority": "low"}
    if dice is not None:
        if dice.random() < mix.offered:
            body["queue"] = "offered"
        elif dice.random() < mix.promised:
            body["priority"] = "high"
        if dice.random() < mix.named:
            body["external_id"] = f"ext-{token}"
    return body
