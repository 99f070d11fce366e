"""`giliran faults`: kills everything in turn under load, for as long as asked, and proves that nothing was lost.

With --folder a run can be stopped and gone on with; without, all traces are removed at the end.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.faults.lab import open_to_all, scratch
from tests.faults.legs import BrokenLegError, Plan, Run
from tests.faults.tally import Tally


def main() -> int:
    wishes = _wishes()
    with _folder(wishes.folder) as folder:
        try:
            tally = Tally.resume(folder / "tally.json", wishes.seed)
        except ValueError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 2
        plan = Plan(wishes.seed, wishes.minutes, folder, wishes.api, wishes.workers, wishes.callers, only_leg=wishes.leg)
        print(f"seed {wishes.seed}, {wishes.minutes:g} minutes, {wishes.api} API, {wishes.workers} workers", flush=True)  # noqa: T201
        run = Run(plan, tally)
        try:
            uvloop.run(run.go())
        except BrokenLegError as error:
            print(f"leg {error.leg} of seed {error.seed} is broken:\n{error}\n", file=sys.stderr)  # noqa: T201
            print(f"run it again: giliran faults --seed {error.seed} --leg {error.leg}", file=sys.stderr)  # noqa: T201
            return 1
        except KeyboardInterrupt:
            print("stopped; the leg under way does not count")  # noqa: T201
        print(tally.table())  # noqa: T201
    return 0


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="giliran faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=8.0, help="how long")
    parser.add_argument("--seed", type=int, default=1, help="of the dice; a broken leg prints it")
    parser.add_argument("--folder", type=Path, help="where to go on from and to")
    parser.add_argument("--api", type=int, default=2, help="API processes")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--callers", type=int, default=16, help="calls at once")
    parser.add_argument("--leg", type=int, help="only this leg of the seed")
    return parser.parse_args()


@contextlib.contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is None:
        with scratch() as folder:
            yield folder
    else:
        open_to_all(wanted)
        yield wanted


if __name__ == "__main__":
    sys.exit(main())
