"""COMMIT said success, but the standby may not have it: nobody is told so before it has."""

import asyncio

from tests.dispatch.test_dispatcher import new_ticket, rows
from tests.failover.cluster import Cluster
from tests.failover.load import service

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'giliran_app'"


async def test_a_cancelled_wait_for_the_standby_is_no_success(cluster: Cluster) -> None:
    async with service(cluster) as running:
        cluster.standby.freeze()
        submitting = asyncio.create_task(running.dispatcher.submit(running.workspace, new_ticket()))
        first = await _waiter(cluster)
        await cluster.primary.run(f"SELECT pg_cancel_backend({first})")
        second = await _waiter(cluster, besides=first)
        assert second != first
        assert not submitting.done()
        cluster.standby.thaw()
        outcome = await asyncio.wait_for(submitting, 30)
        assert outcome.ticket is not None
        assert [row["number"] for row in await rows(running.engine, running.workspace, "SELECT number FROM tickets")] == [1]


async def _waiter(cluster: Cluster, besides: int = 0) -> int:
    """Who waits for the standby."""
    async with asyncio.timeout(30):
        while True:
            found = await cluster.primary.value(f"{WAITING} AND pid <> {besides}")
            if found is not None:
                return int(str(found))
            await asyncio.sleep(0.02)
