"""Facts that must hold before an agent may take a ticket: one a file, in the order in which they are asked.

A filter yields pairs (reason, mask of the agents at which it fails). The pipeline in `fit.py` and `candidates.py` counts them:
an agent is rejected by the first filter that fails.
"""

from app.engine.filters.area import serves_area
from app.engine.filters.capacity import has_capacity
from app.engine.filters.channel_capacity import has_channel_capacity
from app.engine.filters.language import speaks_language
from app.engine.filters.presence import is_available
from app.engine.filters.skills import has_skills
from app.engine.filters.team import in_team

STANDING = (in_team, has_skills, speaks_language, serves_area)
MOMENTARY = (is_available, has_capacity, has_channel_capacity)

__all__ = ["MOMENTARY", "STANDING"]
