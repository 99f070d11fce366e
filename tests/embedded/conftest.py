import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import Servers, remove, start_servers

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own is closed to the one who runs PostgreSQL when root tests."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data(place: Path) -> Iterator[Path]:
    yield place / "data"
    remove(place / "data")


@pytest.fixture(scope="module")
def running() -> Iterator[Servers]:
    """Servers for tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-test-"))
    folder.chmod(0o755)
    with start_servers(folder / "data") as servers:
        yield servers
    remove(folder / "data")
    shutil.rmtree(folder)
