"""Identifiers inside the engine: 16 bytes of a UUID, typed by what they name."""

from functools import lru_cache
from hashlib import blake2b
from typing import NewType

WorkspaceId = NewType("WorkspaceId", bytes)
TicketId = NewType("TicketId", bytes)
AgentId = NewType("AgentId", bytes)
CustomerId = NewType("CustomerId", bytes)
QueueId = NewType("QueueId", bytes)
TeamId = NewType("TeamId", bytes)
SkillId = NewType("SkillId", bytes)
RuleId = NewType("RuleId", bytes)
RoutingPolicyId = NewType("RoutingPolicyId", bytes)
SlaPolicyId = NewType("SlaPolicyId", bytes)
DecisionId = NewType("DecisionId", bytes)
AssignmentId = NewType("AssignmentId", bytes)
OfferId = NewType("OfferId", bytes)


@lru_cache(maxsize=1024)
def _keyed(workspace: WorkspaceId) -> "blake2b":
    return blake2b(key=workspace, digest_size=10)


def derived_id(workspace: WorkspaceId, seq: int, ordinal: int, now: int) -> bytes:
    """A UUIDv7 (RFC 9562) of `now` (ms) whose random part is a keyed hash of (workspace, seq, ordinal).

    The same place in the same log gives the same id, so that a replay names things alike.
    """
    keyed = _keyed(workspace).copy()
    keyed.update(seq.to_bytes(8, "big") + ordinal.to_bytes(4, "big"))
    number = (now & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(keyed.digest(), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return number.to_bytes(16, "big")
