"""What the command line asks the database itself: as the owner of the tables, or not at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.embedded import EmbeddedError, data_dir, roles, secrets
from app.embedded.ports import LOOPBACK
from app.errors import Problem
from app.settings import Settings, with_driver

T = TypeVar("T")

NO_DATABASE = (
    "No database is known: set DATABASE_OWNER_URL (or DATABASE_URL), or start `giliran run` and call this beside it "
    "with the same GILIRAN_DATA_DIR."
)


def owner_url(settings: Settings) -> str:
    """The address as the owner: from the settings, or of the embedded server that runs in the data folder. Else exits."""
    url = settings.owner_url or _embedded_url(settings)
    if url is None:
        raise fail(NO_DATABASE, code=2)
    return url


def as_owner(settings: Settings, work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """What `work` gives; a problem or a database that is away is said in one line and exits."""

    async def run() -> T:
        async with _engine(settings) as engine:
            return await work(engine)

    try:
        return asyncio.run(run())
    except Problem as problem:
        raise fail(problem.detail) from None
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise fail(f"The database cannot be used: {reason(error)}. giliran doctor says more.") from None


def fail(sentence: str, *, code: int = 1) -> typer.Exit:
    """Says the sentence on stderr; raise what it returns."""
    typer.echo(f"error {sentence}", err=True)
    return typer.Exit(code)


def reason(error: BaseException) -> str:
    """The driver's first line, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {cause}".partition("\n")[0].rstrip(".")


@contextlib.asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(owner_url(settings), settings)
    try:
        yield engine
    finally:
        await engine.dispose()


def _embedded_url(settings: Settings) -> str | None:
    try:
        folder = data_dir.find(settings.data_dir)
        if data_dir.holder(folder.path) is None or not folder.passwords.exists():
            return None
        port = int((folder.postgres / "postmaster.pid").read_text().splitlines()[3])
        password = secrets.load_or_create(folder.passwords, needed_by=folder.postgres / "PG_VERSION").giliran_owner
    except (OSError, ValueError, IndexError, EmbeddedError):
        return None
    return with_driver(f"postgresql://{roles.OWNER}:{password}@{LOOPBACK}:{port}/{roles.DATABASE}")
