"""Through a pooler that gives each transaction another connection."""

import asyncio
from uuid import UUID

import pytest

from app.connections import behind_pooler, connect
from app.db import verify_isolation, workspace_transaction
from app.queries import events
from app.queries.tails import last_seqs
from app.settings import with_driver
from tests.failover.cluster import Cluster
from tests.failover.load import service
from tests.failover.pooler import SERVER_CONNECTIONS, pooler


async def test_everything_works_through_it(cluster: Cluster) -> None:
    with pooler(cluster) as between:
        async with service(cluster, app_url=between.url) as running:
            await verify_isolation(running.engine)
            async with running.under_load():
                reads = [running.engine] * 30
                await asyncio.gather(*(last_seqs(engine, [running.workspace]) for engine in reads))
                for engine in reads:
                    async with workspace_transaction(engine, running.workspace, read_only=True) as connection:
                        assert await events.last_seq(connection, _uuid(running.workspace)) > 0
                await running.more()
            assert running.ledger.refused == 0
            assert await running.lost(cluster.primary) == []
            query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'giliran_app'"
            assert 0 < int(str(await cluster.primary.value(query))) <= SERVER_CONNECTIONS


async def test_it_is_noticed(cluster: Cluster) -> None:
    with pooler(cluster) as between:
        async with service(cluster):
            for url, expected in ((between.url, True), (cluster.url(), False)):
                connection = await connect(with_driver(url), timeout=5, command_timeout=5)
                assert await behind_pooler(connection) is expected
                connection.terminate()


@pytest.mark.long
async def test_it_is_led_to_another_server(cluster: Cluster) -> None:
    with pooler(cluster) as between:
        async with service(cluster, app_url=between.url) as running, running.under_load():
            await running.more()
            cluster.primary.kill()
            await cluster.promote()
            between.lead_to(cluster.standby)
            await running.more()
        assert await running.lost(cluster.standby) == []


def _uuid(workspace: bytes) -> UUID:
    return UUID(bytes=workspace)
