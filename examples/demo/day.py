"""Plays the day: a heap of moments, and between them the clock. Who owns what is learnt from the events feed alone."""

import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any

from examples.demo.api import Api, RefusedError
from examples.demo.clock import SandboxClock
from examples.demo.floor import Floor
from examples.demo.incidents import Incident
from examples.demo.ledger import Case, Happened, Ledger
from examples.demo.people import DAY_MINUTES, Shift

LONGEST_STEP = 15  # minutes; so that people soon see and work on what an escalation gave them
LATE = 0.75  # of a minute: when people finish and answer, so never in the second in which a promise runs out
AT_ONCE = 8
PAGE = 200


class What(IntEnum):
    """The order within a moment. Nothing depends on the order of GOING among themselves, nor of ANSWER: these go side by side."""

    GOING = 0
    COMING = 1
    ARRIVAL = 2
    ANSWER = 3
    RESOLVE = 4


@dataclass(order=True, slots=True)
class Moment:
    """`number` keeps the order in which moments were planned."""

    minute: float
    what: What
    number: int
    act: Callable[[], None] = field(compare=False)

    def run(self) -> None:
        self.act()


class Day:
    """One play. `progress` is told the minute reached, and shown the books."""

    def __init__(self, api: Api, clock: SandboxClock, progress: Callable[[int, Ledger], None]) -> None:
        self.ledger = Ledger()
        self._api, self._clock, self._progress = api, clock, progress
        self._moments: list[Moment] = []
        self._numbers = count()
        self._floor = Floor(
            plan_answer=lambda minute, case, spell: self._plan(minute + LATE, What.ANSWER, partial(self._answer, case, spell)),
            plan_resolve=lambda minute, case, spell: self._plan(minute + LATE, What.RESOLVE, partial(self._resolve, case, spell)),
        )
        self._ears: dict[str, Callable[[Case, dict[str, Any], int], None]] = {
            "ticket.assigned": lambda case, data, minute: self._floor.give(case, data["agent_id"], minute),
            "ticket.returned": lambda case, _, minute: self._floor.take(case, minute),
            "ticket.updated": self._hear_updated,
        }

    def play(self, incidents: list[Incident], shifts: dict[str, Shift], *, until: int) -> None:
        """From Monday 00:00 to minute `until`. `shifts` by the id of the agent."""
        for incident in incidents:
            self._plan(_second_of_arrival(incident.minute), What.ARRIVAL, partial(self._arrive, incident))
        for agent, shift in shifts.items():
            self._plan_shifts(agent, shift, until)
        self._clock.advance_to(0)
        self._read_feed()  # the configuration: what came before the day is no part of it
        self.ledger.seen.clear()
        minute: float = 0
        while minute < until:
            following = self._moments[0].minute if self._moments else until
            minute = min(max(minute, following), minute + LONGEST_STEP, until)
            self._step(minute)

    def _step(self, minute: float) -> None:
        if self._clock.advance_to(minute):
            self._read_feed()
        if self._moments and self._moments[0].minute <= minute:
            self._act(minute)
            self._read_feed()
        self._progress(int(minute), self.ledger)

    def _act(self, minute: float) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._moments and self._moments[0].minute <= minute:
                what = self._moments[0].what
                same = []
                while self._moments and self._moments[0].minute <= minute and self._moments[0].what == what:
                    same.append(heapq.heappop(self._moments))
                one_by_one = what not in (What.GOING, What.ANSWER) or len(same) == 1
                list(map(Moment.run, same) if one_by_one else threads.map(Moment.run, same))

    def _plan(self, minute: float, what: What, act: Callable[[], None]) -> None:
        heapq.heappush(self._moments, Moment(minute, what, next(self._numbers), act))

    def _plan_shifts(self, agent: str, shift: Shift, until: int) -> None:
        for midnight in range(0, until, DAY_MINUTES):
            self._plan(midnight + shift.begins * 60, What.COMING, partial(self._set_presence, agent, "available"))
            self._plan(midnight + shift.ends * 60, What.GOING, partial(self._set_presence, agent, "offline"))

    # -- what is sent

    def _set_presence(self, agent: str, presence: str) -> None:
        self._api.post(f"/agents/{agent}/presence", {"presence": presence}, key=f"presence-{next(self._numbers)}")

    def _arrive(self, incident: Incident) -> None:
        ticket = self._api.post("/tickets", incident.body(), key=f"arrival-{incident.external_id}")
        case = Case(incident, ticket["id"], ticket["priority"], ticket["queue"], ticket["priority"])
        self.ledger.cases[case.id] = case

    def _answer(self, case: Case, spell: int) -> None:
        if case.spell == spell and case.owner and not case.answered:
            case.answered = self._done(case, "respond")

    def _resolve(self, case: Case, spell: int) -> None:
        if case.spell == spell and case.owner and self._done(case, "resolve"):
            case.resolved = True
            self._floor.take(case, self._clock.minute_of(self._clock.now))

    def _done(self, case: Case, verb: str) -> bool:
        """False where the ticket went to somebody else in this very second; the feed will say to whom."""
        try:
            self._api.post(f"/tickets/{case.id}/{verb}", key=f"{verb}-{case.incident.external_id}-{case.spell}")
        except RefusedError as refused:
            if refused.status != HTTPStatus.CONFLICT:
                raise
            self.ledger.crossed += 1
            return False
        return True

    # -- what is heard

    def _read_feed(self) -> None:
        while True:
            page = self._api.get("/events", after=self.ledger.last_seq, limit=PAGE)
            for event in page["data"]:
                self._hear(event)
            self.ledger.last_seq = page["last_seq"]
            if len(page["data"]) < PAGE:
                return

    def _hear(self, event: dict[str, Any]) -> None:
        self.ledger.seen[event["type"]] += 1
        case = self.ledger.cases.get(event["subject"]["id"] or "")
        if case is None:
            return
        minute = self._clock.minute_of(datetime.fromisoformat(event["at"]))
        case.history.append(Happened(minute, event["type"], event["data"]))
        if ear := self._ears.get(event["type"]):
            ear(case, event["data"], minute)

    def _hear_updated(self, case: Case, data: dict[str, Any], _: int) -> None:
        if "priority" in data["changed"]:
            case.priority = data["changed"]["priority"][1]


def _second_of_arrival(minute: int) -> float:
    """The trace knows only minutes. Which second of it rises from 0 at 06:00 to 40 at 20:00.

    Promises last whole minutes: so one that runs out in a minute does so some seconds before the arrivals of that minute,
    never at the same time, and every run of the demo is the same day.
    """
    return minute + 40 / 60 * min(max(minute / 60 - 6, 0) / 14, 1)
