"""Pages that begin with `make run`, read from there to their last line, with a worker that runs."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_database
from tests.docs.likeness import printed_like
from tests.docs.pages import block, page
from tests.docs.reader import SHOWN_ADDRESS, read
from tests.processes.run import Run, giliran_run
from tests.servers import Addresses

TUTORIAL = page("docs/tutorial.md")
START = "<!-- started -->\n"


@pytest.fixture(scope="module")
def run(servers: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """With an empty database, as after `make run` for the first time."""
    with asyncio.Runner() as runner:
        making = fresh_database(servers)
        database = runner.run(making.__aenter__())
        try:
            with giliran_run(servers, database, tmp_path_factory.mktemp("data")) as running:
                yield running
        finally:
            runner.run(making.__aexit__(None, None, None))


def test_the_tutorial(run: Run, tmp_path: Path) -> None:
    printed = "".join(line for line in run.said if not line.startswith("{"))
    command, _, shown = block(TUTORIAL, "text").partition("\n")
    assert command == "$ make run"
    assert printed_like(shown.replace(SHOWN_ADDRESS, run.base_url), printed), printed
    (key,) = re.findall(r"^first key +(\S+)$", printed, re.MULTILINE)
    read(TUTORIAL, tmp_path, address=run.base_url, after=START, GILIRAN_KEY=key)


def test_the_script_has_forty_lines() -> None:
    assert len(block(TUTORIAL, "python").splitlines()) <= 40


def test_the_recipes(run: Run, tmp_path: Path) -> None:
    owner, user = run.database.owner_url, run.database.app_url
    read(page("docs/how-to.md"), tmp_path, address=run.base_url, DATABASE_OWNER_URL=owner, DATABASE_URL=user)


@pytest.mark.parametrize("name", ["coming-from-taskrouter", "coming-from-zendesk"])
def test_what_is_moved_from_elsewhere(run: Run, tmp_path: Path, name: str) -> None:
    key = asyncio.run(run.workspace(name))
    given = {"API": f"{run.base_url}/v1", "AUTH": f"Authorization: Bearer {key}", "GILIRAN_KEY": key}
    read(page(f"docs/{name}.md"), tmp_path, address=run.base_url, **given)
