"""One router per resource; app.main puts them in."""

from app.api.routers import (
    agents,
    audit,
    bulk,
    configuration,
    creating,
    decisions,
    events,
    histories,
    keys,
    me,
    objects,
    offers,
    reports,
    sandbox,
    sections,
    sessions,
    tickets,
    updating,
    verbs,
    versions,
)

ROUTERS = (
    creating.router,
    bulk.router,
    tickets.router,
    updating.router,
    verbs.router,
    offers.router,
    decisions.router,
    me.router,
    agents.router,
    configuration.router,
    versions.router,
    sections.router,
    objects.router,
    histories.router,
    events.router,
    reports.router,
    keys.router,
    sessions.router,
    audit.router,
    sandbox.router,
)

THIN = (("POST", "/v1/tickets"), ("POST", "/v1/tickets/bulk"))
