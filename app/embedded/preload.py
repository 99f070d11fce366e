"""The supervisor's side of app.preload: a process that has imported everything already, and forks when asked to.

Nothing depends on it. Where it is not there, not ready or silent, `fork` says None, and the caller starts the program itself.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from app.embedded.child import ending
from app.embedded.processes import launch

ANSWER_SECONDS = 1.0
AGAIN_SECONDS, SELDOM_SECONDS = 0.5, 300.0
READY = b"ready"


class Forked:
    """A process that another one has forked and the kernel has made our child; speaks like `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative after a signal; None while it runs."""
        return self._look(os.WNOHANG)

    def wait(self) -> int | None:
        return self._look(0)

    def send_signal(self, number: int) -> None:
        """Never to somebody else who got its number: that is free only after its code was taken."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _look(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


class Preload:
    """Holds the process for these modules, and starts it again when it dies. Call it from the main thread."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._modules = tuple(modules)
        # Threads do not survive a fork. Where numpy's library keeps some, nothing of ours gives them work.
        self._environment = {**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._ready = False
        self._failures = 0
        self._start_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._orders, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders.setblocking(False)
        with other:
            # with commas: whoever looks for a process by its module shall not find this one
            words = [sys.executable, "-m", "app.preload", str(other.fileno()), ",".join(self._modules)]
            self._process = launch(words, environment=self._environment, pass_fds=(other.fileno(),))

    def tend(self) -> None:
        """Starts it when it is time to."""
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self.start()
        elif (code := self._process.poll()) is not None:
            self._lost(ending(code))
        elif not self._ready:
            self._hear()

    def awaited(self) -> bool:
        """Whether it was started and neither answered nor died by now."""
        self.tend()
        return self._process is not None and not self._ready

    def fork(self, name: str, program: Sequence[str], environment: Mapping[str, str], fds: Sequence[int]) -> Forked | None:
        """`program` is `python -m module argument …`, running from here on; None when it cannot be had this way."""
        if self._orders is None or not self._ready or program[2] not in self._modules:
            return None
        order = json.dumps({"name": name, "words": program[2:], "environment": dict(environment)}).encode()
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with here:
            here.settimeout(ANSWER_SECONDS)
            try:
                with there:
                    socket.send_fds(self._orders, [order], [there.fileno(), *fds])
                pid = int(here.recv(32) or b"0")
                if pid:
                    here.send(b"go")  # whoever does not hear this ends: nobody runs who is not known here
                    return Forked(pid)
            except TimeoutError:
                self._end()
                self._lost("silence")
            except OSError:
                pass  # it died just now, or the order is too long: the next look tells
        return None

    def stop(self) -> None:
        self._end()

    def _hear(self) -> None:
        assert self._orders is not None  # noqa: S101  (there is one as long as there is a process)
        with contextlib.suppress(OSError):
            self._ready = self._orders.recv(len(READY)) == READY
        if self._ready:
            self._failures = 0

    def _lost(self, how: str) -> None:
        self._say(f"preload ended with {how}; starting it again")
        self._end()
        self._start_at = time.monotonic() + min(AGAIN_SECONDS * 2**self._failures, SELDOM_SECONDS)
        self._failures += 1

    def _end(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._orders is not None:
            self._orders.close()
        self._process = self._orders = None
        self._ready = False
