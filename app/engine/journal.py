"""The undo journal: the old value of each thing touched, so that a refused command leaves no trace."""

from collections.abc import Callable, Iterable
from typing import Any

_ABSENT: Any = object()
_CALL: Any = object()
_ATTRIBUTE: Any = object()
_MEMBERS: Any = object()


class Journal:
    """Writes through to columns, lists and dicts, and remembers what stood there before."""

    __slots__ = ("_entries", "undone")

    def __init__(self) -> None:
        self._entries: list[tuple[Any, Any, Any]] = []
        self.undone = 0

    def put(self, container: Any, key: Any, value: Any) -> None:
        """`container[key] = value`, where the key exists already (a column or a list)."""
        self._entries.append((container, key, container[key]))
        container[key] = value

    def put_line(self, container: Any, key: Any, values: Any) -> None:
        """`container[key] = values`, where the key cuts a line out of an array: what stood there is copied."""
        self._entries.append((container, key, container[key].copy()))
        container[key] = values

    def put_key(self, mapping: dict[Any, Any], key: Any, value: Any) -> None:
        """`mapping[key] = value`, where the key may be new."""
        self._entries.append((mapping, key, mapping.get(key, _ABSENT)))
        mapping[key] = value

    def drop_key(self, mapping: dict[Any, Any], key: Any) -> None:
        """Remove a key, if it is there."""
        if key in mapping:
            self._entries.append((mapping, key, mapping.pop(key)))

    def put_attribute(self, thing: Any, name: str, value: Any) -> None:
        """`thing.name = value`."""
        self._entries.append((_ATTRIBUTE, (thing, name), getattr(thing, name)))
        setattr(thing, name, value)

    def add(self, members: set[Any], item: Any) -> None:
        """`members.add(item)`."""
        if item not in members:
            self._entries.append((_MEMBERS, members, (item,)))
            members.add(item)

    def add_all(self, members: set[Any], items: Iterable[Any]) -> None:
        """`members.update(items)`."""
        fresh = set(items) - members
        self._entries.append((_MEMBERS, members, fresh))
        members |= fresh

    def on_undo(self, action: Callable[[], object]) -> None:
        """Run `action` when the journal is wound back past this point."""
        self._entries.append((_CALL, action, None))

    def moved(self, places: dict[int, Any]) -> None:
        """Columns grew and live in other arrays now (id of the old one → the new one): their entries follow."""
        self._entries = [(places.get(id(container), container), key, value) for container, key, value in self._entries]

    @property
    def mark(self) -> int:
        """Where we are now; `undo` winds back to here."""
        return len(self._entries)

    def undo(self, mark: int = 0) -> None:
        """Take back everything since `mark`, last first."""
        entries = self._entries
        self.undone += len(entries) > mark
        while len(entries) > mark:
            container, key, old = entries.pop()
            if container is _CALL:
                key()
            elif container is _ATTRIBUTE:
                thing, name = key
                setattr(thing, name, old)
            elif container is _MEMBERS:
                key.difference_update(old)
            elif old is _ABSENT:
                del container[key]
            else:
                container[key] = old

    def forget(self) -> None:
        """What was done stands for good."""
        self._entries.clear()
