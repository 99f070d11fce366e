"""What clients do: everything at once, the same again and again, out of order, leaving early. F-19, F-23 to F-25, F-32, F-35, F-37, F-38."""

import asyncio
import contextlib
import random
from collections import Counter

import pytest

from tests.faults.bulks import BULK, a_bulk
from tests.faults.case import wishes_of
from tests.faults.client import BrokenError, Client, Connection
from tests.faults.desks import configuration
from tests.faults.examine import examined
from tests.faults.lab import Desk, Lab
from tests.faults.load import PLAIN, Load, Mix, ticket
from tests.faults.processes import kill, until
from tests.faults.proxy import Moment, Trap

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0


async def test_f19_two_processes_of_each_kind_on_one_workspace(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 19, callers=24, mix=Mix(promised=0.2, offered=0.2)) as load:
        await until(lambda: load.acknowledged > 500, SECONDS, "tickets are taken")
    case = await examined(lab, desk, seed=19)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


@pytest.mark.long
async def test_f19_two_processes_of_each_kind_for_ten_minutes(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 190, callers=48, mix=Mix(promised=0.2, offered=0.2)):
        await asyncio.sleep(600)
    await examined(lab, desk, seed=190)


async def test_f23_every_request_several_times_at_once(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 23, callers=6, duplicates=4) as load:
        await until(lambda: load.acknowledged > 150, SECONDS, "tickets are taken")
    case = await examined(lab, desk, seed=23)
    assert all(answer.known for call in case.calls for answer in call.answers)


async def test_f23_one_key_a_hundred_times_over_two_processes_with_a_death_in_between(lab: Lab) -> None:
    desk = await lab.desk()
    database, _ = lab.proxies()
    call = desk.client.begin("one", "POST", "/v1/tickets", ticket("one"))
    trap = database.arm(Trap(Moment.COMMITTED, lambda link: kill(link.pid), only=lambda pid: pid in lab.apis))
    await asyncio.gather(*(desk.client.settle(call) for _ in range(100)))
    assert trap.sprung.is_set()
    case = await examined(lab, desk, outage_ms=10_000, seed=23)
    assert len(case.book.tickets) == 1
    assert len({(answer.status, answer.digest) for answer in call.accepted}) == 1
    assert len(call.accepted) == 100


async def test_f23_one_key_of_a_bulk_many_times_over_two_processes_with_a_death_in_between(lab: Lab) -> None:
    desk = await lab.desk()
    database, _ = lab.proxies()
    dice = random.Random(23)
    calls = [
        desk.client.begin(name, "POST", BULK, a_bulk(name, dice, ticket, desk.agents))
        for name in ("plain", "atomic", "spoilt", "several")
    ]
    trap = database.arm(Trap(Moment.COMMITTED, lambda link: kill(link.pid), only=lambda pid: pid in lab.apis))
    await asyncio.gather(*(desk.client.settle(call) for call in calls for _ in range(20)))
    assert trap.sprung.is_set()
    case = await examined(lab, desk, outage_ms=10_000, seed=23)
    assert len(case.book.tickets) == sum(not wish.doomed for call in calls for wish in wishes_of(call))
    assert all(len(call.accepted) == 20 for call in calls)


async def test_f23_bulks_under_load_several_times_at_once(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 24, callers=6, duplicates=3, mix=Mix(bulk=0.2)) as load:
        await until(lambda: load.acknowledged > 1_500, SECONDS, "tickets are taken")
    case = await examined(lab, desk, seed=24)
    assert any(len(call.accepted) == 3 for call in case.bulks())
    assert any(call.body["atomic"] and not call.accepted for call in case.bulks())


async def test_f24_requests_out_of_order(lab: Lab) -> None:
    desk = await lab.desk(offer_seconds=5)
    client = desk.client
    dice = random.Random(24)

    async def do(path: str) -> int:
        call = client.begin(f"{dice.random()}", "POST", path, {})
        return (await client.settle(call)).status or 0

    offered = [
        (await client.settle(client.begin(token, "POST", "/v1/tickets", {**ticket(token), "queue": "offered"}))).body
        for token in ("expires", "raced", "declined")
    ]
    expires, raced, declined = offered
    races = await asyncio.gather(*(do(f"/v1/offers/{raced['offer_id']}/{verb}") for verb in ("accept", "decline") * 4))
    assert set(races) <= {200, 409}
    assert await do(f"/v1/offers/{declined['offer_id']}/decline") == 200
    assert await do(f"/v1/offers/{declined['offer_id']}/accept") == 409
    waiting = (await client.settle(client.begin("waits", "POST", "/v1/tickets", ticket("waits")))).body
    assert await do(f"/v1/tickets/{waiting['id']}/close") == 409
    assert await do(f"/v1/tickets/{waiting['id']}/resolve") == 200
    assert await do(f"/v1/tickets/{waiting['id']}/start") == 409
    await until(lambda: lab.sql(_EXPIRED, desk.uuid), SECONDS, "the offer has lapsed")
    assert await do(f"/v1/offers/{expires['offer_id']}/accept") == 409
    await examined(lab, desk, seed=24)


_EXPIRED = "SELECT 1 FROM events WHERE workspace_id = $1 AND type = 'offer.expired'"


async def _impatient(lab: Lab, desk: Desk, number: int, seconds: float, stop: asyncio.Event) -> int:
    """Sends, leaves after `seconds`, sends something else; how often it left."""
    client = Client(lab.port, desk.client.key, desk.ledger, seconds=seconds)
    left = turn = 0
    while not stop.is_set():
        turn += 1
        token = f"impatient-{number}-{turn}"
        left += not (await client.send(client.begin(token, "POST", "/v1/tickets", ticket(token)))).known
    return left


async def _storm(lab: Lab, callers: int, patience: float, commit: float, length: float) -> None:
    desk = await lab.desk(agents=50, capacity=100)
    database, _ = lab.proxies()
    stop = asyncio.Event()
    crowd = [asyncio.create_task(_impatient(lab, desk, number, patience, stop)) for number in range(callers)]
    database.commit_delay_seconds = commit
    await asyncio.sleep(length)
    database.commit_delay_seconds = 0.0
    stop.set()
    left = sum(await asyncio.gather(*crowd))
    healed = await until(lambda: _quick(desk), 10.0, "an answer within a second")
    assert healed < 10
    for call in {call.key: call for call in _open_calls(desk)}.values():
        await desk.client.settle(call)
    case = await examined(lab, desk, outage_ms=60_000, seed=25)
    alone = Counter(row.ticket is not None for row in case.book.keys)
    assert left > callers
    assert alone


async def _quick(desk: Desk) -> bool:
    client = Client(desk.client.port, desk.client.key, desk.ledger, seconds=1.0)
    token = f"quick-{random.random()}"
    with contextlib.suppress(BrokenError):
        return (await client.send(client.begin(token, "POST", "/v1/tickets", ticket(token)))).accepted
    return False


def _open_calls(desk: Desk) -> list:  # type: ignore[type-arg]
    return [call for call in desk.ledger.read(desk.ledger.path) if not call.settled]


async def test_f25_retry_storm(lab: Lab) -> None:
    await _storm(lab, 60, 0.5, 1.0, 5.0)


@pytest.mark.long
async def test_f25_retry_storm_of_five_hundred_for_a_minute(lab: Lab) -> None:
    await _storm(lab, 500, 1.0, 2.0, 60.0)


async def _leavers(lab: Lab, clients: int) -> None:
    desk = await lab.desk()
    dice = random.Random(32)
    key = f"Authorization: Bearer {desk.client.key}\r\n"
    body = '{"channel": "api", "metadata": {"token": "left"}}'
    request = f"POST /v1/tickets HTTP/1.1\r\nHost: localhost\r\n{key}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"

    async def leave() -> None:
        with contextlib.suppress(BrokenError, OSError):
            connection = await Connection.open(lab.port)
            connection.writer.write(request[: dice.randrange(1, len(request) - 1)].encode())
            await connection.writer.drain()
            await asyncio.sleep(dice.random() * 0.01)
            connection.close()

    async with Load(desk, 32, callers=4) as load:
        for _ in range(clients // 50):
            await asyncio.gather(*(leave() for _ in range(50)))
        before = load.acknowledged
        await until(lambda: load.acknowledged > before + 5, SECONDS, "tickets are taken")
    await until(lambda: lab.sql(_NO_TRANSACTION), SECONDS, "no transaction is left open")
    await examined(lab, desk, seed=32)


_NO_TRANSACTION = """
SELECT 1 WHERE NOT EXISTS (
    SELECT FROM pg_stat_activity WHERE usename = 'giliran_app' AND state LIKE 'idle in transaction%'
)
"""


async def test_f32_clients_that_leave_in_the_middle_of_a_request(lab: Lab) -> None:
    await _leavers(lab, 300)


@pytest.mark.long
async def test_f32_ten_thousand_clients_that_leave_in_the_middle_of_a_request(lab: Lab) -> None:
    await _leavers(lab, 10_000)


async def _reader(lab: Lab, desk: Desk, dice: random.Random, stop: asyncio.Event) -> list[int]:
    """Follows the feed with a long poll, breaks off, and goes on after the last event it has seen."""
    seen: list[int] = []
    client = Client(lab.port, desk.client.key)
    while True:
        over = stop.is_set()
        client.seconds = dice.uniform(0.05, 0.5) if not over else 10.0
        after = seen[-1] if seen else 0
        with contextlib.suppress(BrokenError):
            reply = await client.ask("GET", f"/v1/events?after={after}&wait={0 if over else 5}&limit=50")
            if reply.status == 200:
                found = [event["seq"] for event in reply.json()["data"]]
                seen += found
                if over and not found:
                    return seen


async def test_f35_readers_that_break_off_see_each_event_once_in_order(lab: Lab) -> None:
    desk = await lab.desk()
    stop = asyncio.Event()
    readers = [asyncio.create_task(_reader(lab, desk, random.Random(number), stop)) for number in range(5)]
    async with Load(desk, 35, callers=4, mix=Mix(promised=0.2)) as load:
        await until(lambda: load.acknowledged > 150, SECONDS, "tickets are taken")
    case = await examined(lab, desk, seed=35)
    stop.set()
    for seen in await asyncio.gather(*readers):
        assert seen[: case.book.last_seq] == list(range(1, case.book.last_seq + 1))


async def test_f37_agents_change_while_offers_are_pending(lab: Lab) -> None:
    document = configuration(askers=3, agents=2, capacity=3)
    desk = await lab.desk(askers=3, agents=2, capacity=3)
    client = Client(lab.port, desk.client.key)
    asked = Mix(resolve=0.1, presence=0, assign=0, offered=1)
    lowered = frozenset[bytes]()
    async with Load(desk, 37, callers=4, mix=asked, pause_seconds=0.05) as load:
        for number in range(3):
            before = load.acknowledged
            await until(lambda before=before: load.acknowledged > before + 5, SECONDS, "tickets are taken")  # type: ignore[misc]
            current = await client.ask("GET", "/v1/configuration")
            agents = {agent["name"]: agent for agent in document["agents"]}
            if number == 0:
                agents["asker-0"]["capacity"] = 1
            elif number == 1:
                agents["asker-1"]["teams"] = []
            else:
                del agents["asker-2"]
            document["agents"] = list(agents.values())
            reply = await client.ask("PUT", "/v1/configuration?prune=true", document, **{"If-Match": current.headers["etag"]})
            assert reply.status == 200, reply.body
    rows = await lab.sql("SELECT id FROM agents WHERE workspace_id = $1 AND name = 'asker-0'", desk.uuid)
    lowered = frozenset({rows[0]["id"].bytes})
    await examined(lab, desk, outage_ms=0, lowered=lowered, seed=37)


async def test_f38_every_decision_names_the_configuration_it_was_made_under(lab: Lab) -> None:
    desk = await lab.desk()
    client = Client(lab.port, desk.client.key)
    async with Load(desk, 38, callers=8, mix=PLAIN) as load:
        for number in range(6):
            before = load.acknowledged
            await until(lambda before=before: load.acknowledged > before + 10, SECONDS, "tickets are taken")  # type: ignore[misc]
            current, document = await client.ask("GET", "/v1/configuration"), configuration()
            document["routing_policies"][0]["strategy"] = ("round_robin", "longest_idle")[number % 2]
            await client.ok("PUT", "/v1/configuration", document, **{"If-Match": current.headers["etag"]})
    await examined(lab, desk, seed=38)  # the log is replayed there, each event under the version that was in force
    wrong = await lab.sql(_OTHER_VERSION, desk.uuid)
    assert not wrong


_OTHER_VERSION = """
SELECT d.seq, d.configuration_version FROM decisions d
WHERE d.workspace_id = $1 AND d.configuration_version <> (
    SELECT max((e.data ->> 'version')::int) FROM events e
    WHERE e.workspace_id = d.workspace_id AND e.type = 'configuration.applied' AND e.seq < d.seq
)
"""
