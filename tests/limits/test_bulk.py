"""Bulks of the largest sizes over a real socket: RES-07."""

import json
from typing import Any

import pytest

from tests.limits.serving import Served, head, said, status_of

JSON = "application/json"
MIB = 1024 * 1024


def of_bytes(count: int, size: int) -> bytes:
    """A bulk of so many new tickets that is exactly so long."""
    items: list[Any] = [{"operation": "create", "ticket": {"text": ""}} for _ in range(count)]
    free = size - len(json.dumps({"items": items}))
    for index, item in enumerate(items):
        item["ticket"]["text"] = "x" * (free // count + (index < free % count))
    body = json.dumps({"items": items}).encode()
    assert len(body) == size
    return body


@pytest.mark.parametrize(("count", "size", "status"), [(1_000, 64_000, 200), (1_001, 64_000, 422), (1_000, 5 * MIB, 200)])
async def test_a_bulk_at_and_beyond_its_bounds(api: Served, count: int, size: int, status: int) -> None:
    """RES-07: all of it or nothing, and others are served meanwhile."""
    key = await api.configured()
    async with api.probed(), api.client(key) as client:
        answer = await client.post("/v1/tickets/bulk", content=of_bytes(count, size), headers={"Content-Type": JSON})
        assert answer.status_code == status, answer.text[:500]
        if status == 200:
            assert {one["status"] for one in answer.json()["results"]} == {201}
        made = (await client.get("/v1/tickets/count")).json()["count"]
    assert made == (count if status == 200 else 0)


async def test_one_byte_too_many(api: Served) -> None:
    """RES-07: refused before it is read, and where no length is said, when the byte comes."""
    key = await api.configured()
    body = of_bytes(1_000, 5 * MIB + 1)
    async with api.probed():
        asked = head("POST", "/v1/tickets/bulk", key, Content_Type=JSON, Content_Length=str(len(body)))
        assert status_of(await said(api.port, asked)) == 413
        asked = head("POST", "/v1/tickets/bulk", key, Content_Type=JSON, Transfer_Encoding="chunked")
        assert status_of(await said(api.port, asked, more=b"%x\r\n%b\r\n" % (len(body), body))) == 413
    async with api.client(key) as client:
        assert (await client.get("/v1/tickets/count")).json()["count"] == 0
