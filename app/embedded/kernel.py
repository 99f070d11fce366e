"""What Linux is asked for about parents and children. For processes of ours; see launcher.py for programs of others."""

import ctypes
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> bool:
    """From now on whoever below loses its parent becomes a child of this process; False where no kernel does that."""
    return sys.platform == "linux" and not ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """The signal comes when the present parent dies. Whoever died before the call has to be noticed by `os.getppid`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def threads() -> int:
    """How many this process has."""
    return len(list(Path("/proc/self/task").iterdir())) if sys.platform == "linux" else 1
