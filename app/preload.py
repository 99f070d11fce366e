"""Imports what the API and the worker need, once, and forks one of them whenever the supervisor asks for it.

`python -m app.preload descriptor module,module`, started by embedded.preload. Importing takes seconds, forking milliseconds.
It forks twice, so that the kernel gives the new process to the supervisor: killing this one hurts nobody.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass

import setproctitle

from app import telemetry
from app.embedded.kernel import die_with_parent, threads
from app.embedded.preload import READY
from app.settings import environment_name

MOST_BYTES, MOST_DESCRIPTORS = 1 << 20, 4


@dataclass(frozen=True, slots=True)
class Order:
    """What to become. `handshake` is the way to the supervisor until it has said go."""

    name: str
    words: list[str]
    environment: dict[str, str]
    descriptors: list[int]
    handshake: socket.socket


def main() -> int:
    orders, supervisor = socket.socket(fileno=int(sys.argv[1])), os.getppid()
    modules = sys.argv[2].split(",")
    setproctitle.setproctitle("giliran: preload")
    gc.disable()  # imports make nothing that has to be collected
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is here stays here, in pages that all share
    gc.enable()
    _alone()
    orders.send(READY)
    while (order := _next(orders)) is not None:
        if _forked(order, supervisor):
            orders.close()
            return _become(order)
    return 0


def _next(orders: socket.socket) -> Order | None:
    """None when the supervisor is gone."""
    said, descriptors, _, _ = socket.recv_fds(orders, MOST_BYTES, MOST_DESCRIPTORS)
    if not said:
        return None
    return Order(**json.loads(said), descriptors=descriptors[1:], handshake=socket.socket(fileno=descriptors[0]))


def _forked(order: Order, supervisor: int) -> bool:
    """True in the new process, which then is the supervisor's child and accepted by it; False in this one."""
    _alone()
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        order.handshake.close()
        for descriptor in order.descriptors:
            os.close(descriptor)
        return False
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        time.sleep(0.0001)
    os.setsid()
    die_with_parent(signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(1)
    with order.handshake as handshake:
        handshake.send(str(os.getpid()).encode())
        if not handshake.recv(8):
            os._exit(1)
    return True


def _become(order: Order) -> int:
    """Runs the module's `main`, as `python -m` would in that environment."""
    os.environ.clear()
    os.environ.update(order.environment)
    if order.descriptors:
        os.environ[environment_name("listen_fd")] = str(order.descriptors[0])
    setproctitle.setproctitle(f"giliran: {order.name}: python -m {' '.join(order.words)}")
    telemetry.begin_anew()
    sys.argv = list(order.words)
    code: int = sys.modules[order.words[0]].main()
    return code


def _alone() -> None:
    """A fork takes along the thread that forks and the locks of all others."""
    if (number := threads()) != 1:
        sys.exit(f"preload has {number} threads and cannot fork; GILIRAN_PRELOAD=false does without it")


if __name__ == "__main__":
    sys.exit(main())
