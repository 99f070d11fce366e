"""What a key may give to another: nothing that it has not itself."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.api.context import Caller
from app.api.roles import SCOPES, unknown_scopes
from app.engine.mistakes import Mistake
from app.engine.vocabulary import Role
from app.errors import Forbidden, Invalid

OWN_WORK = frozenset({"me:read"})  # an agent's key shows that agent's work only, to whoever holds it


def check_scopes(role: Role, scopes: Sequence[str] | None) -> None:
    """Raises Invalid with a pointer for each scope that the role has not."""
    unknown = set(unknown_scopes(role, scopes or ()))
    mistakes = [
        Mistake(f"/scopes/{n}", "not_allowed", f"The role {role} has no such scope.", tuple(sorted(SCOPES[role])))
        for n, scope in enumerate(scopes or ())
        if scope in unknown
    ]
    if mistakes:
        raise Invalid("invalid_body", said_of(len(mistakes)), errors=mistakes)


def check_end(expires_at: datetime | None) -> None:
    """Raises Invalid for an end that is past."""
    if expires_at is not None and expires_at <= datetime.now(UTC):
        mistake = Mistake("/expires_at", "out_of_range", "Expected a time in the future.")
        raise Invalid("invalid_body", said_of(1), errors=[mistake])


def check_within(caller: Caller, role: Role, scopes: Sequence[str] | None, expires_at: datetime | None) -> None:
    """Raises Forbidden where such a key could do more than the caller's, or live longer."""
    wanted = SCOPES[role] if scopes is None else frozenset(scopes)
    beyond = sorted(wanted - caller.scopes - (OWN_WORK if role is Role.AGENT else frozenset()))
    if beyond:
        raise Forbidden("exceeds_own_rights", "Such a key could do more than yours. Narrow it with scopes.", scopes=beyond)
    if caller.expires_at is not None and (expires_at is None or expires_at > caller.expires_at):
        raise Forbidden("exceeds_own_rights", "Such a key would live longer than yours. Give it an earlier end.", scopes=[])


def said_of(count: int) -> str:
    return "The body has one mistake; errors says where." if count == 1 else f"The body has {count} mistakes; errors says where."
