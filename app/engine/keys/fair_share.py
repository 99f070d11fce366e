"""Fair share: whoever is owed most of Σ 1/k, k being how many could have taken each ticket."""

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def largest_share_owed(question: Question, slots: Slots) -> Ints:
    """Shares not yet received, in units of 2^-32 tickets, the largest first."""
    return -question.turns.credit[slots]
