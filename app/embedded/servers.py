"""PostgreSQL and Valkey together, as one thing with addresses that can be started, tended and stopped."""

import contextlib
from pathlib import Path
from typing import Self

from app.embedded import binaries, data_dir, roles, secrets
from app.embedded.ports import LOOPBACK
from app.embedded.postgres import Postgres
from app.embedded.valkey import Valkey


class Servers:
    """Running servers; an address is empty when that server was not asked for. A context manager that stops them."""

    def __init__(
        self, lock: data_dir.Lock, passwords: secrets.Passwords, *, postgres: Postgres | None, valkey: Valkey | None
    ) -> None:
        self._lock = lock
        self._passwords = passwords
        self.postgres = postgres
        self.valkey = valkey

    @property
    def owner_url(self) -> str:
        return self._database(roles.OWNER, self._passwords.giliran_owner)

    @property
    def app_url(self) -> str:
        return self._database(roles.APPLICATION, self._passwords.giliran_app)

    @property
    def superuser_url(self) -> str:
        return self._database("postgres", self._passwords.postgres)

    @property
    def redis_url(self) -> str:
        return f"redis://:{self._passwords.valkey}@{LOOPBACK}:{self.valkey.port}/0" if self.valkey else ""

    @property
    def members(self) -> tuple[Postgres | Valkey, ...]:
        """In the order of stopping."""
        return tuple(server for server in (self.valkey, self.postgres) if server is not None)

    def tend(self) -> list[str]:
        """Starts again what has died, on the same port; says what that was. Call it from the main thread."""
        died = [server for server in self.members if not server.alive()]
        for server in died:
            server.restart()
        return [server.name for server in died]

    def stop(self) -> None:
        """Valkey first, PostgreSQL last; nothing is left running. May be called twice."""
        for server in self.members:
            server.stop()
        self._lock.release()

    def _database(self, user: str, password: str) -> str:
        if self.postgres is None:
            return ""
        return f"postgresql+asyncpg://{user}:{password}@{LOOPBACK}:{self.postgres.port}/{roles.DATABASE}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_servers(
    path: Path,
    *,
    postgres: bool = True,
    valkey: bool = True,
    postgres_port: int = 0,
    valkey_port: int = 0,
    postgres_bin: Path | None = None,
    durable: bool = True,
) -> Servers:
    """Starts what is asked for in the data folder `path`, with roles and database ready. Call it from the main thread.

    `durable=False` is for tests only: it trades safety after a power cut for speed. Raises EmbeddedError.
    """
    with contextlib.ExitStack() as undo:
        folder, user = data_dir.prepare(path)
        lock = undo.enter_context(data_dir.Lock(folder.path))
        passwords = secrets.load_or_create(folder.passwords, needed_by=folder.postgres / "PG_VERSION")
        database = cache = None
        if postgres:
            programs = binaries.readable_postgres(binaries.find_postgres(postgres_bin), user, folder.runtime)
            database = Postgres(programs, user, folder, port=postgres_port, durable=durable)
            undo.callback(database.stop)
            database.start(passwords.postgres)
            roles.ensure(database.port, passwords)
        if valkey:
            program = binaries.readable_valkey(binaries.find_valkey(), user, folder.runtime)
            cache = Valkey(program, user, folder, port=valkey_port)
            undo.callback(cache.stop)
            cache.start(passwords.valkey)
        undo.pop_all()
        return Servers(lock, passwords, postgres=database, valkey=cache)
