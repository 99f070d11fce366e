"""An event loop whose clock stands still while code runs and jumps to the next moment at which something is planned.

Nothing is waited for: a day passes as fast as its steps can be computed, and the same steps always come in the same order.
"""

import asyncio
import selectors
from typing import Any


class _Nothing(selectors.SelectSelector):
    """Waiting for files means letting the clock jump; there are no files but the loop's own pipe to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("the simulated world stands still: everybody waits and nothing is planned")
        self.passed += max(timeout, 0.0)
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """`time()` is in simulated seconds since the loop was made."""

    def __init__(self) -> None:
        self._nothing = _Nothing()
        super().__init__(self._nothing)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._nothing.passed
