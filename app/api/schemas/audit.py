"""The audit on the wire."""

from typing import Any

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.keys import KEY
from app.models.audit_entries import AuditOutcome


class AuditActor(Out):
    """Who it was."""

    type: str = Field(description="api_key, agent, person or system.", examples=["api_key"])
    id: str = Field(description="Their id; cli for the command line.", examples=[KEY])


class AuditSubject(Out):
    """What it happened to."""

    type: str = Field(
        description="key, agent, configuration, workspace and so on; operation where it was denied.", examples=["key"]
    )
    id: str | None = Field(description="Its id; null for what there is once.", examples=[KEY])


class AuditEntryOut(Out):
    """One change, or attempts at one."""

    id: str = Field(description="Opaque.", examples=["aud_069nnak9kphi75bkq3s0h6dn1k"])
    at: Moment = Field(description="When, by the real clock; also in a sandbox.")
    operation: str = Field(description="The operationId, or what the command line was told.", examples=["update_key"])
    outcome: AuditOutcome = Field(description="denied: the key had not the scope.", examples=["done"])
    actor: AuditActor = Field(description="Who it was.")
    key_id: str | None = Field(description="The key that was used.", examples=[KEY])
    person: str | None = Field(
        description="Who signed in, as the identity provider or the command line's machine calls them.", examples=[None]
    )
    subject: AuditSubject = Field(description="What it happened to.")
    changed: dict[str, Any] = Field(
        description="By field, what it was before and is after; null where the values are personal.",
        examples=[{"scopes": [None, ["tickets:read"]]}],
    )
    seq: int | None = Field(description="Where the event log tells of it too: its number there.", examples=[None])
    times: int = Field(description="How often, for denied attempts that are told as one.", examples=[1])
    ip: str | None = Field(
        description="Where the request came from; behind your own proxies, what they say.", examples=["203.0.113.7"]
    )
    user_agent: str | None = Field(description="What the caller called itself, its first 200 characters.", examples=["crm/2.1"])
    request_id: str | None = Field(description="The request.", examples=["req_06h0p9hgb9rg9c9jl48k1tvdq0"])


class AuditPage(Out):
    """One page of the audit."""

    data: list[AuditEntryOut] = Field(description="The newest first.")
    next_cursor: NextCursor
