"""What a filter says of the agents it rejects."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.engine.agents import Mask
from app.engine.vocabulary import Rejection


@dataclass(frozen=True, slots=True)
class Reason:
    """A rejection and what it is about: `{"skill": id, "level": 3}`, `{"channel": "live_chat"}`."""

    rejection: Rejection
    about: dict[str, Any] = field(default_factory=dict)


Verdicts = Iterable[tuple[Reason, Mask]]
