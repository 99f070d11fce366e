"""A program of our own that is started again when it dies, unless dying is all it does."""

import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.embedded.errors import EmbeddedError
from app.embedded.processes import launch

DEATHS, WITHIN_SECONDS = 5, 10.0
SOON_SECONDS = 0.05


class Process(Protocol):
    """What has to be known of one that runs: as of `subprocess.Popen`."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self) -> int | None: ...

    def send_signal(self, number: int, /) -> None: ...


@dataclass(slots=True)
class Child:
    """One API or worker process, and how often it died lately."""

    name: str
    program: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    pass_fds: tuple[int, ...] = ()
    starter: Callable[["Child"], Process | None] = lambda _: None  # another way than by exec; None where it does not go
    process: Process | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS))
    start_at: float = 0.0

    def start(self) -> None:
        self.process = self.starter(self) or launch(list(self.program), environment=self.environment, pass_fds=self.pass_fds)

    def tend(self, say: Callable[[str], None]) -> None:
        """Raises EmbeddedError when it dies so often that starting it again is no cure."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        if (code := self.process.poll()) is None:
            return
        self.process = None
        if code == -signal.SIGKILL:  # from outside: however often it happens, starting it again is the cure
            self.start_at = now + SOON_SECONDS
            say(f"{self.name} ended with {ending(code)}; starting it again")
            return
        self.deaths.append(now)
        recent = sum(1 for death in self.deaths if now - death <= WITHIN_SECONDS)
        if recent >= DEATHS:
            raise EmbeddedError(
                f"{self.name} died {recent} times within {WITHIN_SECONDS:.0f} s, the last time with {ending(code)}",
                f"Its own last lines above say why. It is {' '.join(self.program[1:])}; giliran doctor looks at the usual causes.",
            )
        self.start_at = now + 0.1 * 2 ** (recent - 1)
        say(f"{self.name} ended with {ending(code)}; starting it again")

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
