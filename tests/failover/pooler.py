"""PgBouncer in transaction pooling, in front of one server of a cluster."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.embedded import ports, processes
from tests.failover.cluster import DATABASE, PASSWORD, Cluster, Server

SERVER_CONNECTIONS = 3


@dataclass
class Pooler:
    """`url` is what DATABASE_URL would be."""

    port: int
    file: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"postgresql://giliran_app:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}?pgbouncer=true"

    def lead_to(self, server: Server) -> None:
        """As whoever promotes tells it."""
        _write(self.file, self.port, server)
        self.process.send_signal(signal.SIGHUP)


@contextlib.contextmanager
def pooler(cluster: Cluster) -> Iterator[Pooler]:
    """Skips where there is no pgbouncer."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("no pgbouncer on this machine (apt-get install pgbouncer)")
    user = cluster.primary.user
    folder = cluster.folder / "pooler"
    folder.mkdir()
    user.own(folder)
    file = folder / "pgbouncer.ini"
    port = ports.pick(0, what="PgBouncer", setting="-")
    (folder / "users.txt").write_text('"giliran_app" ""\n')
    _write(file, port, cluster.primary)
    process = processes.launch([program, str(file)], owner=user, log=folder / "pgbouncer.log")
    try:
        assert processes.wait_until(lambda: ports.answers(port), 20), (folder / "pgbouncer.log").read_text()
        yield Pooler(port, file, process)
    finally:
        processes.end(process, (signal.SIGINT, 3.0))


def _write(file: Path, port: int, server: Server) -> None:
    file.write_text(f"""
[databases]
{DATABASE} = host=127.0.0.1 port={server.port} dbname={DATABASE}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {file.with_name("users.txt")}
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
server_login_retry = 1
server_connect_timeout = 2
""")
