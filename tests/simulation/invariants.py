"""What must be so after every commit, told from the log alone: one owner, true loads, no gap, each step once and never early."""

from collections import Counter, defaultdict
from typing import Any

from app.engine import events
from app.engine.events import Event
from app.engine.ids import AgentId, OfferId, TicketId
from app.engine.vocabulary import Metric
from tests.simulation.tables import Broken

Step = tuple[int, int | None]
_OFFER_ENDS = (events.OfferAccepted, events.OfferDeclined, events.OfferExpired, events.OfferWithdrawn)
_OWNER_ENDS = (events.TicketReturned, events.TicketResolved, events.TicketCancelled)
_STEPS = (events.SlaWarned, events.SlaBreached, events.SlaStepped)


class Books:
    """Kept from the events, one after the other; raises Broken at the first that cannot be."""

    def __init__(self) -> None:
        self.at = 0
        self.created: dict[TicketId, int] = {}
        self.units: dict[TicketId, tuple[str, int]] = {}
        self.owner: dict[TicketId, AgentId] = {}
        self.offer: dict[TicketId, tuple[OfferId, AgentId, int]] = {}
        self.capacity: dict[AgentId, tuple[int, dict[str, int]]] = {}
        self.load: Counter[AgentId] = Counter()
        self.channel: dict[AgentId, Counter[str]] = defaultdict(Counter)
        self.next: dict[tuple[TicketId, Metric], Step] = {}

    def enter(self, seq: int, event: Event, at: int) -> None:
        """Write one event down."""
        if at < self.at:
            raise Broken("feed_is_whole", f"event {seq} is {self.at - at} ms before the one it follows", str(seq))
        self.at = at
        if isinstance(event, events.TicketCreated | events.TicketReopened):
            self._ticket(event)
        elif isinstance(event, events.TicketAssigned):
            self._assigned(event)
        elif isinstance(event, events.OfferCreated):
            self._offered(event)
        elif isinstance(event, _OFFER_ENDS):
            self._offer_ended(event, at)
        elif isinstance(event, _OWNER_ENDS):
            self._take(event.ticket, self.owner.pop(event.ticket, None), back=True)
        elif isinstance(event, events.AgentCreated | events.AgentUpdated):
            self.capacity[event.agent] = event.capacity, {limit.channel: limit.units for limit in event.limits}
        elif isinstance(event, events.AgentDeleted):
            self._deleted(event.agent)
        else:
            self._clock(event, at)

    def _ticket(self, event: events.TicketCreated | events.TicketReopened) -> None:
        ticket = event.ticket
        if isinstance(event, events.TicketCreated):
            if ticket in self.created or event.number != len(self.created) + 1:
                raise Broken("nothing_lost_nothing_doubled", f"ticket {event.number} is made a second time", ticket.hex())
            self.created[ticket] = event.number
        if ticket in self.owner or ticket in self.offer:
            raise Broken("one_owner", "a ticket begins to wait that somebody has", ticket.hex())
        self.units[ticket] = event.channel, event.cost

    def _assigned(self, event: events.TicketAssigned) -> None:
        ticket, agent = event.ticket, event.agent
        if ticket in self.owner or ticket in self.offer:
            raise Broken("one_owner", "a ticket is given to a second owner", ticket.hex(), agent.hex())
        self.owner[ticket] = agent
        self._take(ticket, agent)
        if not event.forced and event.how != "accepted":
            self._fits(agent, ticket)

    def _offered(self, event: events.OfferCreated) -> None:
        if event.ticket in self.owner or event.ticket in self.offer:
            raise Broken("one_owner", "a ticket is offered that somebody has", event.ticket.hex(), event.agent.hex())
        self.offer[event.ticket] = event.offer, event.agent, event.expires_at
        self._take(event.ticket, event.agent)
        self._fits(event.agent, event.ticket)

    def _offer_ended(self, event: Any, at: int) -> None:
        offer, agent, expires_at = self.offer.pop(event.ticket, (None, None, 0))
        if offer != event.offer or agent != event.agent:
            raise Broken("each_step_once", f"{event.type} of an offer that is not open", event.ticket.hex(), event.agent.hex())
        if isinstance(event, events.OfferExpired) and at < expires_at:
            raise Broken("each_step_once", f"an offer lapses {expires_at - at} ms early", event.ticket.hex(), event.agent.hex())
        if isinstance(event, events.OfferAccepted | events.OfferDeclined) and at > expires_at:
            raise Broken("each_step_once", "an offer is answered after its time", event.ticket.hex(), event.agent.hex())
        self._take(event.ticket, agent, back=True)

    def _deleted(self, agent: AgentId) -> None:
        if self.load[agent]:
            raise Broken("load_is_true", "an agent leaves with work in hand", agent.hex())
        del self.load[agent], self.capacity[agent]
        self.channel.pop(agent, None)

    def _take(self, ticket: TicketId, agent: AgentId | None, *, back: bool = False) -> None:
        if agent is None:
            return
        channel, cost = self.units[ticket]
        self.load[agent] += -cost if back else cost
        self.channel[agent][channel] += -cost if back else cost

    def _fits(self, agent: AgentId, ticket: TicketId) -> None:
        channel, _ = self.units[ticket]
        capacity, limits = self.capacity[agent]
        if self.load[agent] > capacity or self.channel[agent][channel] > limits.get(channel, self.channel[agent][channel]):
            said = f"an agent holds {self.load[agent]} of {capacity} units, {self.channel[agent][channel]} on {channel}, unforced"
            raise Broken("load_is_true", said, agent.hex(), ticket.hex())

    # -- promises --------------------------------------------------------------------------------------------------

    def _clock(self, event: Any, at: int) -> None:
        if isinstance(event, events.SlaStarted):
            for timer in event.timers:
                self.next[event.ticket, timer.metric] = timer.step, timer.next_at
        elif isinstance(event, _STEPS):
            self._stepped(event, at)
        elif isinstance(event, events.SlaPaused | events.TimerParked):
            self._move(event, None)
        elif isinstance(event, events.SlaResumed):
            self._move(event, event.next_at)
        elif isinstance(event, events.SlaMet | events.SlaCancelled):
            del self.next[event.ticket, event.metric]

    def _move(self, event: Any, moment: int | None) -> None:
        step, _ = self.next[event.ticket, event.metric]
        self.next[event.ticket, event.metric] = step, moment

    def _stepped(self, event: Any, at: int) -> None:
        """A warning is step 0, the breach 1, levels from 2 on. A breach found when a promise is fulfilled ends its steps."""
        step, moment = self.next.get((event.ticket, event.metric), (99, None))
        taken = event.step - 1
        found_late = isinstance(event, events.SlaBreached) and event.next_at is None and at - event.late_ms == event.due_at
        if taken != step and not (found_late and step < taken):
            raise Broken("each_step_once", f"{event.type} is step {taken}, expected was {step}", event.ticket.hex())
        if not found_late and (moment is None or at < moment or event.late_ms != at - moment):
            raise Broken("each_step_once", f"{event.type} at {at}, planned for {moment}", event.ticket.hex())
        if found_late and at < event.due_at:
            raise Broken("each_step_once", "a breach before its deadline", event.ticket.hex())
        self.next[event.ticket, event.metric] = event.step, event.next_at
