"""`python -m tests.simulation`: many days over several processes, or one day again with what is to be read about it."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.simulation.chance import DISTURBANCES
from tests.simulation.days import COMMANDS, Day, play
from tests.simulation.results import Result, Results
from tests.simulation.runs import played, smallest
from tests.simulation.traces import trace

RESULTS = Path(".data/simulation.jsonl")
SAID_EVERY = 250


def main() -> int:
    options = _options()
    console = Console()
    disturbances = tuple(each for each in DISTURBANCES if each not in (options.without or ()))
    if options.seed is not None:
        return _one(console, options.seed, disturbances, options.commands)
    return _many(console, options.seeds, options.workers, options.results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Simulated days of a workspace.")
    parser.add_argument(
        "--seeds", type=int, default=100, help="how many days, from seed 0 on; those in the results are not played again"
    )
    parser.add_argument("--workers", type=int, default=2, help="how many processes")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, help="where the results are kept; a change of code begins a new file"
    )
    parser.add_argument("--seed", type=int, help="play one day again")
    parser.add_argument("--commands", type=int, default=COMMANDS, help="with --seed: how many commands people give")
    parser.add_argument("--without", action="append", choices=DISTURBANCES, help="with --seed: leave out what may go wrong")
    return parser.parse_args()


def _one(console: Console, seed: int, disturbances: tuple[str, ...], commands: int) -> int:
    day = play(seed, disturbances=disturbances, commands=commands)
    _say_what_was_asked(console, Result.of(day, 0.0))
    if day.broken is None:
        console.print(f"Seed {seed}: nothing is broken.")
        return 0
    _say_what_broke(console, day)
    return 1


def _many(console: Console, seeds: int, workers: int, path: Path) -> int:
    results = Results(path)
    left = [seed for seed in range(seeds) if seed not in results.seeds]
    if len(left) < seeds:
        console.print(f"{seeds - len(left)} of {seeds} days are in {path}; {len(left)} are left.", highlight=False)
    broken = [result for result in results.all if result.broken and result.seed < seeds]
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    began = time.monotonic()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("simulating", total=len(left))
        for number, result in enumerate(played(left, workers), 1):
            results.add(result)
            progress.update(task, advance=1)
            if not console.is_terminal and number % SAID_EVERY == 0:
                console.print(
                    f"{number} of {len(left)} days, {time.monotonic() - began:.0f} s, {len(broken)} broken", highlight=False
                )
            if result.broken:
                broken.append(result)
                console.print(f"seed {result.seed}: {result.broken}", highlight=False, markup=False)
    for result in broken[:3]:
        _explain(console, result.seed)
    _say_what_was_asked(console, *(result for result in results.all if result.seed < seeds))
    console.print(f"{seeds} days, {len(broken)} with a broken invariant.", highlight=False)
    return 1 if broken else 0


def _explain(console: Console, seed: int) -> None:
    day, disturbances, commands = smallest(seed)
    if day.broken is None:
        console.print(f"Seed {seed} was broken before and is not any more: the code has changed, or the day is not reproducible.")
        return
    left_out = [each for each in DISTURBANCES if each not in disturbances]
    again = " ".join([f"--seed {seed} --commands {commands}", *(f'--without "{each}"' for each in left_out)])
    console.print(f"\nThe whole day again: make simulate SEED={seed}", highlight=False)
    console.print(f"The smallest that breaks the same: python -m tests.simulation {again}", highlight=False, soft_wrap=True)
    _say_what_broke(console, day)


def _say_what_broke(console: Console, day: Day) -> None:
    if day.broken is None:
        return
    console.print(f"Seed {day.seed}: {day.broken}", highlight=False, markup=False, style="red", soft_wrap=True)
    if day.broken.__cause__ is not None:
        console.print(repr(day.broken.__cause__), highlight=False, markup=False, soft_wrap=True)
    for line in trace(day.lines, day.broken):
        console.print("  " + line, highlight=False, markup=False, soft_wrap=True)


def _say_what_was_asked(console: Console, *results: Result) -> None:
    asked = sum((Counter(result.asked) for result in results), Counter[str]())
    events = sum((Counter(result.events) for result in results), Counter[str]())
    commits = sum(result.commits for result in results)
    seconds = sum(result.seconds for result in results)
    fewest = min((sum(result.asked.values()) for result in results), default=0)
    console.print(
        f"People gave {sum(asked.values()):,} commands (at least {fewest} a day); {sum(events.values()):,} events in {commits:,} commits, "
        f"{seconds:,.0f} s of computing.",
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    sys.exit(main())
