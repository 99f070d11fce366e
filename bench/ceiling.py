"""The strict ceiling: what PostgreSQL itself allows for one ticket per transaction under the workspace lock, by pgbench.

`ceiling.sql` writes the rows that one routed ticket writes, without HTTP and without Python.
"""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.embedded.binaries import find_postgres

HERE = Path(__file__).parent
CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Measured:
    """Transactions per second, and the time that 99 of 100 took at most."""

    per_second: float
    p99_ms: float


class Ceiling:
    """pgbench against the database at `url`, which must allow its user to create a schema."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._programs = find_postgres(None).bin
        self._environment = {
            **os.environ,
            "PGHOST": parsed.host or "127.0.0.1",
            "PGPORT": str(parsed.port),
            "PGUSER": parsed.username or "",
            "PGPASSWORD": str(parsed.password or ""),
            "PGDATABASE": parsed.database or "",
            "PGOPTIONS": "-c client_min_messages=warning",
        }

    def prepare(self) -> None:
        """An empty schema with ten workspaces of a hundred agents."""
        self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(HERE / "ceiling-schema.sql"))

    def measure(self, seconds: int, *, clients: int = CLIENTS, workspaces: int = 1) -> Measured:
        """One busy workspace, or tickets spread over several."""
        with tempfile.TemporaryDirectory() as folder:
            said = self._run(
                "pgbench", "-n", "-M", "prepared", "-f", str(HERE / "ceiling.sql"), "-D", f"workspaces={workspaces}",
                "-c", str(clients), "-j", "2", "-T", str(seconds), "-l", "--log-prefix", f"{folder}/transactions",
            )  # fmt: skip
            times = sorted(
                int(line.split()[2]) for log in Path(folder).glob("transactions*") for line in log.read_text().splitlines()
            )
        found = re.search(r"tps = ([\d.]+)", said)
        if found is None or not times:
            raise RuntimeError(f"pgbench said nothing of tps: {said}")
        return Measured(float(found[1]), times[int(len(times) * 0.99)] / 1000)

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)  # noqa: S603  # our own programs
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout
