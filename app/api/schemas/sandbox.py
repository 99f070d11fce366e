"""A sandbox's clock on the wire."""

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.api.schemas.conditions import Strict

LONGEST_SECONDS = 31 * 86_400


class AdvanceIn(Strict):
    """How far to move the clock."""

    seconds: int = Field(ge=1, le=LONGEST_SECONDS, description="At most 31 days.", examples=[7200])


class AdvancedOut(Out):
    """Where the clock stands after everything due on the way has happened."""

    now: Moment = Field(description="The sandbox's time.")
    advanced_seconds: int = Field(description="By how much it was moved.", examples=[7200])
    timers_fired: int = Field(description="How many steps of promises and offers fell due on the way.", examples=[3])


class ClockOut(Out):
    """A sandbox's own time."""

    now: Moment = Field(description="The sandbox's time.")
    offset_seconds: int = Field(description="How far it is ahead of the real time.", examples=[7200])
