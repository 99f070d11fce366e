"""Why a command is refused. A refusal leaves the state as it was; `code` is stable and becomes the problem's code."""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818  # named as the situation
    """Something stands in the way. `status` is the HTTP status of the problem, `facts` say what is so now."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class TicketNotFound(Refusal):
    """No ticket of this workspace has this id."""

    status = 404
    code = "ticket_not_found"


class AgentNotFound(Refusal):
    """No agent of this workspace has this id."""

    status = 404
    code = "agent_not_found"


class OfferNotFound(Refusal):
    """No offer of this workspace has this id."""

    status = 404
    code = "offer_not_found"


class CustomerNotFound(Refusal):
    """No customer of this workspace has this id."""

    status = 404
    code = "customer_not_found"


class CustomerMergedAway(Refusal):
    """The customer was merged into another one, who is the one to write to."""

    code = "customer_merged"


class CustomerInUse(Refusal):
    """Tickets or merged customers refer to the customer."""

    code = "customer_in_use"


class ExternalIdTaken(Refusal):
    """Another customer has this external id."""

    code = "external_id_taken"


class TooMuchToMerge(Refusal):
    """A merge would move more than one transaction bears."""

    code = "too_much_to_merge"


class SameCustomer(Refusal):
    """Nobody can be merged into themselves; `pointer` says which field."""

    status = 422
    code = "invalid_body"


class UnknownReference(Refusal):
    """A field names something that the configuration does not have; `pointer` says which field."""

    status = 422
    code = "unknown_reference"


class TooMuchData(Refusal):
    """A change would make free data larger than it may be; `pointer` says which field."""

    status = 422
    code = "invalid_body"


class WrongMoment(Refusal):
    """A moment that has passed, or is too far away; `pointer` says which field."""

    status = 422
    code = "invalid_body"


class WrongState(Refusal):
    """The ticket's present status does not allow this."""

    code = "ticket_wrong_state"


class TicketAlreadyAssigned(Refusal):
    """Somebody else owns the ticket."""

    code = "ticket_already_assigned"


class NotYours(Refusal):
    """The ticket or offer belongs to another agent."""

    status = 403
    code = "not_your_ticket"


class AgentAtCapacity(Refusal):
    """The agent has not enough free units."""

    code = "agent_at_capacity"


class AgentNotEligible(Refusal):
    """The agent may not take the ticket: `reason` is the filter that fails, with what it is about, as a decision names it."""

    code = "agent_not_eligible"


class QueueNotFound(Refusal):
    """No queue of this workspace has this name."""

    status = 404
    code = "queue_not_found"


class QueueDraining(Refusal):
    """The queue takes nothing in."""

    code = "queue_draining"


class QueueCannotDrain(Refusal):
    """New tickets would have nowhere else to go: it is the default queue, or there is none."""

    code = "queue_cannot_drain"


class OfferEnded(Refusal):
    """The offer is no longer open."""

    code = "offer_expired"


class VersionMismatch(Refusal):
    """The thing has changed since the caller read it."""

    status = 412
    code = "version_mismatch"


class ConfigurationMoved(Refusal):
    """The configuration has changed since the command was prepared."""

    status = 412
    code = "configuration_changed"


class NotASandbox(Refusal):
    """Only a sandbox's clock can be moved."""

    code = "not_a_sandbox"


class NoQueue(Refusal):
    """No queue is configured that could take the ticket."""

    code = "no_queue"


class QueueInUse(Refusal):
    """Tickets are open in a queue that the configuration would remove."""

    code = "queue_in_use"


class TeamInUse(Refusal):
    """Open tickets may only be taken by a team that the configuration would remove."""

    code = "team_in_use"


class SkillInUse(Refusal):
    """Open tickets require a skill that the configuration would remove."""

    code = "skill_in_use"
