"""Runs a module of ours under a clock that is wrong and jumps, and blocks its event loop when told to.

`python -m tests.faults.shifted MODULE SECONDS[,SECONDS…]`: the clock is off by the first number, half a second later by the
next, and so on in a ring. SIGUSR1 keeps the main thread busy for BLOCKED_SECONDS.
"""

import runpy
import signal
import sys
import time
from types import FrameType

BLOCKED_SECONDS = 5.0
JUMP_SECONDS = 0.5


def shift(offsets: list[float]) -> None:
    """Every reading of the wall clock by Python code from now on."""
    true_time, steady = time.time, time.monotonic

    def shifted() -> float:
        return true_time() + offsets[int(steady() / JUMP_SECONDS) % len(offsets)]

    time.time = shifted
    time.time_ns = lambda: int(shifted() * 1e9)


def _block(_number: int, _frame: FrameType | None) -> None:
    until = time.monotonic() + BLOCKED_SECONDS
    while time.monotonic() < until:
        pass


def main() -> None:
    module, offsets = sys.argv[1], [float(word) for word in sys.argv[2].split(",")]
    signal.signal(signal.SIGUSR1, _block)
    shift(offsets)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
