"""Tickets on the wire: what answers show."""

from pydantic import ConfigDict, Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.customers_out import CustomerOut
from app.api.schemas.decisions import DecisionOut
from app.api.schemas.events import ActorOut
from app.engine.vocabulary import Channel, Kind, Metric, Priority, Status, StatusGroup, TimerState
from app.models.assignments import EndReason, How
from app.models.handovers import HandoverKind
from app.models.tickets import PendingReason

TICKET = "tkt_069nnak9kphi75bkq3s0h6dn1k"
AGENT = "agt_069nnak9kphi75bkq3s0h6dn1k"
QUEUE = "que_069nnak9kphi75bkq3s0h6dn1k"


class SkillOut(Out):
    """A skill at a level."""

    skill: str = Field(description="Its name; its id where the configuration no longer has it.", examples=["refunds"])
    level: int = Field(description="From 1 to 10.", examples=[3])


class TicketFields(Out):
    """What a ticket has beside its id and number."""

    kind: Kind = Field(description="What it is.", examples=["ticket"])
    status: Status = Field(description="Where it stands.", examples=["assigned"])
    status_group: StatusGroup = Field(description="The same in three words.", examples=["open"])
    priority: Priority = Field(description="How much it presses.", examples=["high"])
    channel: Channel = Field(description="How it came.", examples=["whatsapp"])
    category: str | None = Field(description="What it is about.", examples=["billing"])
    language: str | None = Field(description="The language the agent must speak.", examples=["id"])
    area: str | None = Field(description="The area the agent must serve.", examples=["bandung"])
    external_id: str | None = Field(description="Its id elsewhere.", examples=["wa-5521"])
    customer_id: str | None = Field(description="Who asked.", examples=["cus_069nnak9kphi75bkq3s0h6dn1k"])
    subject: str = Field(description="One line for people.", examples=["Refund for order 8841"])
    text: str = Field(description="What the customer wrote.", examples=["I was charged twice."])
    tags: list[str] = Field(description="Words to find it by, also from rules.", examples=[["refund"]])
    attributes: dict[str, bool | int | float | str] = Field(description="Facts.", examples=[{"order_value": 250000}])
    metadata: dict[str, str] = Field(description="Texts of yours.", examples=[{"source": "crm"}])
    queue_id: str = Field(description="Where it waits or waited.", examples=[QUEUE])
    queue: str | None = Field(description="The queue's name; null where it is no longer configured.", examples=["billing"])
    team_id: str | None = Field(description="The only team that may take it.", examples=[None])
    team: str | None = Field(description="That team's name.", examples=[None])
    require_skills: list[SkillOut] = Field(description="What an agent must have.", examples=[[{"skill": "refunds", "level": 3}]])
    wish_skills: list[SkillOut] = Field(description="What is preferred.", examples=[[]])
    agent_id: str | None = Field(description="The owner, or who was it last when it ended.", examples=[AGENT])
    decision_id: str | None = Field(description="Why it is where it is.", examples=["dec_069nnak9kphi75bkq3s0h6dn1k"])
    offer_id: str | None = Field(description="The offer that is open.", examples=[None])
    cost: int = Field(description="Units of an agent's capacity.", examples=[1])
    waiting_since_at: Moment | None = Field(description="Since when it waits; null unless it does.")
    assigned_at: Moment | None = Field(description="When the owner got it.")
    first_responded_at: Moment | None = Field(description="When the customer was first answered.")
    pending_reason: PendingReason | None = Field(description="For whom or what the owner waits.", examples=[None])
    snoozed_until_at: Moment | None = Field(description="When a snoozed ticket comes back by itself.")
    resolved_at: Moment | None = Field(description="When it was done.")
    closed_at: Moment | None = Field(description="When it was over for good.")
    reopened_count: int = Field(description="How often it was opened again.", examples=[0])
    escalated_count: int = Field(description="How many escalation steps were taken.", examples=[0])
    transferred_count: int = Field(description="How often it was handed on, by people or escalations.", examples=[0])
    version: int = Field(description="Counts changes; the ETag.", examples=[2])
    created_at: Moment = Field(description="When it came.")
    updated_at: Moment = Field(description="When it last changed.")


class TicketOut(TicketFields):
    """A piece of work as it is now."""

    id: str = Field(description="Opaque, in order of time.", examples=[TICKET])
    number: int = Field(description="For people; never used twice.", examples=[123])


class ExpandedTicketOut(TicketOut):
    """A ticket with what `expand` asked for; without it the further fields are not there."""

    decision: DecisionOut | None = Field(default=None, description="With expand=decision.")
    customer: CustomerOut | None = Field(default=None, description="With expand=customer.")

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)  # without expand they are not there


class TicketPage(Out):
    """One page of tickets."""

    data: list[TicketOut] = Field(description="In the order asked for.")
    next_cursor: NextCursor


class MessageOut(Out):
    """What was said after the first text."""

    id: str = Field(description="Opaque.", examples=["msg_069nnak9kphi75bkq3s0h6dn1k"])
    direction: str = Field(description="inbound is the customer, outbound the owner.", examples=["inbound"])
    agent_id: str | None = Field(description="Which agent's key sent it.", examples=[None])
    text: str = Field(description="The words.", examples=["Any news?"])
    created_at: Moment = Field(description="When it came.")


class MessagePage(Out):
    """One page of messages, oldest first."""

    data: list[MessageOut] = Field(description="Oldest first.")
    next_cursor: NextCursor


class AssignmentOut(Out):
    """An agent owned the ticket from … to …."""

    id: str = Field(description="Opaque.", examples=["asg_069nnak9kphi75bkq3s0h6dn1k"])
    agent_id: str = Field(description="Who.", examples=[AGENT])
    queue_id: str = Field(description="From which queue.", examples=[QUEUE])
    queue: str | None = Field(description="That queue's name.", examples=["billing"])
    how: How = Field(description="What made the agent the owner.", examples=["routed"])
    forced: bool = Field(description="Above the agent's capacity, by a person.", examples=[False])
    decision_id: str | None = Field(description="Why.", examples=["dec_069nnak9kphi75bkq3s0h6dn1k"])
    started_at: Moment = Field(description="From.")
    ended_at: Moment | None = Field(description="To; null while it lasts.")
    end_reason: EndReason | None = Field(description="Why it ended; null while it lasts.", examples=["transferred"])


class AssignmentPage(Out):
    """One page of assignments, oldest first."""

    data: list[AssignmentOut] = Field(description="Oldest first.")
    next_cursor: NextCursor


class HandoverOut(Out):
    """The ticket was handed on, or given back to its queue."""

    seq: int = Field(description="Its event's place in the log.", examples=[4712])
    kind: HandoverKind = Field(description="transferred or returned.", examples=["transferred"])
    from_agent_id: str | None = Field(description="Who owned it; null where it waited.", examples=[AGENT])
    queue_id: str | None = Field(description="The queue it went to, where it went to one.", examples=[QUEUE])
    queue: str | None = Field(description="That queue's name.", examples=["network"])
    team_id: str | None = Field(description="The team, where it went to one.", examples=[None])
    team: str | None = Field(description="That team's name.", examples=[None])
    agent_id: str | None = Field(description="The agent, where it went to one.", examples=[None])
    reason: str = Field(description="What was said of it.", examples=["Needs the network team"])
    actor: ActorOut = Field(description="Who did it.")
    created_at: Moment = Field(description="When.")


class HandoverPage(Out):
    """One page of handovers, oldest first."""

    data: list[HandoverOut] = Field(description="Oldest first.")
    next_cursor: NextCursor


class PromiseStep(Out):
    """One event of a promise."""

    seq: int = Field(description="Its place in the log.", examples=[4712])
    type: str = Field(description="What happened.", examples=["sla.started"])
    at: Moment = Field(description="When.")
    due_at: Moment | None = Field(description="The deadline from then on, where it was set.")
    next_at: Moment | None = Field(description="The next step's moment from then on, where it was set.")
    next_step: str | None = Field(description="Which step that is.", examples=["warning"])


class PauseOut(Out):
    """A time during which a clock stood still."""

    from_at: Moment = Field(description="From.")
    to_at: Moment | None = Field(description="To; null while it lasts.")


class PromiseOut(Out):
    """A promise, and how its deadline was computed: due = started + target + the time the clock stood still."""

    metric: Metric = Field(description="What is promised.", examples=["first_response"])
    state: TimerState = Field(description="What has become of it.", examples=["running"])
    priority: Priority | None = Field(description="The ticket's priority when it started.", examples=["urgent"])
    present_priority: Priority = Field(
        description="The ticket's priority now. A change moves no deadline: what was promised stays promised.",
        examples=["urgent"],
    )
    sla_policy: str | None = Field(description="The policy that promised.", examples=["standard"])
    configuration_version: int | None = Field(description="In which configuration.", examples=[7])
    target_seconds: int | None = Field(description="The time promised; null where the log is no longer kept.", examples=[900])
    paused_seconds: int | None = Field(description="How long the clock has stood still.", examples=[0])
    pauses: list[PauseOut] = Field(description="When the clock stood still, as far as the log is kept.")
    left_seconds: int | None = Field(description="What is left while it stands still.", examples=[None])
    started_at: Moment = Field(description="From when.")
    warn_at: Moment | None = Field(
        description="When the warning is or was due; null without one, and while the clock stands still."
    )
    due_at: Moment | None = Field(description="The deadline; null while the clock stands still.")
    next_at: Moment | None = Field(description="When the next step is taken.")
    next_step: str | None = Field(description="warning, breach or escalation_<level>.", examples=["warning"])
    settled_at: Moment | None = Field(description="When it was kept, fulfilled too late, or cancelled.")
    warned: bool = Field(description="Whether a warning was given.", examples=[False])
    attempts: int = Field(description="Failed attempts at the next step.", examples=[0])
    steps: list[PromiseStep] = Field(description="What happened to it, oldest first.")
    explanation: str = Field(
        description="The same in sentences, in the language of Accept-Language.",
        examples=["A first response was promised within 15 min for priority urgent, from 2026-01-05 08:00:00 UTC."],
    )


class PromisePage(Out):
    """All promises of a ticket."""

    data: list[PromiseOut] = Field(description="First response before resolution.")
    next_cursor: NextCursor


class TakenOut(Out):
    """What was taken from a queue."""

    ticket: TicketOut | None = Field(
        description="The ticket, which is the agent's now; null where none waits that they may take."
    )


class TakenDryRun(TakenOut):
    """What would be taken. Nothing was stored."""

    would_status: int = Field(description="The status of the real call.", examples=[200])


class TicketDryRun(TicketFields):
    """What a call would have answered, and why. Nothing was stored."""

    id: str | None = Field(description="Null where the call would make a ticket.", examples=[None])
    number: int | None = Field(description="Null where the call would make a ticket: no number is used.", examples=[None])
    would_status: int = Field(description="The status of the real call.", examples=[201])
    decision: DecisionOut | None = Field(description="The choice that would be made about this ticket, if any.")
