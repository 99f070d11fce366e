"""Two desks in one database, alike down to the names, and what there is on each to be named in a request."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from app.identifiers import new
from app.models.workspaces import Mode
from app.rates import read_rate
from app.services import workspaces
from app.services.limiting import limiter
from tests.api.service import DOCUMENT, Service, running
from tests.databases import Database
from tests.walkers.document import Json, Operation
from tests.walkers.fingerprints import fingerprints

# What stands in a path, by operation's parameter; `ref` means another thing under each address.
PREFIXES = {
    "queue": "que", "ticket": "tkt", "customer": "cus", "offer": "off", "decision": "dec", "agent": "agt", "version": "version", "key": "key", "entry": "aud",
}  # fmt: skip
SECTIONS = {
    "teams": "tem",
    "skills": "skl",
    "queues": "que",
    "routing-policies": "rpo",
    "rules": "rul",
    "sla-policies": "slp",
}
NUMBERED = "version"  # the first is there in every workspace
AGENT = "ani"


@dataclass(slots=True)
class Desk:
    """One workspace. `ids` are by prefix; `own` is a ticket that AGENT owns, `offered` one that somebody is asked about."""

    service: Service
    ids: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    async def send(
        self,
        operation: Operation,
        *,
        who: str | None = None,
        path: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """As somebody who may: the walkers ask for what they want to know, not for rights. `path` replaces what stands there."""
        key = await self.service.key(who or who_may(operation))
        address = operation.path.format_map({**self.filled(operation), **(path or {})})
        sent = [(name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
        sent.append((b"Authorization", f"Bearer {key}".encode()))
        return await self.service.client.request(operation.method, address, headers=sent, **options)

    def filled(self, operation: Operation) -> dict[str, str]:
        """An id of this desk for each name in the operation's path. Raises KeyError for a name that nobody has told of."""
        return {name: "1" if name == NUMBERED else self.ids[prefix_of(operation, name)] for name in operation.path_names}

    async def settle(self) -> None:
        """No promise and no offer is open any more: nothing falls due."""
        for ticket in (self.ids["tkt"], self.named["waiting"], self.named["offered"]):
            await self.service.post(f"/v1/tickets/{ticket}/cancel")
        await self.service.dispatcher.refresh_due(self.service.workspace.id)

    async def fingerprints(self) -> dict[str, str]:
        return await fingerprints(self.service.owner)


def prefix_of(operation: Operation, name: str) -> str:
    return SECTIONS[operation.path.split("/")[2]] if name == "ref" else PREFIXES[name]


def made_up(operation: Operation) -> dict[str, str]:
    """Ids that nobody has."""
    return {name: new(prefix_of(operation, name)) for name in operation.path_names}


def who_may(operation: Operation) -> str:
    return AGENT if operation.id == "get_me" else "admin"


@asynccontextmanager
async def two_desks(database: Database) -> AsyncIterator[tuple[Desk, Desk]]:
    """Presence may change as often as the walkers like: its limit is shown elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "PRESENCE", read_rate("1000000/second", "presence"))
        async with filled(database) as both:
            yield both


@asynccontextmanager
async def filled(database: Database) -> AsyncIterator[tuple[Desk, Desk]]:
    async with running(database) as service:
        other = await workspaces.create(service.owner, slug="other", mode=Mode.SANDBOX)
        mine = Desk(service)
        theirs = Desk(Service(service.app, service.services, service.owner, other, service.client))
        await fill(mine, mark="mine")
        await fill(theirs, mark="theirs")
        yield mine, theirs


def document(mark: str) -> Json:
    """The desk of the API's tests, and one thing of each kind that only this desk has."""
    made = deepcopy(DOCUMENT)
    made["teams"].append({"name": mark})
    made["skills"].append({"name": mark})
    made["routing_policies"].append({"name": mark})
    made["sla_policies"].append({"name": mark})
    made["queues"].append({"name": mark, "routing_policy": mark, "sla_policy": mark, "teams": ["billing"]})
    made["rules"].append({"name": mark, "when": {"field": "text", "op": "contains", "value": mark}, "then": {"queue": mark}})
    made["agents"].append({"name": mark, "external_id": f"hr-{mark}", "teams": [mark]})
    return made


async def fill(desk: Desk, *, mark: str) -> None:
    """Tickets in every place of their life; one decision, one offer, messages."""
    service, ids = desk.service, desk.ids
    assert (await service.apply(document(mark))).status_code == 200
    waiting = await service.ticket(subject="waits", require_skills=[{"skill": "refunds", "level": 5}], text="refund 100%_a\\b")
    await service.come(AGENT)
    customer = {"external_id": f"crm-{mark}", "name": "Dewi", "email": "dewi@example.com", "phone": "+62-811", "tier": "vip"}
    owned = await service.ticket(
        external_id=f"wa-{mark}", customer=customer, text="hello", metadata={"a": "b"}, attributes={"n": 1}
    )
    assert owned["agent_id"] is not None
    await service.post("/v1/customers", {"external_id": f"crm-other-{mark}", "name": "Dewanti"}, status=201)
    offered = await service.ticket(queue="asked", subject="asked")
    assert offered["status"] == "offered"
    await service.post(f"/v1/tickets/{owned['id']}/messages", {"direction": "outbound", "text": "hello"})
    agents = {one["name"]: one["id"] for one in (await service.get("/v1/agents"))["data"]}
    asked = (await service.get("/v1/me", who=AGENT))["offers"]
    ids.update(cus=owned["customer_id"], tkt=owned["id"], dec=owned["decision_id"], agt=agents[AGENT], off=asked[0]["id"])
    made = await service.post("/v1/keys", {"name": mark, "role": "integration", "scopes": ["tickets:read"]}, status=201)
    (told,) = (await service.get("/v1/audit", params={"subject_id": made["id"]}))["data"]
    ids.update(key=made["id"], aud=told["id"])
    desk.named.update(waiting=waiting["id"], offered=offered["id"], mark=mark)
    for resource, prefix in SECTIONS.items():
        found = (await service.get(f"/v1/{resource}"))["data"]
        ids[prefix] = next(one["id"] for one in found if one["name"] == mark)
