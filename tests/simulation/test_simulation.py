"""A few simulated days, and the proof that the checks bite. `make simulate` plays thousands."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from app.dispatch.outcome import Wish
from app.engine import decide
from tests.simulation.days import play
from tests.simulation.faults import FAULTS
from tests.simulation.model.doing import DOING
from tests.simulation.results import Result, Results
from tests.simulation.traces import trace
from tests.simulation.watch import CHECKS

SEEDS = range(3)
MOST_SEEDS = 24
# Every command and every other wish, a bulk of either kind. A drain that had an effect would be a broken invariant.
NOT_PLAYED = {"Drain", "Command", "Ask"}  # a question changes nothing, which tests/dispatch/test_asking.py holds it to
KINDS = {kind.__name__ for kind in (*decide._HANDLERS, *get_args(Wish))} - NOT_PLAYED | {"atomic", "not atomic"}
# Fault, checks that are on, what must be found.
BITES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("idempotency keys are ignored", CHECKS, "same_key_same_answer"),
    ("an unknown commit is taken for lost", CHECKS, "nothing_unforeseen"),
    ("a stale state is not caught up", CHECKS, "feed_is_whole"),
    ("undo leaves something", ("states",), "states_are_equal"),
    ("a commit is answered and lost", ("log",), "nothing_unforeseen"),
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
    ("a part of an atomic bulk stays", ("log",), "all_or_nothing"),
    ("a part of an atomic bulk stays", ("model",), "model_agrees"),
    ("a refused bulk stays in the state", ("states",), "states_are_equal"),
    ("a changed ticket is not decided anew", ("model",), "model_agrees"),
    ("a changed ticket is not decided anew", ("nobody waits",), "nobody_waits_for_nothing"),
    ("an offer outlives a change", ("model",), "model_agrees"),
    ("changed fields are written beside the ticket", (), "each_row_once"),
    ("changed fields are not written", ("states",), "states_are_equal"),
    ("changed fields are not written", ("model",), "model_agrees"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_breaks_in_a_day_of_three_hundred_commands(seed: int) -> None:
    day = play(seed)
    assert day.broken is None, "\n".join([f"make simulate SEED={seed}", str(day.broken), *trace(day.lines, day.broken)])
    assert sum(day.asked.values()) >= 300


def test_every_kind_of_command_is_asked_for_and_has_an_effect() -> None:
    """A new kind of command fails here until the model plays it and people or workers give it."""
    played = Counter[str]()
    for seed in range(100, 100 + MOST_SEEDS):
        played += play(seed).played
        if len(played) >= len(KINDS):
            break
    assert played.keys() == KINDS
    assert decide._HANDLERS.keys() == DOING.keys()


def test_the_same_seed_is_the_same_day() -> None:
    once, again = (play(5, commands=60) for _ in range(2))
    assert len(once.lines) > 100
    assert [str(line) for line in again.lines] == [str(line) for line in once.lines]


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


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path, day = tmp_path / "days.jsonl", play(7, commands=20)
    Results(path).add(Result.of(day, 1.0))
    again = Results(path)
    assert list(again.seeds) == [7]
    assert again.all[0].asked == day.asked
    path.write_text(path.read_text(encoding="utf-8").replace('"code": "', '"code": "another'), encoding="utf-8")
    assert not Results(path).seeds
