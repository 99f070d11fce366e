"""The tables, one a file; importing this package puts all of them into `metadata`."""

from app.models.agents import agents
from app.models.api_keys import KeyKind, api_keys
from app.models.assignments import EndReason, How, assignments
from app.models.audit_entries import AuditOutcome, audit_entries
from app.models.configurations import configurations
from app.models.customer_contacts import customer_contacts
from app.models.customer_merges import customer_merges
from app.models.customers import customers
from app.models.decisions import Outcome, decisions
from app.models.events import events
from app.models.followers import followers
from app.models.handovers import HandoverKind, handovers
from app.models.idempotency_keys import idempotency_keys
from app.models.identity_providers import identity_providers
from app.models.marks import MarkKind, marks
from app.models.metadata import metadata
from app.models.offers import OfferStatus, offers
from app.models.queue_turns import queue_turns
from app.models.switches import switches
from app.models.ticket_messages import ticket_messages
from app.models.ticket_texts import ticket_texts
from app.models.tickets import PendingReason, tickets
from app.models.timers import timers
from app.models.turns import turns
from app.models.workspace_heads import workspace_heads
from app.models.workspace_slugs import workspace_slugs
from app.models.workspaces import Mode, workspaces

__all__ = [
    "AuditOutcome",
    "EndReason",
    "HandoverKind",
    "How",
    "KeyKind",
    "MarkKind",
    "Mode",
    "OfferStatus",
    "Outcome",
    "PendingReason",
    "agents",
    "api_keys",
    "assignments",
    "audit_entries",
    "configurations",
    "customer_contacts",
    "customer_merges",
    "customers",
    "decisions",
    "events",
    "followers",
    "handovers",
    "idempotency_keys",
    "identity_providers",
    "marks",
    "metadata",
    "offers",
    "queue_turns",
    "switches",
    "ticket_messages",
    "ticket_texts",
    "tickets",
    "timers",
    "turns",
    "workspace_heads",
    "workspace_slugs",
    "workspaces",
]
