"""One router per resource; app.main puts them in."""

from app.api.routers import (
    agents,
    configuration,
    creating,
    decisions,
    events,
    me,
    offers,
    reports,
    sandbox,
    sections,
    tickets,
    verbs,
)

ROUTERS = (
    creating.router,
    tickets.router,
    verbs.router,
    offers.router,
    decisions.router,
    me.router,
    agents.router,
    configuration.router,
    sections.router,
    events.router,
    reports.router,
    sandbox.router,
)

THIN = (("POST", "/v1/tickets"),)
