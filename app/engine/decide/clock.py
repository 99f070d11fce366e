"""A sandbox has its own clock."""

from app.engine.commands import AdvanceClock
from app.engine.decide.decider import Decider
from app.engine.events import ClockAdvanced
from app.engine.refusals import NotASandbox


def advance(decider: Decider, command: AdvanceClock) -> None:
    """Move it on. The head row keeps the offset; what falls due is for the timers."""
    if not decider.facts.sandbox:
        raise NotASandbox("Only the clock of a sandbox workspace can be moved.")
    if command.milliseconds:
        decider.emit(ClockAdvanced(command.milliseconds))
