"""Reading changes nothing."""

import httpx
import pytest

from tests.walkers.desks import Desk
from tests.walkers.document import OPERATIONS, Operation
from tests.walkers.judging import complaints

READS = [operation for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("times", [pytest.param(3, id="some"), pytest.param(100, id="all", marks=pytest.mark.long)])
async def test_every_read_again_and_again(desk: Desk, times: int) -> None:
    before = await desk.fingerprints()
    for operation in READS:
        for _ in range(times):
            answer = await _read(desk, operation)
            assert answer.status_code == 200, (operation.id, answer.text)
        assert complaints(operation, answer) == [], operation.id
    await desk.service.services.keys.write_use()  # the one trace there is, and the one that is left out
    assert await desk.fingerprints() == before


async def _read(desk: Desk, operation: Operation) -> httpx.Response:
    if operation.is_open:
        return await desk.service.client.get(operation.path.format(code="conflict"))
    return await desk.send(operation)
