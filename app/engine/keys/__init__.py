"""Preferences among those who may take a ticket: one a file. Each gives an integer per candidate; smaller comes first."""

from app.engine.keys.creation import created_first
from app.engine.keys.fair_share import largest_share_owed
from app.engine.keys.idle import longest_idle
from app.engine.keys.key import Key, Question, Slots
from app.engine.keys.load import least_loaded
from app.engine.keys.recency import least_recently_assigned
from app.engine.keys.skill import best_fit, least_sufficient
from app.engine.keys.stride import smallest_pass
from app.engine.keys.tier import tier_team_first

__all__ = [
    "Key",
    "Question",
    "Slots",
    "best_fit",
    "created_first",
    "largest_share_owed",
    "least_loaded",
    "least_recently_assigned",
    "least_sufficient",
    "longest_idle",
    "smallest_pass",
    "tier_team_first",
]
