"""What is in force as a file says it: without ids and times, and without what goes without saying."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from app.services.configuration.identify import unstamped
from app.services.configuration.normalise import fill, normalise
from app.services.configuration.sections import ALL_SECTIONS, SETTINGS

_WHOLE = ("when",)  # a condition means what it says, to the letter


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an answer of the API in the form that is applied, normalised."""
    sections = {name: [unstamped(item) for item in document[name]] for name in ALL_SECTIONS}
    return normalise({**{name: document[name] for name in SETTINGS}, **sections})


def brief(document: Mapping[str, Any]) -> dict[str, Any]:
    """A normalised document without its defaults and empty sections. Applied with prune, it means the same.

    `time_zone` and `default_queue` always stand there: without prune, what is left out of a file stays as it is.
    """
    said: dict[str, Any] = {name: document[name] for name in ("time_zone", "default_queue") if document[name] is not None}
    costs = {by: {word: units for word, units in given.items() if units != 1} for by, given in document["costs"].items()}
    if any(costs.values()):
        said["costs"] = {by: given for by, given in costs.items() if given}
    sections = {section: [brief_item(section, item) for item in document[section]] for section in ALL_SECTIONS}
    return said | {section: items for section, items in sections.items() if items}


def brief_item(section: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The object without the fields that are filled in with the same when they are left out."""
    said = deepcopy(dict(item))
    meaning = _filled(section, said)

    def spare() -> bool:
        try:
            return bool(_filled(section, said) == meaning)
        except KeyError:  # a field that nothing stands in for
            return False

    for mapping in _mappings(said):
        _leave_out(mapping, spare)
    return said


def _leave_out(mapping: MutableMapping[str, Any], spare: Callable[[], bool]) -> None:
    for key in list(mapping):
        kept = dict(mapping)
        del mapping[key]
        if not spare():
            mapping.clear()
            mapping.update(kept)


def _mappings(value: Any) -> Iterator[MutableMapping[str, Any]]:
    """Every mapping in it but conditions, the outer before the inner."""
    if isinstance(value, dict):
        yield value
        for key, inner in list(value.items()):
            if key not in _WHOLE:
                yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mappings(inner)


def _filled(section: str, item: Mapping[str, Any]) -> Any:
    return fill({section: [item]})[section][0]
