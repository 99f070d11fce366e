"""Becomes another program: gives up root, asks the kernel to signal it when its parent dies, then execs.

A file of its own that imports nothing of ours, run as `python -I -S launcher.py parent signal uid gid program …`:
doing this between fork and exec inside the parent (`preexec_fn`) can deadlock as soon as it has threads.
The order matters: the kernel clears the parent-death signal when the user id changes, so it is set after that;
and a parent that died before the call is noticed by its id.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, uid, gid = (int(word) for word in sys.argv[1:5])
    program = sys.argv[5:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone")
    os.umask(0o077)
    os.execv(program[0], program)  # noqa: S606  (no shell is the point)


if __name__ == "__main__":
    main()
