"""Events to and from the JSON that the log keeps: ids as 32 hex digits, enums as words, empty and absent left out."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.engine.events import EVENT_TYPES, ChannelLimit, Event, SkillLevel, StartedTimer

Decoder = Callable[[Any], Any]
_RECORDS = (SkillLevel, ChannelLimit, StartedTimer)


def to_data(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values."""
    data = {}
    for name in _FIELDS[type(event)]:
        value = getattr(event, name)
        if value is not None and value != ():
            data[name] = _plain(value)
    return data


def from_data(kind: str, data: dict[str, Any]) -> Event:
    """The event that `to_data` wrote.

    Raises:
        KeyError: no event of this type is known to this version.

    """
    cls = EVENT_TYPES[kind]
    decoders = _DECODERS[cls]
    return cls(**_BLANK[cls] | {name: decoders[name](value) for name, value in data.items()})


def id_prefixes(cls: type[Event]) -> dict[str, str]:
    """Which fields of an event are ids, and of what: field → name of the id type."""
    found = {}
    for name, hint in get_type_hints(cls).items():
        for part in (hint, *get_args(hint)):
            if getattr(part, "__supertype__", None) is bytes:
                found[name] = part.__name__
    return found


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is bytes:
        return value.hex()
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind is dict:
        return {name: _plain(item) for name, item in value.items()}
    if kind in _RECORDS:
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value


def _decoder(hint: Any) -> Decoder:
    if getattr(hint, "__supertype__", None) is bytes:
        return bytes.fromhex
    if hint in _RECORDS:
        inner = [_decoder(part) for part in get_type_hints(hint).values()]
        return lambda value: hint(*(decode(item) for decode, item in zip(inner, value, strict=True)))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if get_origin(hint) in (UnionType, Union):
        (present,) = (part for part in get_args(hint) if part is not type(None))
        return _decoder(present)
    return _collection(get_origin(hint), get_args(hint))


def _collection(origin: Any, arguments: tuple[Any, ...]) -> Decoder:
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda value: tuple(item(part) for part in value)
    if origin is dict:
        return lambda value: {key: None if pair is None else (_fact(pair[0]), _fact(pair[1])) for key, pair in value.items()}
    return lambda value: value


def _fact(value: Any) -> Any:
    """One side of a change: a word or null as it is, skills with their levels as what they are."""
    return tuple(_SKILL_LEVEL(pair) for pair in value) if isinstance(value, list) else value


def _blanks(cls: type[Event]) -> dict[str, Any]:
    """What `to_data` leaves out, though the event has no default for it."""
    hints = get_type_hints(cls)
    required = [field.name for field in fields(cls) if field.default is MISSING and field.default_factory is MISSING]
    blanks: dict[str, Any] = {name: () for name in required if get_origin(hints[name]) is tuple}
    blanks.update({name: None for name in required if type(None) in get_args(hints[name])})
    return blanks


_SKILL_LEVEL = _decoder(SkillLevel)
_FIELDS = {cls: tuple(field.name for field in fields(cls)) for cls in EVENT_TYPES.values()}
_DECODERS = {
    cls: {name: _decoder(hint) for name, hint in get_type_hints(cls).items() if name in _FIELDS[cls]}
    for cls in EVENT_TYPES.values()
}
_BLANK = {cls: _blanks(cls) for cls in EVENT_TYPES.values()}
