"""One PostgreSQL on loopback, a child of this process.

A server left over from a parent that was killed is stopped and started anew rather than adopted: an adopted one would not
be our child, so nobody could wait for it, and it would not die with us. It counts as ours when it works in our data folder
and was started with our cluster name. What somebody else started there is not touched.
"""

import contextlib
import shutil
import signal
import subprocess
from pathlib import Path

from app.embedded import binaries, ports, processes
from app.embedded.data_dir import DataDir
from app.embedded.errors import EmbeddedError
from app.embedded.owner import Owner
from app.embedded.secrets import write_private

CLUSTER_NAME = "giliran"
START_SECONDS = 60.0  # recovery after a crash reads the log since the last checkpoint
STOP = ((signal.SIGINT, 4.0), (signal.SIGQUIT, 1.5))  # fast, then immediate: both are safe, the second starts more slowly
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
CONFIGURATION = """
# Set by Giliran when this folder was made; change what suits the machine.
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
"""


class Postgres:
    name = "PostgreSQL"

    def __init__(self, found: binaries.Postgres, owner: Owner, folder: DataDir, *, port: int = 0, durable: bool = True) -> None:
        self._found = found
        self._owner = owner
        self._data = folder.postgres
        self._log = folder.log / "postgres.log"
        self._fixed_port = port
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.version = found.version

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, superuser_password: str) -> None:
        """Returns when it takes connections. Raises EmbeddedError."""
        check_version(self._data, self._found)
        if not self._data.exists():
            self._initialise(superuser_password)
        self._end_leftovers()
        self.port = ports.pick(self._fixed_port, what="PostgreSQL", setting="GILIRAN_POSTGRES_PORT")
        self._run()

    def restart(self) -> None:
        """After it died: on the same port, so that the addresses handed out stay true."""
        self._end_leftovers()
        self._run()

    def stop(self) -> None:
        if self._process is not None:
            processes.end(self._process, *STOP)
            self._process = None
        self._end_leftovers()

    def force(self) -> None:
        """Asks for an immediate end, without waiting. Safe in a signal handler."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)

    def _run(self) -> None:
        self._log.unlink(missing_ok=True)
        program = [str(self._found.bin / "postgres"), "-D", str(self._data), *self._options()]
        self._process = processes.launch(program, owner=self._owner, parent_death_signal=signal.SIGINT, log=self._log)
        processes.wait_until(lambda: self._ready() or not self.alive(), START_SECONDS)
        if not (self.alive() and self._ready()):
            self.stop()
            raise EmbeddedError(
                f"PostgreSQL did not start: {self._last_words()}",
                f"Its log is in {self._data / 'log'}; giliran doctor looks at the usual causes.",
            )

    def _options(self) -> list[str]:
        """On the command line, where neither the configuration file nor ALTER SYSTEM can undo them."""
        options = {
            "cluster_name": CLUSTER_NAME,
            "listen_addresses": ports.LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            **{name: value if self._durable else "off" for name, value in SAFE.items()},
        }
        return [word for name, value in options.items() for word in ("-c", f"{name}={value}")]

    def _ready(self) -> bool:
        """The eighth line of the pid file is the state; the first says whether it is this server's file."""
        with contextlib.suppress(OSError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"
        return False

    def _initialise(self, superuser_password: str) -> None:
        """Into a scratch folder that is renamed at the end, so that a killed initdb leaves nothing half done."""
        scratch = self._data.with_name("postgres.new")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        self._owner.own(scratch)
        password_file = self._data.with_name("initdb-password")
        write_private(password_file, superuser_password)
        self._owner.own(password_file)
        locale = ["--locale=C"]
        if self._found.major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = [f"--pwfile={password_file}", "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"]
        options += ["--data-checksums", *locale, *([] if self._durable else ["--no-sync"])]
        self._log.unlink(missing_ok=True)
        try:
            program = [str(self._found.bin / "initdb"), "-D", str(scratch), *options]
            code = processes.launch(program, owner=self._owner, log=self._log).wait(timeout=300)
        finally:
            password_file.unlink(missing_ok=True)
        if code != 0:
            raise EmbeddedError(
                f"PostgreSQL could not make its folder {self._data}: {self._last_words()}",
                "Look for a full disk or a folder its user may not write; or set DATABASE_URL to a server of your own.",
            )
        with (scratch / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
        scratch.rename(self._data)

    def _end_leftovers(self) -> None:
        """Servers of a parent that was killed, and the children of a postmaster that was; then their pid file is stale."""
        found = self._working()
        postmaster = postmaster_pid(self._data)
        if postmaster in found and f"cluster_name={CLUSTER_NAME}" not in processes.command_line(postmaster):
            raise EmbeddedError(
                f"A PostgreSQL that Giliran did not start (process {postmaster}) runs on {self._data}",
                f"Stop it (kill -INT {postmaster}), or set DATABASE_URL to use it as it is.",
            )
        if postmaster in found:
            processes.end_strangers(
                lambda: [pid for pid in processes.working_in(self._data, "postgres") if pid == postmaster], *STOP
            )
        processes.end_strangers(self._working, (signal.SIGQUIT, 3.0))
        if processes.KNOWS_ALL:
            (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _working(self) -> list[int]:
        return processes.working_in(self._data, "postgres")

    def _last_words(self) -> str:
        logs = [self._log, *sorted(self._data.glob("log/*.log"), key=lambda path: path.stat().st_mtime)]
        lines = [line for path in logs if path.exists() for line in path.read_text(errors="replace").splitlines()]
        telling = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line]
        return (telling or lines or ["it said nothing"])[-1].strip()


def postmaster_pid(data: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    return None


def data_version(data: Path) -> int | None:
    """Major version of the PostgreSQL that made the folder."""
    with contextlib.suppress(OSError, ValueError):
        return int((data / "PG_VERSION").read_text())
    return None


def check_version(data: Path, found: binaries.Postgres) -> None:
    made_by = data_version(data)
    if data.exists() and made_by is None:
        raise EmbeddedError(
            f"{data} is not a PostgreSQL data folder (it has no PG_VERSION)",
            "Move it away, or set GILIRAN_DATA_DIR to another folder.",
        )
    if made_by is not None and made_by != found.major:
        raise EmbeddedError(
            f"{data} was made by PostgreSQL {made_by}, the programs here are PostgreSQL {found.version}",
            f"Run once with the old programs (GILIRAN_POSTGRES_BIN=/usr/lib/postgresql/{made_by}/bin giliran run), dump with "
            "pg_dump, then restore into a new data folder (GILIRAN_DATA_DIR).",
        )
