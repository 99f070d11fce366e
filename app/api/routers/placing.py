"""Where a rule is put among the others."""

from collections.abc import Mapping
from typing import Any

from app.api.routers.standing import Standing
from app.engine.mistakes import Mistake
from app.errors import Invalid


def place_of(present: Standing, said: Mapping[str, Any], *, own: str | None) -> int | None:
    """Its place among the other rules, from 0; None where nothing is said. `own` is the rule's name, if it is there already.

    Raises Invalid for more than one wish, and for a rule that is not there.
    """
    given = {name: value for name, value in said.items() if value is not None}
    if not given:
        return None
    if len(given) > 1:
        first, *more = given
        detail = f"Say one of position, before and after; {first} is said already."
        raise _wrong(*(Mistake(f"/{name}", "not_allowed", detail) for name in more))
    ((how, value),) = given.items()
    others = [item["name"] for item in present.whole["rules"] if item["name"] != own]
    if how == "position":
        return min(int(value), len(others) + 1) - 1
    found = present.find("rules", value)
    if found is None or found.name == own:
        raise _wrong(Mistake(f"/{how}", "unknown_reference", "There is no other rule of this name or id."))
    return others.index(found.name) + (how == "after")


def _wrong(*mistakes: Mistake) -> Invalid:
    said = "one mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return Invalid("invalid_body", f"The body has {said}; errors says where.", errors=mistakes)
