"""Questions to a state: who could take a ticket, what comes next, what another configuration would do. None of them changes it."""

from app.engine.asking.candidates import Page, Standing, WhoCan, WhoCould, WhoCouldTake
from app.engine.asking.outlook import Coming, Outlook, WhatNext
from app.engine.asking.question import Question
from app.engine.asking.trial import MayApply, Past, Placed, Refused, Trial

__all__ = [
    "Coming",
    "MayApply",
    "Outlook",
    "Page",
    "Past",
    "Placed",
    "Question",
    "Refused",
    "Standing",
    "Trial",
    "WhatNext",
    "WhoCan",
    "WhoCould",
    "WhoCouldTake",
]
