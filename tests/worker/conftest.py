"""A Valkey that a test may kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import Servers, remove, start_servers


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A Valkey of the test's own."""
    folder: Path = tmp_path_factory.mktemp("valkey", numbered=True) / "data"
    with start_servers(folder, postgres=False) as servers:
        yield servers
    remove(folder)
