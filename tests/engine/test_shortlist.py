"""A shortlist is the beginning of the whole order, whoever moved, came or went since it was last asked."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import commands, keys
from app.engine.candidates import candidates
from app.engine.decide import decide
from app.engine.journal import Journal
from app.engine.moves import Moves
from app.engine.ranking import best, keys_of
from app.engine.shortlist import KEPT
from app.engine.vocabulary import Presence
from tests.engine.test_choices import STRATEGIES, policy_for
from tests.engine.worlds import SYSTEM, TEAMS, World, queue, setting

CROWD = KEPT + 40
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from([{}, {"skills": (("law", 1),)}, {"tier": "vip"}])),
        st.tuples(st.just("submit_many"), st.integers(1, 90)),
        st.tuples(st.just("resolve"), st.integers(0, 200)),
        st.tuples(st.just("presence"), st.tuples(st.integers(0, CROWD - 1), st.sampled_from(Presence))),
        st.tuples(st.just("submit_and_undo"), st.integers(1, 12)),
    ),
    max_size=30,
)


class Crowd:
    """More agents than a shortlist keeps, and tickets of three requirements among them."""

    def __init__(self, strategy: str, capacity: int) -> None:
        people = [
            setting(
                f"a{number}",
                teams=[TEAMS[number % 2]],
                capacity=1 + number * 7 % capacity,
                weight=1 + number % 3,
                skills={"law": number % 4} if number % 4 else {},
            )
            for number in range(CROWD)
        ]
        self.world = World(*people, routing_policies=[policy_for(strategy)], queues=[queue(teams=TEAMS[:2])])
        self.held: list[Any] = []

    def submit(self, fields: dict[str, Any]) -> None:
        ticket = self.world.draft(**fields)
        self.world.do(ticket)
        self.held.append(ticket.ticket)

    def submit_many(self, count: int) -> None:
        for _ in range(count):
            self.submit({})
            self.check()

    def resolve(self, index: int) -> None:
        if self.held:
            self.world.do(commands.ResolveTicket(SYSTEM, self.held.pop(index % len(self.held))))

    def presence(self, change: tuple[int, Presence]) -> None:
        self.world.presence(f"a{change[0]}", change[1])

    def submit_and_undo(self, count: int) -> None:
        state = self.world.state
        mark = state.journal.mark
        for _ in range(count):
            decide(state, self.world.draft(), self.world.facts, now=self.world.now)
        state.journal.undo(mark)

    def check(self) -> None:
        state = self.world.state
        for number, fit in state.fits._found.items():
            wanted = state.requirements[number]
            slots = candidates(state.agents, wanted, fit).slots
            if fit.shortlist is None or not len(slots):
                continue
            of_queue = state.configuration.queues[wanted.queue]
            question = keys.Question(state.agents, state.turns_of(wanted.queue), wanted, of_queue)
            kept = deepcopy(fit.shortlist)  # so that asking here brings nothing up to date
            assert kept.best(question, slots) == best(question, slots, keys_of(of_queue.policy))


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=25, deadline=None)
@given(steps=STEPS, capacity=st.sampled_from([2, 12, 1000]))
def test_a_shortlist_is_the_beginning_of_the_whole_order(strategy: str, steps: list[tuple[str, Any]], capacity: int) -> None:
    crowd = Crowd(strategy, capacity)
    for number in range(CROWD):
        crowd.presence((number, Presence.AVAILABLE))
    for step, argument in steps:
        crowd.world.now += 7
        getattr(crowd, step)(argument)
        crowd.check()


@given(notes=st.lists(st.one_of(st.integers(0, 9), st.none(), st.just("undo")), max_size=60), readers=st.sets(st.integers(0, 60)))
def test_who_has_moved_is_told_to_every_reader_or_nobody_can_say(notes: list[Any], readers: set[int]) -> None:
    journal, told = Journal(), {}
    moves = Moves(journal)
    for position, note in enumerate(notes):
        if position in readers:
            moves.since(moves.now, 0)  # as every reader asks before it notes where it stands
            told[position] = moves.now
        if note is None:
            moves.note_all()
        elif note == "undo":
            journal.put({0: 0}, 0, 1)
            journal.undo()
        else:
            moves.note(note)
    for position, place in told.items():
        since = notes[position:]
        certain = all(isinstance(note, int) for note in since)
        assert moves.since(place, 60) == (since if certain else None)


def test_old_moves_are_forgotten_and_said_to_be() -> None:
    moves = Moves(Journal())
    first = moves.now
    for slot in range(3000):
        moves.note(slot)
        assert moves.since(moves.now - 1, 5) == [slot]
    assert moves.since(first, 5000) is None
    assert moves.since(moves.now - 3, 5) == [2997, 2998, 2999]
    assert moves.since(moves.now - 6, 5) is None
