"""Tickets on the wire: what a caller may send."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.api.body import Patch
from app.api.schemas.answers import QueryMoment
from app.api.schemas.conditions import Strict
from app.api.schemas.configuration import ExternalId, Language, Line, Name, SkillAtLevel, Word
from app.engine.free_data import FREE_BYTES, free_bytes
from app.engine.vocabulary import Channel, Kind, Priority
from app.models.tickets import PendingReason

ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
TEXT_BYTES = 32 * 1024
WHOLE_NUMBERS = 2**63


def _whole_number_fits(value: bool | float | str) -> bool | float | str:  # noqa: FBT001  # a value, not a switch
    if isinstance(value, int) and not -WHOLE_NUMBERS <= value < WHOLE_NUMBERS:
        raise PydanticCustomError("out_of_range", "A whole number fits in 64 bits.")
    return value


Scalar = Annotated[bool | int | float | str, AfterValidator(_whole_number_fits)]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
MetadataName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")]
RESERVED = frozenset({"__proto__", "constructor", "prototype"})  # in the languages of some clients these are not plain names
Text = Annotated[str, StringConstraints(max_length=TEXT_BYTES)]


def within(text: str, limit: int, what: str) -> str:
    if len(text.encode()) > limit:
        raise PydanticCustomError("too_many_bytes", f"{what} may have at most {limit:,} bytes.")
    return text


def plain_names(given: dict[str, Any]) -> dict[str, Any]:
    if not RESERVED.isdisjoint(given):
        raise PydanticCustomError("not_allowed", f"No name may be {', '.join(sorted(RESERVED))}.")
    return given


class CustomerIn(Strict):
    """Who asked. Found again by external_id; what is left out stays as it is known."""

    external_id: ExternalId | None = Field(default=None, description="The customer's id elsewhere.", examples=["crm-81"])
    name: Annotated[str, Line, StringConstraints(max_length=200)] | None = Field(
        default=None, description="What people call them.", examples=["Dewi Lestari"]
    )
    email: Annotated[str, Line, StringConstraints(max_length=254)] | None = Field(
        default=None, description="Kept as it is sent.", examples=["dewi@example.com"]
    )
    phone: Annotated[str, Line, StringConstraints(max_length=40)] | None = Field(
        default=None, description="Kept as it is sent.", examples=["+62-811-5550100"]
    )
    tier: Word | None = Field(default=None, description="Rules and the strategy vip look at it.", examples=["vip"])
    language: Language | None = Field(default=None, description="BCP 47, lower case.", examples=["id"])

    @model_validator(mode="after")
    def _says_something(self) -> "CustomerIn":
        if not self.model_fields_set:
            raise PydanticCustomError("required", "A customer needs at least one field; leave customer out if nothing is known.")
        return self


Subject = Annotated[str, StringConstraints(max_length=500, pattern=ONE_LINE)]


class TicketIn(Strict):
    """A piece of work. Everything may be left out; rules fill in queue, priority, skills and more."""

    kind: Kind = Field(default=Kind.TICKET, description="What it is.", examples=["ticket"])
    channel: Channel = Field(default=Channel.API, description="How it came.", examples=["whatsapp"])
    priority: Priority = Field(default=Priority.MEDIUM, description="How much it presses; a rule may say otherwise.",
                               examples=["medium"])  # fmt: skip
    subject: Subject = Field(default="", description="One line for people.", examples=["Refund for order 8841"])
    text: Text = Field(
        default="",
        description="What the customer wrote, at most 32 KiB.",
        examples=["I was charged twice and want my money back."],
    )
    category: Word | None = Field(default=None, description="What it is about, in your words.", examples=["billing"])
    language: Language | None = Field(default=None, description="The language the agent must speak.", examples=["id"])
    area: Name | None = Field(default=None, description="The area the agent must serve.", examples=["bandung"])
    external_id: ExternalId | None = Field(
        default=None,
        description="The ticket's id elsewhere, unique: a second call with it gets the first ticket.",
        examples=["wa-5521"],
    )
    queue: Name | None = Field(default=None, description="Where to wait, unless a rule says otherwise.", examples=["billing"])
    team: Name | None = Field(default=None, description="The only team that may take it.", examples=["senior"])
    require_skills: list[SkillAtLevel] = Field(
        default_factory=list,
        max_length=50,
        description="Without these an agent is not considered.",
        examples=[[{"skill": "refunds", "level": 3}]],
    )
    wish_skills: list[SkillAtLevel] = Field(
        default_factory=list, max_length=50, description="Preferred, not required.", examples=[[{"skill": "refunds", "level": 5}]]
    )
    tags: list[Word] = Field(default_factory=list, max_length=20, description="Words to find it by.", examples=[["refund"]])
    attributes: dict[AttributeName, Scalar] = Field(
        default_factory=dict,
        max_length=50,
        description="Facts that rules can look at. With metadata at most 16 KiB.",
        examples=[{"order_value": 250000}],
    )
    metadata: dict[MetadataName, str] = Field(
        default_factory=dict, max_length=50, description="Texts of your own that nothing looks at.", examples=[{"source": "crm"}]
    )
    customer: CustomerIn | None = Field(
        default=None, description="Who asked.", examples=[{"external_id": "crm-81", "name": "Dewi Lestari"}]
    )

    @field_validator("text")
    @classmethod
    def _text_fits(cls, text: str) -> str:
        return within(text, TEXT_BYTES, "The text")

    @field_validator("attributes", "metadata")
    @classmethod
    def _names_are_plain(cls, given: dict[str, Any]) -> dict[str, Any]:
        return plain_names(given)

    @model_validator(mode="after")
    def _free_data_fits(self) -> "TicketIn":
        if free_bytes(self.attributes, self.metadata) > FREE_BYTES:
            raise PydanticCustomError(
                "too_many_bytes", f"attributes and metadata together may have at most {FREE_BYTES:,} bytes."
            )
        return self


class TicketPatch(Patch):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    priority: Priority = Field(default=Priority.MEDIUM, description="How much it presses; promises that run keep their deadlines.",
                               examples=["high"])  # fmt: skip
    subject: Subject | None = Field(default=None, description="One line for people.", examples=["Refund for order 8841"])
    text: Text | None = Field(default=None, description="What the customer wrote, at most 32 KiB.", examples=["Twice!"])
    category: Word | None = Field(default=None, description="What it is about, in your words.", examples=["billing"])
    language: Language | None = Field(default=None, description="The language the agent must speak.", examples=["id"])
    area: Name | None = Field(default=None, description="The area the agent must serve.", examples=["bandung"])
    require_skills: list[SkillAtLevel] | None = Field(
        default=None,
        max_length=50,
        description="Without these an agent is not considered.",
        examples=[[{"skill": "refunds", "level": 3}]],
    )
    wish_skills: list[SkillAtLevel] | None = Field(
        default=None, max_length=50, description="Preferred, not required.", examples=[[{"skill": "refunds", "level": 5}]]
    )
    tags: list[Word] | None = Field(default=None, max_length=20, description="Words to find it by.", examples=[["refund"]])
    attributes: dict[AttributeName, Scalar | None] | None = Field(
        default=None,
        max_length=50,
        description="Merged with those that are there; null takes one away.",
        examples=[{"order_value": 250000}],
    )
    metadata: dict[MetadataName, str | None] | None = Field(
        default=None, max_length=50, description="Merged likewise.", examples=[{"source": "crm"}]
    )

    @field_validator("text")
    @classmethod
    def _text_fits(cls, text: str | None) -> str | None:
        return text and within(text, TEXT_BYTES, "The text")

    @field_validator("attributes", "metadata")
    @classmethod
    def _names_are_plain(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        return given and plain_names(given)


Reference = Annotated[str, StringConstraints(min_length=1, max_length=260)]


class AssignIn(Strict):
    """Whom to give the ticket."""

    agent_id: str = Field(
        min_length=1,
        max_length=260,
        description="An agent's id, name, or ext:<external_id>.",
        examples=["agt_069nnak9kphi75bkq3s0h6dn1k"],
    )
    force: bool = Field(default=False, description="Over the agent's capacity, and away from another owner.", examples=[False])


class ReasonIn(Strict):
    """What people should know about it."""

    reason: Annotated[str, StringConstraints(max_length=500)] = Field(
        default="",
        description="For people, kept with the ticket's handovers; never in an event.",
        examples=["Needs the network team"],
    )


class TransferIn(ReasonIn):
    """Whither: exactly one of queue, team and agent_id."""

    queue: Reference | None = Field(
        default=None, description="A queue's name or id: the ticket is routed there.", examples=["network"]
    )
    team: Reference | None = Field(default=None, description="A team's name or id: only that team may take it.", examples=[None])
    agent_id: Reference | None = Field(
        default=None, description="An agent's id, name, or ext:<external_id>: the ticket is theirs at once.", examples=[None]
    )
    force: bool = Field(default=False, description="Over the agent's capacity; not for agents.", examples=[False])

    @model_validator(mode="after")
    def _one_place(self) -> "TransferIn":
        if sum(place is not None for place in (self.queue, self.team, self.agent_id)) != 1:
            raise PydanticCustomError("required", "Say exactly one of queue, team and agent_id.")
        return self


class TakeIn(Strict):
    """For whom."""

    agent_id: Reference | None = Field(
        default=None,
        description="An agent's id, name, or ext:<external_id>; an agent's own key takes for its agent.",
        examples=["agt_069nnak9kphi75bkq3s0h6dn1k"],
    )


class Direction(StrEnum):
    """Who wrote."""

    INBOUND = "inbound"  # the customer
    OUTBOUND = "outbound"  # the owner, to the customer


class MessageIn(Strict):
    """One message. From the customer it wakes a ticket that waited; from the owner it is an answer."""

    direction: Direction = Field(description="Who wrote it.", examples=["outbound"])
    text: Annotated[str, StringConstraints(min_length=1, max_length=TEXT_BYTES)] = Field(
        description="At most 32 KiB.", examples=["Your refund is on its way."]
    )

    @field_validator("text")
    @classmethod
    def _text_fits(cls, text: str) -> str:
        return within(text, TEXT_BYTES, "The text")


class Awaited(StrEnum):
    """Whom the owner can wait for."""

    CUSTOMER = PendingReason.CUSTOMER
    THIRD_PARTY = PendingReason.THIRD_PARTY


class PendIn(Strict):
    """For whom the owner waits."""

    reason: Awaited = Field(default=Awaited.CUSTOMER, description="For whom.", examples=["customer"])


class SnoozeIn(Strict):
    """Until when: exactly one of until_at and seconds."""

    until_at: QueryMoment | None = Field(
        default=None, strict=False, description="A moment at most 366 days ahead.", examples=["2026-03-09T01:00:00Z"]
    )
    seconds: int | None = Field(default=None, ge=1, le=366 * 86_400, description="From now, at most 366 days.", examples=[None])

    @model_validator(mode="after")
    def _one_moment(self) -> "SnoozeIn":
        if (self.until_at is None) is (self.seconds is None):
            raise PydanticCustomError("required", "Say exactly one of until_at and seconds.")
        return self
