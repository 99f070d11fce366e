"""Which role may do what: one row per operation. An operation that is not here is refused to everybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.engine.vocabulary import Role

ADMIN = frozenset({Role.ADMIN})
SUPERVISORS = ADMIN | {Role.SUPERVISOR}
READERS = SUPERVISORS | {Role.READ_ONLY}
WITH_AGENTS = READERS | {Role.AGENT}
EVERYBODY = WITH_AGENTS | {Role.INTEGRATION}
TICKET_WRITERS = SUPERVISORS | {Role.INTEGRATION}
WORKERS = TICKET_WRITERS | {Role.AGENT}
AGENTS = SUPERVISORS | {Role.AGENT}


@dataclass(frozen=True, slots=True)
class Operation:
    """The scope that an operation needs, and the roles that have it there."""

    scope: str
    roles: frozenset[Role]


def _reads(resource: str, roles: frozenset[Role], *operations: str) -> dict[str, Operation]:
    return {operation: Operation(f"{resource}:read", roles) for operation in operations}


def _writes(resource: str, roles: frozenset[Role], *operations: str) -> dict[str, Operation]:
    return {operation: Operation(f"{resource}:write", roles) for operation in operations}


def _objects(one: str, roles: frozenset[Role], changers: frozenset[Role]) -> dict[str, Operation]:
    """Writing single objects of one kind; `changers` may change what is there."""
    resource = f"{one[:-1]}ies" if one.endswith("policy") else f"{one}s"
    names = (f"create_{one}", f"replace_{one}", f"delete_{one}")
    return {**_writes(resource, roles, *names), **_writes(resource, changers, f"update_{one}")}


def _histories(*ones: str) -> dict[str, Operation]:
    """What single objects were, and back to it."""
    found: dict[str, Operation] = {}
    for one in ones:
        resource = f"{one[:-1]}ies" if one.endswith("policy") else f"{one}s"
        found |= _reads(resource, READERS, f"list_{one}_history") | _writes(resource, ADMIN, f"undo_{one}")
    return found


OPERATIONS: dict[str, Operation] = {
    **_reads("configuration", READERS, "get_configuration", "list_configuration_versions", "get_configuration_version"),
    **_reads("configuration", SUPERVISORS, "try_configuration"),
    **_writes("configuration", ADMIN, "apply_configuration"),
    **_reads("teams", WITH_AGENTS, "list_teams", "count_teams", "get_team"),
    **_reads("skills", WITH_AGENTS, "list_skills", "count_skills", "get_skill"),
    **_reads("queues", WITH_AGENTS, "list_queues", "count_queues", "get_queue"),
    **_reads("routing_policies", WITH_AGENTS, "list_routing_policies", "count_routing_policies", "get_routing_policy"),
    **_reads("rules", WITH_AGENTS, "list_rules", "count_rules", "get_rule"),
    **_reads("sla_policies", WITH_AGENTS, "list_sla_policies", "count_sla_policies", "get_sla_policy"),
    **{
        name: operation
        for one in ("team", "skill", "queue", "routing_policy", "sla_policy")
        for name, operation in _objects(one, ADMIN, ADMIN).items()
    },
    **_objects("rule", ADMIN, SUPERVISORS),  # of a rule a supervisor changes whether it is on, and its place
    **_objects("agent", SUPERVISORS, SUPERVISORS),
    **_histories("team", "skill", "queue", "routing_policy", "sla_policy", "rule"),
    **_writes("rules", SUPERVISORS, "move_rule"),
    **_reads("rules", READERS, "get_rule_hits"),
    **_reads("agents", READERS, "list_agents", "count_agents", "search_agents", "get_agent"),
    **_reads("workspace", READERS, "get_workspace"),
    **_writes("workspace", SUPERVISORS, "pause_workspace", "resume_workspace"),
    **_writes("queues", SUPERVISORS, "pause_queue", "drain_queue", "resume_queue"),
    **_writes("agents", AGENTS, "set_presence"),
    **_writes("agents", SUPERVISORS, "release_agent"),
    **_reads("tickets", READERS | {Role.INTEGRATION}, "list_tickets", "count_tickets"),
    **_reads("tickets", EVERYBODY, "get_ticket", "list_ticket_decisions", "list_ticket_timers"),
    **_reads("tickets", EVERYBODY, "list_ticket_messages", "list_ticket_assignments", "list_ticket_handovers"),
    **_reads("tickets", READERS | {Role.INTEGRATION}, "list_ticket_candidates", "find_candidates", "get_ticket_outlook"),
    **_reads("tickets", EVERYBODY, "list_ticket_marks", "list_ticket_followers"),
    **_writes(
        "tickets",
        TICKET_WRITERS,
        "create_ticket",
        "update_ticket",
        "change_tickets",
        "assign_ticket",
        "reopen_ticket",
        "close_ticket",
        "cancel_ticket",
    ),
    **_writes("tickets", WORKERS, "start_ticket", "respond_ticket", "add_message", "pend_ticket", "resolve_ticket"),
    **_writes("tickets", WORKERS, "transfer_ticket", "return_ticket", "snooze_ticket", "resume_ticket"),
    **_writes("tickets", WORKERS, "follow_ticket", "unfollow_ticket"),
    **_writes("tickets", AGENTS, "take_ticket", "take_next_ticket", "mark_ticket", "unmark_ticket"),
    **_reads("customers", READERS | {Role.INTEGRATION}, "list_customers", "count_customers", "search_customers"),
    **_reads("customers", READERS | {Role.INTEGRATION}, "get_customer", "list_customer_history"),
    **_writes("customers", TICKET_WRITERS, "create_customer", "update_customer", "upsert_customers"),
    **_writes("customers", TICKET_WRITERS, "merge_customer", "unmerge_customer", "delete_customer"),
    **_reads("decisions", EVERYBODY, "get_decision", "get_candidate"),
    **_reads("events", READERS, "list_events"),
    **_reads("me", frozenset({Role.AGENT}), "get_me"),
    **_writes("offers", AGENTS, "accept_offer", "decline_offer"),
    **_reads("sandbox", READERS, "get_clock"),
    **_writes("sandbox", SUPERVISORS, "advance_clock"),
    **_reads("reports", READERS, "report_queues", "report_turns"),
    **_reads("keys", ADMIN, "list_keys", "get_key"),
    **_writes("keys", ADMIN, "create_key", "update_key", "rotate_key", "revoke_key"),
    **_reads("audit", ADMIN, "list_audit_entries", "get_audit_entry"),
}

SCOPES: dict[Role, frozenset[str]] = {
    role: frozenset(operation.scope for operation in OPERATIONS.values() if role in operation.roles) for role in Role
}

# Work is in the event log already: the audit is for what else is changed.
WORK = frozenset({"tickets:write", "offers:write"})
AUDITED = frozenset(
    name
    for name, operation in OPERATIONS.items()
    if operation.scope.endswith(":write") and operation.scope not in WORK and name != "set_presence"
)


@lru_cache(maxsize=1000)
def rights(role: Role, scopes: frozenset[str] | None) -> Mapping[str, bool]:
    """The operations of a role, narrowed to scopes where there are any; whether each is audited."""
    return {
        name: name in AUDITED
        for name, operation in OPERATIONS.items()
        if role in operation.roles and (scopes is None or operation.scope in scopes)
    }


def unknown_scopes(role: Role, scopes: Collection[str]) -> list[str]:
    """Those that the role has not, in order: a key is narrowed by scopes, never widened."""
    return sorted(set(scopes) - SCOPES[role])
