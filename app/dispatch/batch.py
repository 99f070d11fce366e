"""One attempt at a batch, between the lock and the commit: gather, decide, record."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from app import telemetry
from app.dispatch import origins
from app.dispatch.answers import Answers, known_answers
from app.dispatch.due import next_due
from app.dispatch.gather import gather
from app.dispatch.inbox import Envelope
from app.dispatch.moments import milliseconds, moment, uuid_of
from app.dispatch.outcome import Ask, Bulk, ItemRefused, Outcome, Recall, Wish
from app.dispatch.record import record
from app.dispatch.record.batch import Accepted, Batch
from app.dispatch.record.together import Together
from app.dispatch.rows import customer_row, dry_rows, read_agents, read_rows
from app.engine.commands import AdvanceClock, ApplyConfiguration, Command, CustomerCommand, SetPresence
from app.engine.decide import LONG, Decided, Facts, Result, decide, in_turns
from app.engine.events import TicketAssigned
from app.engine.refusals import ConfigurationMoved, Refusal
from app.engine.state import State, Touched
from app.engine.vocabulary import Metric
from app.errors import Problem
from app.queries import heads

DECIDING_SECONDS = 0.05
ABOUT_AN_AGENT = (SetPresence, ApplyConfiguration)  # whose outcome may show the agent's row
PART = 16  # items that are written together, while the next ones are decided
TURN = 32  # items of a bulk that are decided before the event loop may turn

logger = structlog.get_logger(__name__)
Answered = tuple[Envelope, Outcome | BaseException]


@dataclass(slots=True)
class Done:
    """A batch that is settled: its answers, those it had no time for, and what to wake others with, by PostgreSQL's clock."""

    outcomes: list[Answered]
    left: list[Envelope]
    seq: int | None
    next_due_ms: int | None


@dataclass(slots=True)
class Verdict:
    """What became so far of one envelope, or of one item of it."""

    envelope: Envelope
    command: Wish
    accepted: Accepted | None = None
    outcome: Outcome | None = None
    error: BaseException | None = None
    seq: int = 0
    items: "list[Verdict] | None" = None

    @property
    def result(self) -> Result | None:
        """What deciding found, for real or in a dry run."""
        if self.accepted is not None:
            return self.accepted.decided.result
        return self.outcome.result if self.outcome is not None and self.envelope.dry_run else None


class Attempt:
    """The state is evolved as it goes; `undo` takes it back."""

    def __init__(self, state: State, envelopes: list[Envelope], batch_id: UUID) -> None:
        self.state = state
        self.envelopes = envelopes
        self.head: Any = None
        self.batch = Batch(uuid_of(state.workspace), batch_id, 0)
        self.verdicts: list[Verdict] = []
        self.left: list[Envelope] = []
        self.closing = ""
        self._next_due: datetime | None = None
        self._offset = 0
        self._deciding = 0.0
        self._timers: set[tuple[int, Metric]] = set()

    async def decide_and_record(self, connection: Any) -> None:
        """Everything between the lock and COMMIT."""
        self.batch.at = max(
            milliseconds(self.head["clock"]) + self.head["clock_offset_ms"], milliseconds(self.head["last_at"]), self.state.at
        )
        sandbox = self.head["mode"] == "sandbox"
        facts = await gather(connection, self.state, self._commands(), sandbox=sandbox)
        answers = await known_answers(connection, self.batch.workspace, self.envelopes)
        writing = Together(connection)
        try:
            while len(self.verdicts) < len(self.envelopes) and not self.left:
                verdicts = await self._decide_part(facts, answers)
                await self._record_part(writing, verdicts, answers)
            answers.settle_followers()
            await writing.finish()
        finally:
            await writing.quiet()
        if self.batch.accepted:
            await self._move_head(connection)

    def undo(self) -> None:
        """The state as it was at the lock."""
        self.state.journal.undo()
        self.state.touched = Touched()
        self.state.ended.clear()

    def done(self) -> Done:
        """The answers, once committed."""
        telemetry.DECISION_SECONDS.observe(self._deciding)
        outcomes: list[Answered] = [(verdict.envelope, verdict.error or verdict.outcome or _lost()) for verdict in self.verdicts]
        due = milliseconds(self._next_due) - self._offset if self._next_due is not None else None
        return Done(
            outcomes, self.left, self.state.seq if any(entry.decided.events for entry in self.batch.accepted) else None, due
        )

    def waits(self) -> list[int]:
        """How long, in ms, each ticket waited that this batch assigned."""
        since, slot_of = self.state.tickets.waiting_since, self.state.tickets.slot_of
        assigned = (event.ticket for _, event, _ in self.batch.events() if isinstance(event, TicketAssigned))
        return [self.batch.at - since[slot_of[ticket]] for ticket in assigned if ticket in slot_of]

    def _commands(self) -> Iterator[Command]:
        for envelope in self.envelopes:
            if isinstance(envelope.command, Bulk):
                yield from envelope.command.items
            elif isinstance(envelope.command, Ask):
                yield from envelope.command.needs
            elif not isinstance(envelope.command, Recall):
                yield envelope.command

    async def _decide_part(self, facts: Facts, answers: Answers) -> list[Verdict]:
        """The next commands, until there are enough of them: a bulk alone is enough."""
        began, items, start = time.perf_counter(), 0, len(self.verdicts)
        verdicts: list[Verdict] = []
        for index, envelope in enumerate(self.envelopes[start:], start):
            if items >= PART or (items and isinstance(envelope.command, CustomerCommand)):
                break  # who is changed by id may give up a name or tickets: what comes before has to be written before
            if index and self._deciding + time.perf_counter() - began > DECIDING_SECONDS:
                self.left = self.envelopes[index:]
                break
            items += PART if isinstance(envelope.command, CustomerCommand) else envelope.size
            verdict = Verdict(envelope, envelope.command)
            verdicts.append(verdict)
            if answers.settle(verdict):
                continue
            if isinstance(envelope.command, Bulk):
                began += await self._decide_bulk(verdict, envelope.command, facts)
            elif isinstance(envelope.command, Command) and type(envelope.command) in LONG:
                began += await self._decide_long(verdict, envelope.command, facts)
            else:
                self._decide_one(verdict, envelope.command, facts)
        self._deciding += time.perf_counter() - began
        self.verdicts += verdicts
        return verdicts

    async def _record_part(self, writing: Together, verdicts: list[Verdict], answers: Answers) -> None:
        """Write while the next part is being decided. What the part touched is written as it stands after the part."""
        part = Batch(self.batch.workspace, self.batch.batch_id, self.batch.at)
        part.accepted = [leaf.accepted for leaf in _leaves(verdicts) if leaf.accepted is not None]
        created: dict[bytes, dict[str, Any]] = {}
        if part.accepted:
            created = await record(writing, self.state, part)
            self._timers |= self.state.touched.timers
            self.state.touched = Touched()
            self.batch.accepted += part.accepted
        await writing.begin()
        await self._fill(writing, created, verdicts)
        for statement in (*answers.settled(part, verdicts), *origins.entries(part, verdicts)):
            await writing.add(*statement)

    def _decide_one(self, verdict: Verdict, command: Command | Recall | Ask, facts: Facts) -> None:
        mark = self.state.journal.mark
        if isinstance(command, Recall):
            verdict.outcome = Outcome(self.state.seq, self.batch.at, Result())
        elif isinstance(command, Ask):
            self._answer(verdict, command, facts)
        elif (accepted := self._decide(verdict, command, facts)) is not None:
            self._take(verdict, accepted, mark)

    def _take(self, verdict: Verdict, accepted: Accepted, mark: int) -> None:
        if verdict.envelope.dry_run:
            self._imagine([(verdict, accepted)])
            self.state.journal.undo(mark)
        else:
            verdict.accepted = accepted

    def _decide(self, verdict: Verdict, command: Command, facts: Facts) -> Accepted | None:
        """What becomes of one command; a refusal is kept in its verdict."""
        state = self.state
        first_seq = state.seq + 1
        try:
            decided = decide(state, command, facts, now=self.batch.at)
        except Exception as error:  # noqa: BLE001  # logged there
            verdict.error = _refused(command, error)
            return None
        verdict.seq = state.seq
        return Accepted(command, decided, first_seq, verdict.envelope.request_id)

    async def _decide_long(self, verdict: Verdict, command: Command, facts: Facts) -> float:
        """A command that pauses: the event loop turns, as between the items of a bulk. Returns the seconds that others took."""
        state, others = self.state, 0.0
        mark, first_seq = state.journal.mark, state.seq + 1
        turns = in_turns(state, command, facts, now=self.batch.at)
        try:
            while True:
                next(turns)
                others += await turned()
        except StopIteration as done:
            verdict.seq = state.seq
            self._take(verdict, Accepted(command, done.value, first_seq, verdict.envelope.request_id), mark)
        except Exception as error:  # noqa: BLE001  # logged there
            verdict.error = _refused(command, error)
        finally:
            turns.close()
        return others

    def _answer(self, verdict: Verdict, ask: Ask, facts: Facts) -> None:
        """What the question finds. Whatever it moved for that is put back."""
        state = self.state
        mark, seq = state.journal.mark, state.seq
        try:
            answer = ask.question(state, facts, self.batch.at)
            verdict.outcome = Outcome(seq, self.batch.at, Result(), answer=answer)
        except (Refusal, Problem) as refusal:
            verdict.error = refusal
        except Exception as error:
            logger.exception("ask_failed", question=type(ask.question).__name__)
            verdict.error = Problem("internal_error", "Something went wrong on our side. The request id helps us to find it.")
            verdict.error.__cause__ = error
        finally:
            state.journal.undo(mark)

    async def _decide_bulk(self, verdict: Verdict, bulk: Bulk, facts: Facts) -> float:
        """Each item on what the ones before it left. A configuration that moved is the whole call's affair: it is prepared anew.

        The event loop turns in between, which shows nobody the state: only this workspace's task, which waits here, reads it.
        Returns the seconds that others took meanwhile.
        """
        mark, taken, others = self.state.journal.mark, [], 0.0
        verdict.items = [Verdict(verdict.envelope, command) for command in bulk.items]
        for index, (item, command) in enumerate(zip(verdict.items, bulk.items, strict=True)):
            if index and index % TURN == 0:
                others += await turned()
            accepted = self._decide(item, command, facts)
            if accepted is not None:
                taken.append((item, accepted))
            elif isinstance(item.error, ConfigurationMoved):
                verdict.error = item.error
            elif bulk.atomic and item.error is not None:
                verdict.error = ItemRefused(index, item.error)
            if verdict.error is not None:
                self.state.journal.undo(mark)
                return others
        verdict.seq = self.state.seq
        if verdict.envelope.dry_run:
            self._imagine(taken)
            self.state.journal.undo(mark)
            return others
        for item, accepted in taken:
            item.accepted = accepted
        return others

    def _imagine(self, taken: list[tuple[Verdict, Accepted]]) -> None:
        """The outcomes of a dry run, before it is undone."""
        rows = dry_rows(self.state, self.batch, [accepted for _, accepted in taken])
        for (verdict, accepted), row in zip(taken, rows, strict=True):
            verdict.outcome = self._outcome(verdict, accepted.decided, row)

    async def _fill(self, writing: Together, created: dict[bytes, dict[str, Any]], verdicts: list[Verdict]) -> None:
        """Give each outcome the row it is about: from memory where this part created it, else as it now stands."""
        leaves = list(_leaves(verdicts))
        results = [result for verdict in leaves if (result := verdict.result) is not None]
        wanted = {result.ticket for result in results if result.ticket is not None and result.ticket not in created}
        commands = (verdict.accepted.command for verdict in leaves if verdict.accepted is not None)
        moved = {command.agent for command in commands if isinstance(command, ABOUT_AN_AGENT) and command.agent is not None}
        rows, agents = created, {}
        if wanted or moved:
            await writing.finish()
            rows = {**created, **(await read_rows(writing.connection, self.batch.workspace, wanted) if wanted else {})}
            agents = await read_agents(writing.connection, self.batch.workspace, moved) if moved else {}
        for verdict in leaves:
            if verdict.accepted is not None:
                self._fill_accepted(verdict, verdict.accepted, rows, agents)
            elif verdict.outcome is not None and verdict.envelope.dry_run:
                stored = rows.get(verdict.outcome.result.ticket or b"", {})
                verdict.outcome.ticket = {**stored, **(verdict.outcome.ticket or {})} or None
        for verdict in verdicts:
            if verdict.items is not None and verdict.error is None:
                items = [item.outcome or item.error or _lost() for item in verdict.items]
                verdict.outcome = Outcome(verdict.seq, self.batch.at, Result(), items=items)

    def _fill_accepted(
        self, verdict: Verdict, accepted: Accepted, rows: dict[bytes, dict[str, Any]], agents: dict[bytes, dict[str, Any]]
    ) -> None:
        command, decided = accepted.command, accepted.decided
        ticket = decided.result.ticket
        outcome = self._outcome(verdict, decided, rows.get(ticket) if ticket else None)
        if isinstance(command, ABOUT_AN_AGENT) and command.agent is not None:
            outcome.agent = agents.get(command.agent)
        verdict.outcome = outcome

    def _outcome(self, verdict: Verdict, decided: Decided, row: dict[str, Any] | None) -> Outcome:
        outcome = Outcome(verdict.seq, self.batch.at, decided.result, decided.events, decided.decisions, row)
        if decided.result.person is not None:
            outcome.customer = customer_row(decided.result.person)
        return outcome

    async def _move_head(self, connection: Any) -> None:
        state, head = self.state, self.head
        advanced = sum(entry.command.milliseconds for entry in self.batch.accepted if isinstance(entry.command, AdvanceClock))
        self._offset = head["clock_offset_ms"] + advanced
        self._next_due = await next_due(connection, state, self.batch, self._timers, head["next_due_at"], self.batch.workspace)
        self.closing = heads.moved(
            self.batch.workspace,
            seq=state.seq,
            number=state.number,
            agent_number=state.agent_number,
            at=moment(self.batch.at),
            offset_ms=self._offset,
            due=self._next_due,
            version=state.configuration.version,
        )


async def turned() -> float:
    """Let the event loop turn once; the seconds that took."""
    began = time.perf_counter()
    await asyncio.sleep(0)
    return time.perf_counter() - began


def _leaves(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Verdicts on single commands, those within bulks among them."""
    for verdict in verdicts:
        if verdict.items is None:
            yield verdict
        elif verdict.error is None:
            yield from verdict.items


def _refused(command: Command, error: Exception) -> Exception:
    """What the caller is told; what is nobody's refusal is logged."""
    if isinstance(error, Refusal | Problem):
        return error
    logger.error("decide_failed", command=type(command).__name__, exc_info=error)
    problem = Problem("internal_error", "Something went wrong on our side. The request id helps us to find it.")
    problem.__cause__ = error
    return problem


def _lost() -> Problem:
    return Problem("internal_error", "The command was taken but has no answer.")
