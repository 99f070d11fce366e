"""Agents as numpy columns: one slot each, so that a decision over thousands is a handful of vector operations.

No result depends on the slot: ties end in the agent's creation number.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from operator import setitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.events import AgentCreated, AgentUpdated, ChannelLimit, SkillLevel
from app.engine.ids import AgentId, SkillId, TeamId
from app.engine.journal import Journal
from app.engine.moves import Moves
from app.engine.vocabulary import Channel, Presence

Ints = NDArray[np.int64]
Units = NDArray[np.int32]
Mask = NDArray[np.bool_]

CHANNELS = tuple(Channel)
CHANNEL_INDEX = {channel: index for index, channel in enumerate(CHANNELS)}
PRESENCES = (Presence.AVAILABLE, Presence.OFFLINE, Presence.AWAY, Presence.BUSY)
PRESENCE_INDEX = {presence: index for index, presence in enumerate(PRESENCES)}
AVAILABLE = PRESENCE_INDEX[Presence.AVAILABLE]
UNLIMITED = 1 << 30
NEVER = -1


@dataclass(frozen=True, slots=True)
class Profile:
    """What an agent can do."""

    teams: tuple[TeamId, ...]
    skills: tuple[SkillLevel, ...]
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    capacity: int
    limits: tuple[ChannelLimit, ...]
    weight: int

    @classmethod
    def of(cls, event: AgentCreated | AgentUpdated) -> "Profile":
        """The routing facts an event carries."""
        return cls(event.teams, event.skills, event.languages, event.areas, event.capacity, event.limits, event.weight)


_NOBODY = Profile((), (), (), (), 0, (), 1)
_Put = Callable[[Any, Any, Any], object]


class Agents:
    """All agents of a workspace. Columns of length `room`; slots below `size` have been in use."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.moves = Moves(journal)
        self.room = 16
        self.size = 0
        self.slot_of: dict[AgentId, int] = {}
        self.by_number: dict[int, int] = {}
        self.ids: list[AgentId] = []
        self.profiles: list[Profile | None] = []
        self.free_slots: list[int] = []
        self.shuffled = False
        self.rooms: dict[int, object] = {}
        self.number: Ints = np.zeros(self.room, np.int64)
        self.idle_since: Ints = np.zeros(self.room, np.int64)
        self.presence_at: Ints = np.zeros(self.room, np.int64)
        self.version: Ints = np.zeros(self.room, np.int64)
        self.weight: Units = np.zeros(self.room, np.int32)
        self.capacity: Units = np.zeros(self.room, np.int32)
        self.load: Units = np.zeros(self.room, np.int32)
        self.free: Units = np.zeros(self.room, np.int32)
        self.channel_load: Units = np.zeros((len(CHANNELS), self.room), np.int32)
        self.channel_free: Units = np.zeros((len(CHANNELS), self.room), np.int32)
        self.presence: NDArray[np.int8] = np.zeros(self.room, np.int8)
        self.any_area: Mask = np.zeros(self.room, np.bool_)
        self.alive: Mask = np.zeros(self.room, np.bool_)
        self.in_team: dict[TeamId, Mask] = {}
        self.skill_level: dict[SkillId, NDArray[np.int8]] = {}
        self.speaks: dict[str, Mask] = {}
        self.serves: dict[str, Mask] = {}

    def create(self, agent: AgentId, number: int, profile: Profile, at: int) -> int:
        """Give an agent a slot; offline, idle, empty-handed. Nothing looks at a vacant slot, so one entry undoes it all."""
        slot = self._vacant_slot(number)
        self._journal.on_undo(lambda: self._vacate(slot))
        self.ids[slot] = agent
        self.slot_of[agent] = slot
        self.by_number[number] = slot
        self.number[slot] = number
        self.presence[slot] = PRESENCE_INDEX[Presence.OFFLINE]
        self.presence_at[slot] = at
        self.idle_since[slot] = NEVER
        self.version[slot] = 1
        self.alive[slot] = True
        self.load[slot] = 0
        self.channel_load[:, slot] = 0
        self._describe(slot, profile, setitem, setitem)
        self.changed()
        return slot

    def update(self, slot: int, profile: Profile) -> None:
        """Change what an agent can do; the work in hand stays."""
        self._describe(slot, profile, self._journal.put, self._journal.put_line)
        self._journal.put(self.version, slot, self.version[slot] + 1)
        self.changed()

    def delete(self, slot: int) -> None:
        """Take an agent's slot away; the work was handed back before."""
        journal = self._journal
        self.update(slot, _NOBODY)
        journal.put(self.alive, slot, False)
        journal.put(self.presence, slot, PRESENCE_INDEX[Presence.OFFLINE])
        journal.drop_key(self.by_number, int(self.number[slot]))
        journal.drop_key(self.slot_of, self.ids[slot])
        journal.put(self.profiles, slot, None)
        self.free_slots.append(slot)
        journal.on_undo(lambda: self.free_slots.remove(slot))

    def take(self, slot: int, channel: int, cost: int) -> None:
        """Add (or, negative, give back) units of load."""
        self.moves.note(slot)
        put = self._journal.put
        free, channel_free = int(self.free[slot]), int(self.channel_free[channel, slot])
        put(self.load, slot, self.load[slot] + cost)
        put(self.free, slot, free - cost)
        put(self.channel_load, (channel, slot), self.channel_load[channel, slot] + cost)
        put(self.channel_free, (channel, slot), channel_free - cost)
        for units in self.rooms:
            if (free >= units > free - cost) or (channel_free >= units > channel_free - cost) or cost < 0:
                self._journal.put(self.rooms, units, object())

    def changed(self) -> None:
        """Somebody came, went, or can do other things: whoever could take anything may be other people now."""
        self._journal.put_attribute(self, "rooms", {})

    def with_units(self, units: int) -> object:
        """A token that stays the same while exactly the same agents are available and have so many units free."""
        if units not in self.rooms:
            self._journal.put_key(self.rooms, units, object())
        return self.rooms[units]

    def units_left(self, slot: int, channel: int) -> int:
        """How many units the agent could still take on this channel; negative where somebody forced more."""
        return min(int(self.free[slot]), int(self.channel_free[channel, slot]))

    def has_room(self, slot: int, channel: int, cost: int) -> bool:
        """Whether the agent is available with enough free units, in all and on the channel."""
        return bool(self.alive[slot] and self.presence[slot] == AVAILABLE and self.units_left(slot, channel) >= cost)

    def is_in(self, slot: int, teams: Collection[TeamId]) -> bool:
        """Whether the agent belongs to one of these teams."""
        profile = self.profiles[slot]
        return profile is not None and any(team in teams for team in profile.teams)

    def in_order(self) -> bool:
        """Whether slots run in the order of creation, without a gap."""
        return not self.free_slots and not self.shuffled

    def _vacant_slot(self, number: int) -> int:
        if self.free_slots:
            self.shuffled = True
            return self.free_slots.pop()
        slot = self.size
        if slot == self.room:
            self._grow()
        if slot and number < self.number[slot - 1]:
            self.shuffled = True
        self.ids.append(AgentId(b""))
        self.profiles.append(None)
        self.size += 1
        return slot

    def _vacate(self, slot: int) -> None:
        profile = self.profiles[slot]
        if profile is not None:
            self._mark(slot, profile, setitem, on=False)
        self.profiles[slot] = None
        self.alive[slot] = False
        del self.slot_of[self.ids[slot]]
        del self.by_number[int(self.number[slot])]
        self.free_slots.append(slot)

    def _describe(self, slot: int, profile: Profile, put: _Put, put_line: _Put) -> None:
        old = self.profiles[slot]
        put(self.profiles, slot, profile)
        put(self.capacity, slot, profile.capacity)
        put(self.free, slot, profile.capacity - int(self.load[slot]))
        put(self.weight, slot, profile.weight)
        put(self.any_area, slot, not profile.areas)
        limits = np.full(len(CHANNELS), UNLIMITED, np.int32)
        for limit in profile.limits:
            limits[CHANNEL_INDEX[limit.channel]] = limit.units
        put_line(self.channel_free, (slice(None), slot), limits - self.channel_load[:, slot])
        if old is not None:
            self._mark(slot, old, put, on=False)
        self._mark(slot, profile, put, on=True)

    def _mark(self, slot: int, profile: Profile, put: _Put, *, on: bool) -> None:
        for team in profile.teams:
            put(self._table(self.in_team, team), slot, on)
        for language in profile.languages:
            put(self._table(self.speaks, language), slot, on)
        for area in profile.areas:
            put(self._table(self.serves, area), slot, on)
        for skill in profile.skills:
            if skill.skill not in self.skill_level:
                self.skill_level[skill.skill] = np.zeros(self.room, np.int8)
            put(self.skill_level[skill.skill], slot, skill.level if on else 0)

    def _table(self, tables: dict[Any, Mask], key: Any) -> Mask:
        if key not in tables:
            tables[key] = np.zeros(self.room, np.bool_)
        return tables[key]

    def _grow(self) -> None:
        """Every column twice as long. The old ones live until the journal follows, so that no two share an address."""
        moved: dict[int, tuple[NDArray[Any], NDArray[Any]]] = {}
        for holder in (vars(self), self.in_team, self.speaks, self.serves, self.skill_level):
            table: dict[Any, Any] = holder
            for key, column in table.items():
                if isinstance(column, np.ndarray):
                    table[key] = np.concatenate([column, np.zeros_like(column)], axis=-1)
                    moved[id(column)] = (column, table[key])
        self.room *= 2
        self._journal.moved({old: new for old, (_, new) in moved.items()})
