"""Customers, plainly: who they are, by what they are reached, and into whom they were merged. A simulated day writes addresses only."""

from dataclasses import dataclass, field
from typing import Any

from app.engine import commands
from app.engine.ids import CustomerId, TicketId
from tests.simulation.model.desk import Desk

PLAIN = ("external_id", "name", "tier", "language", "preferred_channel")


@dataclass
class Address:
    value: str
    verified: bool = False
    primary: bool = False
    brought: CustomerId | None = None


@dataclass
class Person:
    """`contacts` by address in lower case; `moved` are the tickets that went to whoever they were merged into."""

    id: CustomerId
    plain: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(PLAIN))
    contacts: dict[str, Address] = field(default_factory=dict)
    free: dict[str, dict[str, Any]] = field(default_factory=lambda: {"attributes": {}, "metadata": {}})
    into: CustomerId | None = None
    moved: list[TicketId] = field(default_factory=list)


def who(desk: Desk, external_id: str | None) -> Person | None:
    if external_id is None:
        return None
    return next((one for one in desk.people.values() if one.plain["external_id"] == external_id), None)


def meet(desk: Desk, draft: commands.CustomerDraft) -> Person:
    """Who a ticket is from, as they are then."""
    told = {name: getattr(draft, name) for name in ("name", "tier", "language") if getattr(draft, name) is not None}
    person = who(desk, draft.external_id)
    if person is None:
        person = Person(draft.id, {**dict.fromkeys(PLAIN), "external_id": draft.external_id, **told})
        _tell(person, draft.email)
        _introduce(desk, person)
        return person
    if person.into is not None:
        while person.into is not None:
            person = desk.people[person.into]
        return person
    changed = {name: (person.plain[name], value) for name, value in told.items() if person.plain[name] != value}
    person.plain |= {name: new for name, (_, new) in changed.items()}
    names = [*changed, *(["contacts"] if _tell(person, draft.email) else [])]
    _say_changed(desk, person, names, changed)
    return person


def create(desk: Desk, command: commands.CreateCustomer) -> None:
    if who(desk, command.changes.external_id) is None:
        _make(desk, command)


def put(desk: Desk, command: commands.PutCustomer) -> None:
    person = who(desk, command.changes.external_id)
    if person is None:
        _make(desk, command)
    else:
        _apply(desk, person, command.changes)


def update(desk: Desk, command: commands.UpdateCustomer) -> None:
    _apply(desk, desk.people[command.customer], command.changes)


def delete(desk: Desk, command: commands.DeleteCustomer) -> None:
    del desk.people[command.customer]
    desk.say("customer.deleted", command.customer)


def merge(desk: Desk, command: commands.MergeCustomers) -> None:
    person, into = desk.people[command.customer], desk.people[command.into]
    if person.into == into.id:
        return
    person.moved = [ticket.id for ticket in desk.tickets.values() if ticket.customer == person.id]
    person.into = into.id
    desk.say("customer.merged", person.id, into.id, len(person.moved))
    _hand_over(desk, person.moved, into.id)
    brought = {key: one for key, one in person.contacts.items() if key not in into.contacts}
    has_primary = any(one.primary for one in into.contacts.values())
    for key, one in brought.items():
        into.contacts[key] = Address(one.value, one.verified, one.primary and not has_primary, person.id)
    if brought:
        _say_changed(desk, into, ["contacts"], {})


def unmerge(desk: Desk, command: commands.UnmergeCustomer) -> None:
    person = desk.people[command.customer]
    if person.into is None:
        return
    into, person.into = desk.people[person.into], None
    desk.say("customer.unmerged", person.id, into.id, len(person.moved))
    _hand_over(desk, person.moved, person.id)
    person.moved = []
    others = [one for one in sorted(desk.people.values(), key=lambda one: one.id) if one.into == into.id]
    lost = []
    for key, one in into.contacts.items():
        if one.brought == person.id:
            heirs = [other for other in others if key in other.contacts]
            one.brought = None
            lost += [] if heirs else [key]
            for heir in heirs:
                one.brought = heir.id  # whichever: all of them have it
    for key in lost:
        del into.contacts[key]
    if lost:
        _first_is_primary(into)
        _say_changed(desk, into, ["contacts"], {})


def _hand_over(desk: Desk, tickets: list[TicketId], to: CustomerId) -> None:
    for ticket in tickets:
        desk.tickets[ticket].customer = to


def _make(desk: Desk, command: commands.CreateCustomer | commands.PutCustomer) -> None:
    person = Person(command.customer)
    for name, value in _wanted(person, command.changes).items():
        _set(person, name, value)
    _introduce(desk, person)


def _introduce(desk: Desk, person: Person) -> None:
    desk.people[person.id] = person
    desk.say("customer.created", person.id, person.plain["tier"], person.plain["language"])


def _apply(desk: Desk, person: Person, changes: commands.CustomerChanges) -> None:
    before = {**person.plain, **person.free, "contacts": _written(person.contacts)}
    wanted = _wanted(person, changes)
    after = {name: _written(value) if name == "contacts" else value for name, value in wanted.items()}
    names = [name for name in wanted if _as_sent(after[name]) != _as_sent(before[name])]
    for name in names:
        _set(person, name, wanted[name])
    _say_changed(desk, person, names, {name: (before[name], after[name]) for name in names})


def _wanted(person: Person, changes: commands.CustomerChanges) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(changes, name) for name in PLAIN if name in changes.named}
    if "contacts" in changes.named:
        found["contacts"] = {
            one.value.lower(): Address(one.value, one.verified, one.primary, _brought(person, one.value.lower()))
            for one in changes.contacts
        }
        _first_is_primary(Person(person.id, contacts=found["contacts"]))
    for name in ("attributes", "metadata"):
        if name in changes.named:
            patch = getattr(changes, name)
            merged = {} if patch is None else {**person.free[name], **patch}
            found[name] = {key: value for key, value in merged.items() if value is not None}
    return found


def _set(person: Person, name: str, value: Any) -> None:
    if name == "contacts":
        person.contacts = value
    elif name in person.free:
        person.free[name] = value
    else:
        person.plain[name] = value


def _brought(person: Person, key: str) -> CustomerId | None:
    return person.contacts[key].brought if key in person.contacts else None


def _tell(person: Person, email: str | None) -> bool:
    """Whether a ticket told an address that is new."""
    if email is None or email.lower() in person.contacts:
        return False
    for one in person.contacts.values():
        one.primary = False
    person.contacts[email.lower()] = Address(email, primary=True)
    return True


def _first_is_primary(person: Person) -> None:
    if person.contacts and not any(one.primary for one in person.contacts.values()):
        next(iter(person.contacts.values())).primary = True


def _say_changed(desk: Desk, person: Person, names: list[str], pairs: dict[str, Any]) -> None:
    if names:
        told = {name: pairs[name] if name in ("tier", "language") else None for name in names}
        desk.say("customer.updated", person.id, tuple(sorted(told.items(), key=lambda pair: pair[0])))


def _written(contacts: dict[str, Address]) -> list[Any]:
    return [(key, one.value, one.verified, one.primary, one.brought) for key, one in contacts.items()]


def _as_sent(value: Any) -> Any:
    """True is not 1 to whoever sent it."""
    return {key: (type(each), each) for key, each in value.items()} if isinstance(value, dict) else value
