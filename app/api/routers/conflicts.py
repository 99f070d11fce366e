"""Why one object of the configuration cannot be changed: its name is taken, or others need it."""

from typing import Any
from uuid import UUID

from app.api.ids import encode, spoken
from app.api.routers.reading import Reading
from app.api.routers.standing import OF_SECTIONS, Found, Standing, noun
from app.engine.refusals import Refusal
from app.errors import Conflict
from app.queries import uses
from app.services.configuration.edit import Edit, InUse
from app.services.configuration.uses import User

SHOWN_USERS = 100


def name_taken(present: Standing, edit: Edit) -> Conflict:
    name = (edit.item or {})["name"]
    other = present.existing(edit.section, name)
    said = spoken(noun(edit.section))
    return Conflict(
        "already_exists",
        f"The name {name} is taken: another {said} has it.",
        id=encode(OF_SECTIONS[edit.section], other.id),
        name=name,
    )


def used_by_others(present: Standing, edit: Edit, in_use: InUse) -> Conflict:
    shown = [_user(present, user) for user in in_use.users[:SHOWN_USERS]]
    named = ", ".join(f"{spoken(user['type'])} {user['name']}" for user in shown[:3])
    more = len(in_use.users) - 3
    said = f"{named} and {more} more" if more > 0 else named
    return Conflict(
        "in_use",
        f"The {noun(edit.section).replace('_', ' ')} {edit.name} is used by {said}. Change them first.",
        used_by=shown,
        used_by_count=len(in_use.users),
    )


def _user(present: Standing, user: User) -> dict[str, Any]:
    if not user.section:
        return {"type": "configuration", "id": None, "name": user.name}
    found = present.existing(user.section, user.name)
    return {"type": noun(user.section), "id": encode(OF_SECTIONS[user.section], found.id), "name": user.name}


async def needed_by_tickets(at: Reading, section: str, found: Found, refusal: Refusal) -> Conflict:
    """The open tickets in the way of an object that would go."""
    rows = await uses.open_tickets(at.connection, at.workspace, section, UUID(bytes=found.id))
    counted = sum(next(iter(refusal.facts.values())).values())
    used_by = [{"type": "ticket", "id": encode("tkt", ticket), "name": str(number)} for ticket, number in rows]
    return Conflict("in_use", refusal.detail, used_by=used_by, used_by_count=counted)
