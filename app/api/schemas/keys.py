"""Keys on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.api.body import Patch
from app.api.schemas.answers import TIME, Moment, NextCursor, Out, storable, written_out
from app.api.schemas.conditions import Strict
from app.api.schemas.configuration import Title
from app.engine.vocabulary import Role
from app.models.api_keys import KeyKind
from app.rates import read_rate
from app.services.key_changes import LONGEST_OVERLAP_SECONDS

KEY = "key_069nnak9kphi75bkq3s0h6dn1k"


def _rate(text: str) -> str:
    try:
        read_rate(text)
    except ValueError:
        raise PydanticCustomError("wrong_form", "Expected a rate such as 600/minute.") from None
    return text


Scope = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}:(read|write)$")]
Rate = Annotated[str, StringConstraints(max_length=40), AfterValidator(_rate)]
BodyMoment = Annotated[
    datetime, Field(strict=False), AfterValidator(storable), BeforeValidator(written_out), WithJsonSchema(TIME)
]


class KeyIn(Strict):
    """A key to be made."""

    name: Title = Field(description="What it is for; people read it in lists.", examples=["CRM"])
    role: Role = Field(description="What it may do.", examples=["integration"])
    agent_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=260,
        description="For the role agent, and only for it: whose key it is, by id, name, or ext:<external_id>.",
        examples=[None],
    )
    scopes: list[Scope] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="Narrows the role to these; null is all that the role has.",
        examples=[["tickets:read", "tickets:write"]],
    )
    expires_at: BodyMoment | None = Field(default=None, description="When it ends; null is never.", examples=[None])
    rate_limit: Rate | None = Field(
        default=None, description="Its own rate; null is the one that the service is set to.", examples=["600/minute"]
    )


class KeyPatch(Patch):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    name: Title = Field(default="-", description="What it is for.", examples=["CRM"])
    scopes: list[Scope] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="Narrows the role to these; null is all that the role has.",
        examples=[["tickets:read"]],
    )
    expires_at: BodyMoment | None = Field(
        default=None, description="When it ends; null is never.", examples=["2027-01-05T08:00:00.000Z"]
    )
    rate_limit: Rate | None = Field(default=None, description="Its own rate; null is the usual one.", examples=["600/minute"])


class SessionIn(Strict):
    """What opens a session."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="The code, as the command line printed it.", examples=["gll_…"]
    )


class RotateIn(Strict):
    """How long the present secret stays right beside the new one."""

    overlap_seconds: int = Field(
        ge=0,
        le=LONGEST_OVERLAP_SECONDS,
        description="0 ends it at once, as for one that has leaked; at most 30 days.",
        examples=[3600],
    )


class KeyFields(Out):
    """A key, without what opens."""

    kind: KeyKind = Field(
        description="login: a code that gives a session, once; session: of a person who signed in.", examples=["key"]
    )
    name: str = Field(description="What it is for.", examples=["CRM"])
    role: Role = Field(description="What it may do.", examples=["integration"])
    scopes: list[str] | None = Field(
        description="What it is narrowed to; null is all that the role has.", examples=[["tickets:read", "tickets:write"]]
    )
    agent_id: str | None = Field(description="Whose key it is, for the role agent.", examples=[None])
    last_four: str = Field(description="The end of its secret, to tell keys apart.", examples=["x4Qz"])
    rate_limit: str | None = Field(description="Its own rate.", examples=["600/minute"])
    previous_until_at: Moment | None = Field(description="After a rotation: until when the secret before is right too.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When it was last changed.")
    last_used_at: Moment | None = Field(description="When it was last used, to within two minutes; null is never.")
    expires_at: Moment | None = Field(description="When it ends.")
    revoked_at: Moment | None = Field(description="Since when it is refused.")
    version: int = Field(description="Counts changes; the ETag.", examples=[1])


class KeyOut(KeyFields):
    """A key, without what opens."""

    id: str = Field(description="Opaque; part of the key itself.", examples=[KEY])


class KeyWithSecret(KeyOut):
    """A key with what opens. It is shown this once and stored nowhere."""

    secret: str | None = Field(
        description="The whole key, for Authorization: Bearer. Null in the answer to a repeat under the same Idempotency-Key: "
        "if the first answer was lost, rotate the key.",
        examples=["glr_test_…"],
    )


class KeyDryRun(KeyFields):
    """What a call would have answered. Nothing was stored."""

    id: str | None = Field(description="Null where the call would make a key.", examples=[None])
    secret: None = Field(description="Nothing is made that opens.", examples=[None])
    would_status: int = Field(description="The status of the real call.", examples=[201])


class KeyPage(Out):
    """One page of keys."""

    data: list[KeyOut] = Field(description="In the order in which they were made, revoked ones too.")
    next_cursor: NextCursor
