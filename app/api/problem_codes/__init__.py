"""Every code a problem can have. A code never changes; its words may. Served at /problems/<code>."""

from collections.abc import Mapping

from app.api.problem_codes.access import ACCESS
from app.api.problem_codes.code import LANGUAGES, Code
from app.api.problem_codes.request import REQUEST
from app.api.problem_codes.state import MISSING, OURS, STATE

CODES: Mapping[str, Code] = {**REQUEST, **ACCESS, **MISSING, **STATE, **OURS}

__all__ = ["CODES", "LANGUAGES", "Code"]
