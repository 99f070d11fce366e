"""The calls that docs/customers.md shows are made as they stand there."""

import json
import re
from pathlib import Path

from tests.api.service import Service
from tests.api.test_customers import made

PAGE = Path(__file__).parents[2] / "docs" / "customers.md"
CALL = re.compile(r"curl -X (\w+) \$URL(\S+)[^\n]*?(?:-d '(.*?)')?$", re.MULTILINE | re.DOTALL)
TICKET = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


async def test_every_call_of_the_page_does_what_it_says(service: Service) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (ticket,) = TICKET.findall(page)
    await service.post("/v1/tickets", json.loads(ticket), status=201)
    known = {name: (await made(service, name=name))["id"] for name in ("cus_A", "cus_B")}
    calls = CALL.findall(page)
    assert len(calls) == page.count("curl -X") == 4
    for method, path, body in calls:
        for name, id_ in known.items():
            path, body = path.replace(name, id_), body.replace(name, id_)  # noqa: PLW2901
        answer = await service.call(method, path, json=json.loads(body or "{}"))
        assert answer.status_code == 200, (path, answer.text)
        if path.endswith("/bulk"):
            assert [one["status"] for one in answer.json()["results"]] == [200, 201]
