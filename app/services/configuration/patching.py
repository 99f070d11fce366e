"""JSON merge patches (RFC 7396) on objects of the configuration."""

from collections.abc import Mapping
from typing import Any

from app.services.configuration.normalise import fill, same

Item = Mapping[str, Any]
_FORMS = ("all", "any", "not", "field")


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396, with one thing more: a condition of another form replaces the whole one, since both together are none."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(target) if isinstance(target, dict) and not _of_another_form(target, patch) else {}
    for name, value in patch.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = merged(kept.get(name), value)
    return kept


def patched(section: str, item: Item, patch: Item) -> dict[str, Any]:
    """The filled `item` after the patch; what it leaves out is a default.

    A field that holds its default follows what the default depends on: a title that is the name, an offer's time.
    """
    changed: dict[str, Any] = merged(_said(section, item), patch)
    return changed


def filled(section: str, item: Item) -> dict[str, Any]:
    """One object with every default written out."""
    found: dict[str, Any] = fill({section: [item]})[section][0]
    return found


def _said(section: str, item: Item) -> dict[str, Any]:
    """Without the fields whose default depends on others, where they hold it."""
    said = dict(item)
    for field in ("title", "skill_fit", "head_start_seconds", "offer_seconds"):
        if field in said:
            without = {name: value for name, value in said.items() if name != field}
            if same(filled(section, without).get(field), said[field]):
                said = without
    return said


def _of_another_form(target: Item, patch: Item) -> bool:
    form = next((name for name in _FORMS if patch.get(name) is not None), None)
    return form is not None and form not in target and any(name in target for name in _FORMS)
