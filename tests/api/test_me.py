import asyncio
from typing import Any

import pytest

from app.engine.commands import OfferDue
from app.engine.ids import OfferId, TicketId
from app.identifiers import read
from app.services.sweep import WORKER
from tests.api.service import Service


async def me(service: Service, who: str = "ani", **params: Any) -> Any:
    return await service.get("/v1/me", who=who, params=params)


async def test_my_work(service: Service) -> None:
    await service.come("ani")
    owned = await service.ticket()
    offered = await service.ticket(queue="asked", subject="Really?")
    work = await me(service)
    assert (work["agent"]["name"], work["agent"]["load"]) == ("ani", 2)
    assert work["tickets"] == [await service.get(f"/v1/tickets/{owned['id']}")]
    (offer,) = work["offers"]
    assert (offer["ticket_id"], offer["subject"], offer["id"]) == (offered["id"], "Really?", offered["offer_id"])
    assert work["last_seq"] == await service.last_seq()


async def test_an_offer_is_accepted_once(service: Service) -> None:
    await service.come("ani")
    offered = await service.ticket(queue="asked")
    path = f"/v1/offers/{offered['offer_id']}"
    accepted = await service.post(f"{path}/accept", who="ani")
    assert (accepted["status"], accepted["offer_id"]) == ("assigned", None)
    before = await service.last_seq()
    assert await service.post(f"{path}/accept", who="ani") == accepted
    assert (await service.post(f"{path}/decline", who="ani", status=409))["code"] == "offer_expired"
    assert await service.last_seq() == before


async def test_a_declined_offer_goes_to_the_next(service: Service) -> None:
    await service.come("ani", "budi")
    offered = await service.ticket(queue="asked")
    first = "ani" if (await service.get("/v1/agents/ani"))["load"] else "budi"
    second = "budi" if first == "ani" else "ani"
    path = f"/v1/offers/{offered['offer_id']}"
    assert (await service.post(f"{path}/decline", who=second, status=404))["code"] == "offer_not_found"
    declined = await service.post(f"{path}/decline", who=first)
    assert declined["status"] == "offered"
    assert (await me(service, first))["offers"] == []
    assert [one["id"] for one in (await me(service, second))["offers"]] == [declined["offer_id"]]


async def test_a_lapsed_offer_cannot_be_taken(service: Service) -> None:
    await service.come("ani")
    offered = await service.ticket(queue="asked")
    await service.post("/v1/agents/ani/presence", {"presence": "away"})
    refused = await service.post(f"/v1/offers/{offered['offer_id']}/accept", who="ani", status=409)
    assert refused["code"] == "offer_expired"
    assert (await service.post("/v1/offers/off_00000000000000000000000000/accept", status=404))["code"] == "offer_not_found"
    raw = read("off", offered["offer_id"]) or b""
    late = OfferDue(WORKER, OfferId(raw), TicketId(read("tkt", offered["id"]) or b""))
    assert (await service.dispatcher.submit(service.workspace.id, late, request_id="req_late")).events == []


async def test_a_wait_ends_with_what_concerns_me_only(service: Service) -> None:
    await service.come("ani")
    after = (await me(service))["last_seq"]
    waiting = asyncio.create_task(me(service, after=after, wait=20))
    await asyncio.sleep(0.1)
    await service.ticket(team="senior")
    await service.come("sri")
    await asyncio.sleep(0.2)
    assert not waiting.done()
    ticket = await service.ticket()
    work = await asyncio.wait_for(waiting, 5)
    assert [one["id"] for one in work["tickets"]] == [ticket["id"]]


async def test_a_wait_ends_when_a_ticket_is_taken_away(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    after = (await me(service))["last_seq"]
    waiting = asyncio.create_task(me(service, after=after, wait=20))
    await asyncio.sleep(0.1)
    budi = (await service.get("/v1/agents/budi"))["id"]
    await service.post(f"/v1/tickets/{ticket['id']}/assign", {"agent_id": budi, "force": True})
    assert (await asyncio.wait_for(waiting, 5))["tickets"] == []


async def test_only_an_agents_key_has_work_of_its_own(service: Service) -> None:
    for who in ("admin", "supervisor", "integration", "read_only"):
        assert (await service.get("/v1/me", who=who, status=403))["code"] == "missing_scope"
    assert (await service.get("/v1/tickets", who="ani", status=403))["code"] == "missing_scope"


@pytest.mark.parametrize("verb", ["accept", "decline"])
async def test_an_answer_given_again_under_a_key_is_kept_under_it(service: Service, verb: str) -> None:
    await service.come("ani")
    offered = await service.ticket(queue="asked")
    path = f"/v1/offers/{offered['offer_id']}/{verb}"
    await service.post(path, who="ani")
    again = await service.call("POST", path, who="ani", headers={"Idempotency-Key": "again"})
    await service.post(f"/v1/tickets/{offered['id']}/resolve")
    once_more = await service.call("POST", path, who="ani", headers={"Idempotency-Key": "again"})
    assert (again.status_code, once_more.status_code) == (200, 200)
    assert once_more.content == again.content
    assert once_more.headers["idempotency-replayed"] == "true"
