"""Bulks as callers bring them, and what their bodies alone say of how each item must end."""

import random
from collections.abc import Callable, Sequence
from typing import Any

BULK = "/v1/tickets/bulk"
NOBODY = "tkt_00000000000000000000000000"
NOWHERE, EXTREME = "nowhere", "extreme"
SIZES = (20, 200)
SPOILT, MIXED = 0.15, 0.1
SPOILERS = ("no such queue", "no such priority", "no such ticket", "too early")
NEW = Callable[[str], dict[str, Any]]

Item = dict[str, Any]


def bulk(token: str, dice: random.Random, new: NEW, agents: Sequence[str], others: Sequence[str] = ()) -> dict[str, Any]:
    """A body. `new` makes a ticket that is known by its token, `others` are tickets of earlier calls.

    Three of ten are atomic. Most are new tickets alone; SPOILT have one item that must be refused, MIXED change what they make.
    """
    items = [create(new(f"{token}/{number}")) for number in range(dice.randint(*SIZES))]
    atomic, drawn = dice.random() < 0.3, dice.random()
    if drawn < SPOILT:
        spoil(items, dice.randrange(len(items) + 1), dice.choice(SPOILERS), new(f"{token}/bad"))
    elif drawn < SPOILT + MIXED:
        items = several_things(items[: len(items) // 4 + 1], dice, agents, () if atomic else others)
    return {"items": items, "atomic": atomic}


def create(ticket: dict[str, Any]) -> Item:
    return {"operation": "create", "ticket": ticket}


def spoil(items: list[Item], place: int, how: str, ticket: dict[str, Any]) -> None:
    """One more item, at `place`, that nobody can do; `how` is one of SPOILERS. Too early has the item before it as well."""
    if how == "no such queue":
        items.insert(place, create({**ticket, "queue": NOWHERE}))
    elif how == "no such priority":
        items.insert(place, create({**ticket, "priority": EXTREME}))
    elif how == "no such ticket":
        items.insert(place, {"operation": "close", "id": NOBODY})
    else:
        items[place:place] = [create({**ticket, "external_id": f"ext-{_token(ticket)}"}), _about(ticket, "close")]


def several_things(items: list[Item], dice: random.Random, agents: Sequence[str], others: Sequence[str]) -> list[Item]:
    """Each new ticket is changed, given, resolved or closed by items after it; some of `others` are resolved."""
    found: list[Item] = []
    for item in items:
        ticket = {**item["ticket"], "external_id": f"ext-{_token(item['ticket'])}", "queue": "general"}
        found.append(create(ticket))
        if dice.random() < 0.7:
            found.append(_about(ticket, "update", changes={"subject": f"Diubah {_token(ticket)}", "tags": ["diubah"]}))
        if others and dice.random() < 0.5:
            found.append(_about(ticket, "assign", agent_id=dice.choice(agents)))
        if dice.random() < 0.5:
            found.append(_about(ticket, "resolve"))
            if dice.random() < 0.7:
                found.append(_about(ticket, "close"))
    return found + [{"operation": "resolve", "id": other} for other in others[:3]]


def items_of(body: dict[str, Any]) -> list[Item]:
    items: list[Item] = body["items"]
    return items


def doomed(body: dict[str, Any]) -> set[int]:
    """The places of the items that can only be refused, whatever else is so."""
    found, resolved = set(), set()
    for place, item in enumerate(items_of(body)):
        if item["operation"] == "create":
            wrong = item["ticket"].get("queue") == NOWHERE or item["ticket"].get("priority") == EXTREME
        else:
            wrong = item["id"] == NOBODY or (
                item["operation"] == "close" and item["id"].startswith("ext:") and item["id"] not in resolved
            )
            if item["operation"] == "resolve":
                resolved.add(item["id"])
        if wrong:
            found.add(place)
    return found


def doubtful(item: Item) -> bool:
    """Whether it depends on others: an agent may be full or away, a ticket of an earlier call may be anywhere."""
    return item["operation"] == "assign" or (item["operation"] != "create" and not item["id"].startswith("ext:"))


def subject_of(body: dict[str, Any], ticket: dict[str, Any]) -> str:
    """What a new ticket of the bulk is called when the bulk is done."""
    if (name := ticket.get("external_id")) is not None and any(item["operation"] == "update" for item in items_of(body)):
        for item in reversed(items_of(body)):
            if item["operation"] == "update" and item["id"] == f"ext:{name}":
                return str(item["changes"]["subject"])
    return str(ticket["subject"])


def _about(ticket: dict[str, Any], operation: str, **more: Any) -> Item:
    return {"operation": operation, "id": f"ext:ext-{_token(ticket)}", **more}


def a_bulk(name: str, dice: random.Random, new: NEW, agents: Sequence[str]) -> dict[str, Any]:
    """One of a kind: plain, atomic, spoilt, several (things to each ticket)."""
    items = [create(new(f"{name}/{number}")) for number in range(60)]
    if name.startswith("spoilt"):
        spoil(items, dice.randrange(len(items)), dice.choice(SPOILERS), new(f"{name}/bad"))
    elif name.startswith("several"):
        items = several_things(items, dice, agents, ())
    return {"items": items, "atomic": name.startswith("atomic")}


def _token(ticket: dict[str, Any]) -> str:
    return str(ticket["metadata"]["token"])
