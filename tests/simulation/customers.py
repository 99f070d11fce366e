"""What people ask for about customers, chosen by looking at their rows."""

from random import Random
from typing import Any

from app.engine import commands
from app.engine.commands import Command, CustomerChanges
from app.engine.contacts import Contact
from app.engine.ids import CustomerId
from app.engine.vocabulary import Channel
from tests.engine.worlds import SYSTEM, contact, ident
from tests.simulation.tables import Rows

ADDRESSES = ("a@desk.example", "A@Desk.Example", "b@desk.example", "c@desk.example", "d@desk.example")
NAMES, TIERS, LANGUAGES = ("Ani", "Budi"), (None, "vip", "gold"), (None, "id", "en")
FREE: tuple[Any, ...] = (None, {"n": 1}, {"n": True}, {"n": None, "m": "x"})
FIELDS = ("external_id", "name", "tier", "language", "preferred_channel", "contacts", "attributes", "metadata")


class Customers:
    """Of one workspace. Most external ids are those that tickets name."""

    def __init__(self, random: Random, rows: Rows) -> None:
        self.random = random
        self.rows = rows
        self._made = 0

    def next(self) -> Command:
        """Somebody new, other fields, a merge, its undoing, or a farewell."""
        makers = {self._new: 3, self._update: 5, self._merge: 5, self._unmerge: 3, self._delete: 2}
        return self.random.choices(list(makers), list(makers.values()))[0]()

    def put(self) -> Command:
        """An item of a bulk."""
        return commands.PutCustomer(SYSTEM, self._id(), self._changes(("external_id", "name"), external_id=self._name()))

    def address(self) -> str | None:
        """What a ticket tells of its customer."""
        return self.random.choice((None, None, None, *ADDRESSES))

    def _new(self) -> Command:
        named = self.random.sample(FIELDS, self.random.randint(1, 4))
        if self.random.random() < 0.3:
            return self.put()
        return commands.CreateCustomer(SYSTEM, self._id(), self._changes(named))

    def _update(self) -> Command:
        named = self.random.sample(FIELDS, self.random.choice((1, 1, 2, len(FIELDS))))
        row = self._row()
        version = None if row is None or self.random.random() < 0.8 else row["version"] - self.random.choice((0, 0, 1))
        return commands.UpdateCustomer(SYSTEM, self._who(row), version, self._changes(named))

    def _merge(self) -> Command:
        return commands.MergeCustomers(SYSTEM, self._who(self._row()), None, self._who(self._row()))

    def _unmerge(self) -> Command:
        merged = [row for row in self.rows.tables["customers"].values() if row["merged_into_id"] is not None]
        row = self.random.choice(merged) if merged and self.random.random() < 0.9 else self._row()
        return commands.UnmergeCustomer(SYSTEM, self._who(row))

    def _delete(self) -> Command:
        """Mostly one whom no ticket names."""
        used = {row["customer_id"] for row in self.rows.tables["tickets"].values()}
        unused = [row for key, row in self.rows.tables["customers"].items() if key not in used]
        return commands.DeleteCustomer(SYSTEM, self._who(self.random.choice(unused) if unused else self._row()))

    def _row(self) -> Any:
        """Mostly one who is named, for those have tickets."""
        known = list(self.rows.tables["customers"].values())
        named = [row for row in known if row["external_id"] is not None]
        wanted = named if self.random.random() < 0.8 else known[-20:]
        return self.random.choice(wanted) if wanted else None

    def _who(self, row: Any) -> CustomerId:
        return CustomerId(ident("nobody") if row is None or self.random.random() < 0.02 else row["id"].bytes)

    def _id(self) -> CustomerId:
        self._made += 1
        return CustomerId(ident(f"new customer {self._made}"))

    def _name(self) -> str:
        return f"c-{self.random.randrange(10)}"

    def _changes(self, named: Any, **fields: Any) -> CustomerChanges:
        random = self.random
        values: dict[str, Any] = {
            "external_id": random.choice((None, self._name())),
            "name": random.choice((None, *NAMES)),
            "tier": random.choice(TIERS),
            "language": random.choice(LANGUAGES),
            "preferred_channel": random.choice((None, Channel.EMAIL)),
            "contacts": self._contacts(),
            "attributes": random.choice(FREE),
            "metadata": random.choice((None, {"m": "1"}, {"m": None})),
            **fields,
        }
        return CustomerChanges(frozenset(named), **{name: values[name] for name in named})

    def _contacts(self) -> tuple[Contact, ...]:
        chosen = {one.lower(): one for one in self.random.sample(ADDRESSES, self.random.randint(0, 3))}
        first = self.random.randrange(4)
        return tuple(
            contact(one, verified=self.random.random() < 0.5, primary=number == first)
            for number, one in enumerate(chosen.values())
        )
