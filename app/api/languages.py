"""Which of our two languages a caller would rather read."""

import re
from functools import lru_cache

from app.api.problem_codes import LANGUAGES

_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
LONGEST = 200


@lru_cache(maxsize=256)
def chosen_language(header: str) -> str:
    """The one of en and id with the larger weight in Accept-Language; en when it names neither or cannot be read."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for part in header[:LONGEST].split(","):
        found = _RANGE.fullmatch(part)
        if found and (name := found[1].lower()) in weights:
            weights[name] = max(weights[name], float(found[2] or 1))
    return max(LANGUAGES, key=lambda name: weights[name])
