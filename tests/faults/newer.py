"""Runs a module of ours as the release after this one would: it knows the next format of the rows, and writes it where it may.

`python -m tests.faults.newer MODULE [ARGUMENT…]`. What the next format allows is a member in every event and every decision
that this release does not know. In a workspace of the present format nothing is different.
"""

import runpy
import sys
from contextvars import ContextVar
from typing import Any

from app.dispatch import attempt, catch_up
from app.dispatch.moments import json_text
from app.dispatch.record import log
from app.engine.event_data import from_data
from app.engine.events import Event
from app.queries.heads import NEWEST_FORMAT
from app.services import upkeep, workspaces

NEXT_FORMAT = NEWEST_FORMAT + 1
MEMBER = "written_as"

_format: ContextVar[int] = ContextVar("format", default=NEWEST_FORMAT)
_basis = attempt._basis


def _seen(opened: Any, head: Any) -> tuple[Any, ...]:
    """Each batch asks this of the head it has locked."""
    if head is not None:
        _format.set(head["format"])
    return _basis(opened, head)


def _written(value: Any) -> str:
    return json_text(value | {MEMBER: _format.get()} if _format.get() == NEXT_FORMAT else value)


def read_event(kind: str, data: dict[str, Any]) -> Event:
    """An event of either format."""
    return from_data(kind, {name: value for name, value in data.items() if name != MEMBER})


def upgrade() -> None:
    for module in (attempt, upkeep, workspaces):
        module.NEWEST_FORMAT = NEXT_FORMAT  # type: ignore[attr-defined]
    attempt._basis = _seen
    log.json_text = _written  # type: ignore[attr-defined]
    catch_up.from_data = read_event  # type: ignore[attr-defined]


def main() -> None:
    upgrade()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
