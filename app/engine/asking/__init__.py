"""Questions to a state: who could take a ticket, what comes next, what another configuration would do. None of them changes it."""

from app.engine.asking.candidates import Page, Standing, WhoCan, WhoCould, WhoCouldTake
from app.engine.asking.outlook import Coming, Outlook, WhatNext
from app.engine.asking.question import Question

__all__ = ["Coming", "Outlook", "Page", "Question", "Standing", "WhatNext", "WhoCan", "WhoCould", "WhoCouldTake"]
