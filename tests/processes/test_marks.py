"""Two processes claim the same tickets at once: each ticket is one's."""

import asyncio
import sys
from uuid import UUID

from tests.api.service import Service
from tests.embedded.watching import ROOT

CLAIMS = """
import asyncio, sys
from uuid import UUID
from app.db import make_engine, workspace_transaction
from app.models.marks import MarkKind
from app.queries import marks
from app.settings import Settings

async def main(url, workspace, agent):
    engine = make_engine(url, Settings())
    async with workspace_transaction(engine, workspace):
        print("ready", flush=True)
    for line in sys.stdin:
        ticket = UUID(line.strip())
        async with workspace_transaction(engine, workspace) as connection:
            won = await marks.claim(connection, UUID(workspace), ticket, MarkKind.REPLYING, UUID(agent), seconds=60)
        print(int(won), flush=True)
    await engine.dispose()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_of_two_processes_one_gets_each_reply(service: Service) -> None:
    tickets = [(await service.ticket())["id"] for _ in range(40)]
    async with service.owner.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT id FROM tickets ORDER BY number")).scalars().all()
        agents = (
            (await connection.exec_driver_sql("SELECT id FROM agents WHERE name IN ('ani', 'budi') ORDER BY name"))
            .scalars()
            .all()
        )
    url = service.services.settings.database_url
    assert url is not None
    both = [await _process(url, str(UUID(bytes=service.workspace.id)), str(agent)) for agent in agents]
    assert [await _said(process) for process in both] == ["ready", "ready"]
    for ticket, row in zip(tickets, rows, strict=True):
        for process in both:
            assert process.stdin is not None
            process.stdin.write(f"{row}\n".encode())
        won = await asyncio.gather(*map(_said, both))
        assert sorted(won) == ["0", "1"]
        (mark,) = (await service.get(f"/v1/tickets/{ticket}/marks"))["data"]
        assert mark["agent"] == ("ani" if won[0] == "1" else "budi")
    assert [(await process.communicate(b""), process.returncode)[1] for process in both] == [0, 0]


async def _process(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", CLAIMS, *arguments, cwd=ROOT, stdin=pipe, stdout=pipe)


async def _said(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()
