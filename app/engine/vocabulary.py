"""The words of routing: one enum per idea, shared by API, code, tables and docs."""

from enum import StrEnum


class Kind(StrEnum):
    """What a piece of work is."""

    TICKET = "ticket"
    LEAD = "lead"
    CHAT = "chat"
    CALL = "call"
    TASK = "task"
    MEETING = "meeting"


class Channel(StrEnum):
    """How it came in."""

    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    MESSENGER = "messenger"
    TELEGRAM = "telegram"
    LINE = "line"
    EMAIL = "email"
    LIVE_CHAT = "live_chat"
    WEB_FORM = "web_form"
    PHONE = "phone"
    SMS = "sms"
    API = "api"


class ContactKind(StrEnum):
    """Where a customer can be reached."""

    EMAIL = "email"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    MESSENGER = "messenger"
    TELEGRAM = "telegram"
    LINE = "line"


class Priority(StrEnum):
    """How much it presses; declared from the least to the most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Status(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"  # in its queue, owned by nobody
    OFFERED = "offered"  # shown to one agent who may accept, decline or let it lapse
    ASSIGNED = "assigned"  # owned, not begun
    IN_PROGRESS = "in_progress"  # owned and begun
    PENDING = "pending"  # owned, waiting for the customer or a third party
    RESOLVED = "resolved"  # answered; may be reopened
    CLOSED = "closed"  # over for good
    CANCELLED = "cancelled"  # was never to be done


OWNED = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING})
OPEN = OWNED | {Status.WAITING, Status.OFFERED}
ENDED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})


class StatusGroup(StrEnum):
    """The three words people say for the eight states."""

    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"


STATUS_GROUPS = {
    StatusGroup.OPEN: (Status.WAITING, Status.OFFERED, Status.ASSIGNED, Status.IN_PROGRESS),
    StatusGroup.PENDING: (Status.PENDING,),
    StatusGroup.CLOSED: (Status.RESOLVED, Status.CLOSED, Status.CANCELLED),
}


class Presence(StrEnum):
    """Whether an agent takes work now."""

    OFFLINE = "offline"
    AWAY = "away"
    BUSY = "busy"
    AVAILABLE = "available"


class Strategy(StrEnum):
    """How a queue orders those who may take a ticket."""

    ROUND_ROBIN = "round_robin"  # least recently assigned in this queue
    WEIGHTED_ROUND_ROBIN = "weighted_round_robin"  # stride scheduling by the agent's weight
    LEAST_LOAD = "least_load"  # smallest share of capacity in use after this ticket
    SKILL = "skill"  # by level in the skills asked for, see SkillFit
    VIP = "vip"  # the tier's own team first, and the front of the queue
    LONGEST_IDLE = "longest_idle"  # without open work first, then longest since the last was finished
    FAIR_SHARE = "fair_share"  # largest sum of 1/k (k = how many could have taken it) not yet received


class SkillFit(StrEnum):
    """Which agent suits a required level best."""

    BEST = "best"  # the highest level
    LEAST_SUFFICIENT = "least_sufficient"  # the lowest that is enough, so that experts stay free


class Order(StrEnum):
    """Who in a queue comes first."""

    FIFO = "fifo"  # waiting longest
    PRIORITY = "priority"  # waiting longest, with a head start in seconds per priority (ageing)
    DEADLINE = "deadline"  # earliest running SLA deadline, none last


class Handover(StrEnum):
    """What choosing an agent means."""

    DIRECT = "direct"  # the ticket is the agent's at once
    OFFER = "offer"  # the agent is asked first


class Metric(StrEnum):
    """What an SLA target promises."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


class QueueState(StrEnum):
    """Whether a queue takes tickets in and gives them out."""

    RUNNING = "running"
    PAUSED = "paused"  # takes in, gives nothing out by routing
    DRAINING = "draining"  # gives out, takes no new tickets in


class Held(StrEnum):
    """Why a ticket waits that somebody could take."""

    QUEUE_PAUSED = "queue_paused"
    WORKSPACE_PAUSED = "workspace_paused"


class TimerState(StrEnum):
    """What has become of a promise."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"  # kept in time
    BREACHED = "breached"  # the deadline passed and it is still not fulfilled; later steps may run
    MISSED = "missed"  # fulfilled, but after the deadline
    CANCELLED = "cancelled"


class ActorType(StrEnum):
    """Who caused an event."""

    API_KEY = "api_key"
    AGENT = "agent"
    PERSON = "person"  # signed in through an identity provider, and no agent
    SYSTEM = "system"


class Role(StrEnum):
    """A named set of scopes."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    INTEGRATION = "integration"
    READ_ONLY = "read_only"


class Rejection(StrEnum):
    """Why an agent may not take a ticket: the first filter that fails, in this order."""

    TEAM = "team"  # in none of the teams the ticket may go to
    SKILL = "skill"  # lacks a required skill at its level
    LANGUAGE = "language"  # does not speak the ticket's language
    AREA = "area"  # does not serve the ticket's area
    DECLINED = "declined"  # was offered this ticket and did not take it
    OFFLINE = "offline"
    AWAY = "away"
    BUSY = "busy"
    CAPACITY = "capacity"  # not enough free units
    CHANNEL_CAPACITY = "channel_capacity"  # not enough free units on this channel
