"""One Valkey on loopback, a child of this process. Nothing in it is worth keeping, so it writes nothing to disk."""

import signal
import subprocess

from app.embedded import binaries, ports, processes
from app.embedded.data_dir import DataDir
from app.embedded.errors import EmbeddedError
from app.embedded.owner import Owner

START_SECONDS = 15.0
STOP = ((signal.SIGTERM, 1.0),)
CONFIGURATION = """
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
loglevel notice
"""


class Valkey:
    name = "Valkey"

    def __init__(self, found: binaries.Valkey, owner: Owner, folder: DataDir, *, port: int = 0) -> None:
        self._found = found
        self._owner = owner
        self._folder = folder.valkey
        self._log = folder.log / "valkey.log"
        self._fixed_port = port
        self._password = ""
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.version = found.version

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, password: str) -> None:
        """Returns when it takes connections. Raises EmbeddedError."""
        self._password = password
        self._end_leftovers()
        self.port = ports.pick(self._fixed_port, what="Valkey", setting="GILIRAN_VALKEY_PORT")
        self._run()

    def restart(self) -> None:
        self._run()

    def stop(self) -> None:
        if self._process is not None:
            processes.end(self._process, *STOP)
            self._process = None

    def force(self) -> None:
        """Ends it at once, without waiting. Safe in a signal handler."""
        if self._process is not None:
            self._process.kill()

    def _run(self) -> None:
        """The configuration goes through standard input: the password is in no argument, no environment and no other file."""
        self._log.unlink(missing_ok=True)
        feed = CONFIGURATION.format(host=ports.LOOPBACK, port=self.port, password=self._password, folder=self._folder)
        self._process = processes.launch([str(self._found.program), "-"], owner=self._owner, log=self._log, feed=feed)
        processes.wait_until(lambda: ports.answers(self.port) or not self.alive(), START_SECONDS)
        if not self.alive():
            lines = self._log.read_text(errors="replace").splitlines() or ["it said nothing"]
            raise EmbeddedError(f"Valkey did not start: {lines[-1].strip()}", f"Its log is {self._log}.")

    def _end_leftovers(self) -> None:
        name = self._found.program.name
        processes.end_strangers(lambda: processes.working_in(self._folder, name), *STOP)
