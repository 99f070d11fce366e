"""A standby is promoted under load: no acknowledged ticket is lost, and the service comes back by itself."""

import pytest

from app.errors import Unavailable
from tests.dispatch.test_dispatcher import new_ticket
from tests.failover.cluster import Cluster
from tests.failover.load import service


async def test_the_primary_dies(cluster: Cluster) -> None:
    async with service(cluster) as running, running.under_load():
        await running.more()
        cluster.primary.kill()
        await cluster.promote()
        await running.more()
    assert await running.lost(cluster.standby) == []


@pytest.mark.long
async def test_the_primary_freezes(cluster: Cluster) -> None:
    async with service(cluster) as running, running.under_load():
        await running.more()
        cluster.primary.freeze()
        await cluster.promote()
        await running.more()
        cluster.primary.thaw()
        await running.more()
    assert await running.lost(cluster.standby) == []


@pytest.mark.long
async def test_the_old_primary_lives_on(cluster: Cluster) -> None:
    """It takes writes still; whoever waits for its COMMIT waits for a standby that has left."""
    async with service(cluster) as running, running.under_load():
        await running.more()
        await cluster.promote()
        await running.more()
    assert await running.lost(cluster.standby) == []


@pytest.mark.long
async def test_nobody_goes_back_to_the_old_primary(cluster: Cluster) -> None:
    """It lives and waits for no standby, so it would say yes; but its successor has acknowledged what it does not have."""
    async with service(cluster) as running:
        await cluster.promote()
        async with running.under_load():
            await running.more()
        await cluster.primary.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()")
        cluster.standby.kill()
        with pytest.raises(Unavailable):
            await running.dispatcher.submit(running.workspace, new_ticket(), deadline=5)
        cluster.standby.start()
        async with running.under_load():
            await running.more()
        assert await running.lost(cluster.standby) == []
