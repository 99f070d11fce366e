"""A few simulated days, and the proof that the checks bite. `make simulate` plays thousands."""

from collections import Counter
from pathlib import Path

import pytest

from app.engine import decide
from tests.simulation.days import Day, play
from tests.simulation.faults import FAULTS
from tests.simulation.model.doing import DOING
from tests.simulation.results import Result, Results
from tests.simulation.traces import trace
from tests.simulation.watch import CHECKS

SEEDS = range(3)
MOST_SEEDS = 4
# Fault, checks that are on, what must be found.
BITES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("idempotency keys are ignored", CHECKS, "same_key_same_answer"),
    ("an unknown commit is taken for lost", CHECKS, "same_key_same_answer"),
    ("a stale state is not caught up", CHECKS, "feed_is_whole"),
    ("undo leaves something", ("states",), "states_are_equal"),
    ("a commit is answered and lost", CHECKS, "feed_is_whole"),
    ("a row is not written", ("states",), "states_are_equal"),
    ("the head is not told what is due", ("due",), "each_step_once"),
    ("nobody is asked after a ticket is resolved", ("model",), "model_agrees"),
    ("nobody is asked after a ticket is resolved", ("nobody waits",), "nobody_waits_for_nothing"),
    ("a timer fires twice", ("log",), "each_step_once"),
    ("a timer fires early", ("log",), "each_step_once"),
    ("a timer fires early", ("model",), "model_agrees"),
    ("an offer ends early", ("log",), "each_step_once"),
    ("capacity is not looked at", ("log",), "load_is_true"),
    ("capacity is not looked at", ("model",), "model_agrees"),
    ("a takeover leaves the first owner", ("log",), "one_owner"),
    ("the last comes first", ("model",), "model_agrees"),
)


@pytest.fixture(scope="module")
def days() -> list[Day]:
    return [play(seed) for seed in SEEDS]


def test_nothing_breaks(days: list[Day]) -> None:
    for day in days:
        assert day.broken is None, "\n".join([f"make simulate SEED={day.seed}", *trace(day.lines, day.broken)])


def test_every_kind_of_command_is_asked_for_and_has_an_effect(days: list[Day]) -> None:
    """A new kind of command fails here until people or workers give it."""
    played = sum((day.played for day in days), Counter[str]())
    assert {kind.__name__ for kind in decide._HANDLERS} - {"Drain"} <= played.keys()
    assert decide._HANDLERS.keys() == DOING.keys()


def test_a_day_has_at_least_three_hundred_commands_of_people(days: list[Day]) -> None:
    assert min(sum(day.asked.values()) for day in days) >= 300


def test_the_same_seed_is_the_same_day(days: list[Day]) -> None:
    again = play(days[0].seed)
    assert [str(line) for line in again.lines] == [str(line) for line in days[0].lines]


@pytest.mark.parametrize(("fault", "checks", "rule"), BITES)
def test_a_fault_is_found(fault: str, checks: tuple[str, ...], rule: str) -> None:
    found = []
    for seed in range(MOST_SEEDS):
        day = play(seed, fault=fault, checks=checks)
        found.append(day.broken.rule if day.broken else None)
        if found[-1] == rule:
            return
    pytest.fail(f"found {found}")


def test_every_fault_is_tried() -> None:
    assert {fault for fault, _, _ in BITES} == FAULTS.keys()


def test_a_run_goes_on_where_it_was(tmp_path: Path, days: list[Day]) -> None:
    path = tmp_path / "days.jsonl"
    Results(path).add(Result.of(days[0], 1.0))
    again = Results(path)
    assert list(again.seeds) == [days[0].seed]
    assert again.all[0].asked == days[0].asked
    path.write_text(path.read_text(encoding="utf-8").replace('"code": "', '"code": "another'), encoding="utf-8")
    assert not Results(path).seeds
