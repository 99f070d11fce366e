"""A cluster per test: what happens to one cannot be undone."""

from collections.abc import Iterator

import pytest

from tests.failover.cluster import Cluster, running_cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running_cluster() as made:
        yield made
