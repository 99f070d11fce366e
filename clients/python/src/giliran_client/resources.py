"""Written by `make openapi` from the API's description. Do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, overload

from giliran_client import models
from giliran_client.answers import Answer
from giliran_client.calls import Call
from giliran_client.transport import Feed, Pages, Resource, Resources


class Tickets(Resource):
    """Work that comes in: submitted, decided at once, worked on, resolved."""

    def list(
        self,
        *,
        status: Sequence[models.Status] | None = None,
        status_group: Sequence[models.StatusGroup] | None = None,
        queue: Sequence[str] | None = None,
        agent_id: Sequence[str] | None = None,
        follower: Sequence[str] | None = None,
        priority: Sequence[models.Priority] | None = None,
        kind: Sequence[models.Kind] | None = None,
        channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        customer_id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        q: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] | None = None,
    ) -> Answer[models.TicketPage]:
        """List tickets.

        By default the newest first.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/tickets",
                query={
                    "status": status,
                    "status_group": status_group,
                    "queue": queue,
                    "agent_id": agent_id,
                    "follower": follower,
                    "priority": priority,
                    "kind": kind,
                    "channel": channel,
                    "id": id,
                    "customer_id": customer_id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "q": q,
                    "limit": limit,
                    "cursor": cursor,
                    "sort": sort,
                },
            )
        )

    def iterate(
        self,
        *,
        status: Sequence[models.Status] | None = None,
        status_group: Sequence[models.StatusGroup] | None = None,
        queue: Sequence[str] | None = None,
        agent_id: Sequence[str] | None = None,
        follower: Sequence[str] | None = None,
        priority: Sequence[models.Priority] | None = None,
        kind: Sequence[models.Kind] | None = None,
        channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        customer_id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        q: str | None = None,
        limit: int | None = None,
        sort: Literal["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] | None = None,
    ) -> Pages[models.TicketOut]:
        """List tickets.

        By default the newest first.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return Pages(
            self._send,
            Call(
                "GET",
                "/v1/tickets",
                query={
                    "status": status,
                    "status_group": status_group,
                    "queue": queue,
                    "agent_id": agent_id,
                    "follower": follower,
                    "priority": priority,
                    "kind": kind,
                    "channel": channel,
                    "id": id,
                    "customer_id": customer_id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "q": q,
                    "limit": limit,
                    "sort": sort,
                },
            ),
        )

    @overload
    def create(
        self, body: models.TicketIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def create(
        self, body: models.TicketIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def create(
        self, body: models.TicketIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def create(
        self, body: models.TicketIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Create a ticket.

        Rules place it, then it is given to an agent, offered, or waits. Waiting is a success: decision_id says why.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(Call("POST", "/v1/tickets", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    @overload
    def change(
        self, body: models.BulkIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.BulkOut]: ...
    @overload
    def change(
        self, body: models.BulkIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.BulkDryRun]: ...
    @overload
    def change(
        self, body: models.BulkIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.BulkOut | models.BulkDryRun]: ...
    def change(
        self, body: models.BulkIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.BulkOut | models.BulkDryRun]:
        """Create and change many tickets.

        Up to 1,000 items, at most 5 MiB, done in order in one transaction. The answer is 200 with one result per item, each
        with the status and the ticket or the problem that its own call would have given. With atomic the first item that is
        refused refuses the whole call with its problem: errors points at the item, index names it, and nothing is changed.
        More than 10,000 mistakes in the body refuse the whole call too. A repeat under the same Idempotency-Key gets the
        first answer and doubles nothing.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call("POST", "/v1/tickets/bulk", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True)
        )

    def count(
        self,
        *,
        status: Sequence[models.Status] | None = None,
        status_group: Sequence[models.StatusGroup] | None = None,
        queue: Sequence[str] | None = None,
        agent_id: Sequence[str] | None = None,
        follower: Sequence[str] | None = None,
        priority: Sequence[models.Priority] | None = None,
        kind: Sequence[models.Kind] | None = None,
        channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        customer_id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        q: str | None = None,
    ) -> Answer[models.Count]:
        """Count tickets.

        The filters of the list; exact up to 10,000.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/tickets/count",
                query={
                    "status": status,
                    "status_group": status_group,
                    "queue": queue,
                    "agent_id": agent_id,
                    "follower": follower,
                    "priority": priority,
                    "kind": kind,
                    "channel": channel,
                    "id": id,
                    "customer_id": customer_id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "q": q,
                },
            )
        )

    def get(
        self, ticket: str, *, expand: Sequence[Literal["decision", "customer"]] | None = None, unless_version: int | None = None
    ) -> Answer[models.ExpandedTicketOut]:
        """Read a ticket.

        expand=decision adds why it is where it is, expand=customer who asked.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/tickets/{ticket}", path=(ticket,), query={"expand": expand}, unless_version=unless_version)
        )

    @overload
    def update(
        self,
        ticket: str,
        body: models.TicketPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def update(
        self,
        ticket: str,
        body: models.TicketPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def update(
        self,
        ticket: str,
        body: models.TicketPatch,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def update(
        self,
        ticket: str,
        body: models.TicketPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Change fields of a ticket.

        A JSON merge patch. Rules are not asked again and promises that run keep their deadlines. Where a waiting ticket
        asks for other skills, another language or area, it is decided about anew; an owner keeps it.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/tickets/{ticket}",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    def list_decisions(self, ticket: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.DecisionPage]:
        """List a ticket's decisions.

        Every choice that was made about it, oldest first, with the reasons.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/decisions", path=(ticket,), query={"limit": limit, "cursor": cursor}))

    def iterate_decisions(self, ticket: str, *, limit: int | None = None) -> Pages[models.DecisionOut]:
        """List a ticket's decisions.

        Every choice that was made about it, oldest first, with the reasons.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/tickets/{ticket}/decisions", path=(ticket,), query={"limit": limit}))

    def list_timers(self, ticket: str) -> Answer[models.PromisePage]:
        """List a ticket's promises.

        How each deadline was computed: when the clock started, how long it stood still, what comes next.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/timers", path=(ticket,)))

    def list_messages(self, ticket: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.MessagePage]:
        """List a ticket's messages.

        What was said after the first text, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/messages", path=(ticket,), query={"limit": limit, "cursor": cursor}))

    def iterate_messages(self, ticket: str, *, limit: int | None = None) -> Pages[models.MessageOut]:
        """List a ticket's messages.

        What was said after the first text, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/tickets/{ticket}/messages", path=(ticket,), query={"limit": limit}))

    @overload
    def add_message(
        self,
        ticket: str,
        body: models.MessageIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def add_message(
        self,
        ticket: str,
        body: models.MessageIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def add_message(
        self,
        ticket: str,
        body: models.MessageIn,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def add_message(
        self,
        ticket: str,
        body: models.MessageIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Add a message.

        The customer's (inbound) wakes a ticket that waited and reopens a resolved one; the owner's (outbound) answers.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/messages",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    def list_assignments(
        self, ticket: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[models.AssignmentPage]:
        """List a ticket's assignments.

        Who owned it from when to when, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/tickets/{ticket}/assignments", path=(ticket,), query={"limit": limit, "cursor": cursor})
        )

    def iterate_assignments(self, ticket: str, *, limit: int | None = None) -> Pages[models.AssignmentOut]:
        """List a ticket's assignments.

        Who owned it from when to when, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/tickets/{ticket}/assignments", path=(ticket,), query={"limit": limit}))

    def list_handovers(self, ticket: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HandoverPage]:
        """List a ticket's handovers.

        How it was transferred and returned, by whom and with which words, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/handovers", path=(ticket,), query={"limit": limit, "cursor": cursor}))

    def iterate_handovers(self, ticket: str, *, limit: int | None = None) -> Pages[models.HandoverOut]:
        """List a ticket's handovers.

        How it was transferred and returned, by whom and with which words, oldest first.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/tickets/{ticket}/handovers", path=(ticket,), query={"limit": limit}))

    @overload
    def assign(
        self,
        ticket: str,
        body: models.AssignIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def assign(
        self,
        ticket: str,
        body: models.AssignIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def assign(
        self, ticket: str, body: models.AssignIn, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def assign(
        self,
        ticket: str,
        body: models.AssignIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Assign a ticket by hand.

        Capacity counts unless force; skills and presence are the giver's business. A turn is not moved.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/assign",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def transfer(
        self,
        ticket: str,
        body: models.TransferIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def transfer(
        self,
        ticket: str,
        body: models.TransferIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def transfer(
        self,
        ticket: str,
        body: models.TransferIn,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def transfer(
        self,
        ticket: str,
        body: models.TransferIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Hand a ticket on.

        To a queue it is routed there under that queue's policy, to a team it is for that team alone, to an agent it is
        theirs at once if there is room. Skills that were required are wishes from then on. Promises that run keep their
        deadlines; those that the new queue makes and the old one did not start now. Whoever gave it away is not given it
        again by routing. A turn is not moved.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/transfer",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def return_(
        self,
        ticket: str,
        body: models.ReasonIn | None = None,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def return_(
        self,
        ticket: str,
        body: models.ReasonIn | None = None,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def return_(
        self,
        ticket: str,
        body: models.ReasonIn | None = None,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def return_(
        self,
        ticket: str,
        body: models.ReasonIn | None = None,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Give a ticket back to its queue.

        By its owner or a supervisor. It keeps its place: it has waited since it first did. Whoever gave it back is not
        given it again by routing, only by hand.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/return",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def take(
        self,
        ticket: str,
        body: models.TakeIn | None = None,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def take(
        self,
        ticket: str,
        body: models.TakeIn | None = None,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def take(
        self,
        ticket: str,
        body: models.TakeIn | None = None,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def take(
        self,
        ticket: str,
        body: models.TakeIn | None = None,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Take a ticket that waits.

        By an agent, or by a supervisor for agent_id. Every filter that routing asks must agree, in a paused queue too; that
        the agent declined it before does not count. The decision is recorded with the cause taken. A turn is not moved.

        Scope: `tickets:write`. Roles: admin, agent, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/take",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def start(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def start(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def start(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def start(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Start work on a ticket.

        The owner begins, or goes on after a wait.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/start",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def respond(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def respond(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def respond(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def respond(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Say that the customer was answered.

        The first answer keeps the first-response promise. Use /messages to store the words as well.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/respond",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def pend(
        self,
        ticket: str,
        body: models.PendIn | None = None,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def pend(
        self,
        ticket: str,
        body: models.PendIn | None = None,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def pend(
        self,
        ticket: str,
        body: models.PendIn | None = None,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def pend(
        self,
        ticket: str,
        body: models.PendIn | None = None,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Wait for somebody else.

        The owner keeps it and waits; the SLA policy says which clocks stand still.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/pending",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def snooze(
        self,
        ticket: str,
        body: models.SnoozeIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut]: ...
    @overload
    def snooze(
        self,
        ticket: str,
        body: models.SnoozeIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def snooze(
        self, ticket: str, body: models.SnoozeIn, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def snooze(
        self,
        ticket: str,
        body: models.SnoozeIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Put a ticket aside for a time.

        It is pending with the reason snoozed, still the owner's, and comes back to the owner by itself; earlier when the
        customer writes or by /resume. Where its agent leaves the workspace it goes back to its queue. The SLA policy says
        which clocks stand still.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/snooze",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def resume(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def resume(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def resume(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def resume(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Go on with a ticket that waited.

        The owner goes on after a wait, also before a snooze is over. The same as start.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/resume",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def resolve(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def resolve(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def resolve(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def resolve(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Resolve a ticket.

        The work is done; the owner takes what waits. It may be reopened.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/resolve",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def reopen(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def reopen(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def reopen(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def reopen(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Reopen a resolved ticket.

        It is routed anew, with a new promise of resolution.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/reopen",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def close(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def close(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def close(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def close(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Close a resolved ticket.

        Over for good.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/close",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def cancel(
        self, ticket: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut]: ...
    @overload
    def cancel(
        self, ticket: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketDryRun]: ...
    @overload
    def cancel(
        self, ticket: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]: ...
    def cancel(
        self, ticket: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TicketOut | models.TicketDryRun]:
        """Cancel a ticket.

        Not to be done after all; promises no longer matter.

        Scope: `tickets:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/cancel",
                path=(ticket,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    def list_marks(self, ticket: str) -> Answer[models.MarksOut]:
        """List who views and who replies.

        Marks that are alive. They are kept apart from the log: nothing of them is in the events, and they change no
        version.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/marks", path=(ticket,)))

    @overload
    def mark(
        self, ticket: str, body: models.MarkIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.MarksOut]: ...
    @overload
    def mark(
        self, ticket: str, body: models.MarkIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.MarksDryRun]: ...
    @overload
    def mark(
        self, ticket: str, body: models.MarkIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.MarksOut | models.MarksDryRun]: ...
    def mark(
        self, ticket: str, body: models.MarkIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.MarksOut | models.MarksDryRun]:
        """Say that one views or replies.

        By an agent, or by a supervisor for agent_id. It ends after GILIRAN_MARK_SECONDS (60) of the service's clock unless
        it is sent again before. Any number may view, one replies: the second is 409 reply_in_progress, which names the
        first and until when. `kind: null` ends both marks of the agent.

        Scope: `tickets:write`. Roles: admin, agent, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/tickets/{ticket}/marks",
                path=(ticket,),
                query={"dry_run": dry_run},
                body=body,
                key=idempotency_key,
                keyed=True,
            )
        )

    def unmark(self, ticket: str) -> Answer[None]:
        """End marks.

        An agent's key ends both marks of its agent, any other key those of everybody.

        Scope: `tickets:write`. Roles: admin, agent, supervisor.
        """
        return self._send(Call("DELETE", "/v1/tickets/{ticket}/marks", path=(ticket,)))

    def list_followers(self, ticket: str) -> Answer[models.FollowersOut]:
        """List a ticket's followers.

        Agents who see it and hear of it without having it.

        Scope: `tickets:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/followers", path=(ticket,)))

    def follow(self, ticket: str, agent: str) -> Answer[None]:
        """Follow a ticket.

        An agent's key does so for its own agent, with tickets that the agent may see. The ticket's version stays.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "PUT",
                "/v1/tickets/{ticket}/followers/{agent}",
                path=(
                    ticket,
                    agent,
                ),
            )
        )

    def unfollow(self, ticket: str, agent: str) -> Answer[None]:
        """Follow a ticket no longer.

        An agent's key does so for its own agent.

        Scope: `tickets:write`. Roles: admin, agent, integration, supervisor.
        """
        return self._send(
            Call(
                "DELETE",
                "/v1/tickets/{ticket}/followers/{agent}",
                path=(
                    ticket,
                    agent,
                ),
            )
        )


class Decisions(Resource):
    """Why a ticket went to whom it went, or waits."""

    def list_ticket_candidates(
        self, ticket: str, *, limit: int | None = None, cursor: str | None = None, agent_id: str | None = None
    ) -> Answer[models.CandidatePage]:
        """Who could take this ticket?.

        Everybody, by the state and the configuration of this moment: the ranked in order, then the others with the first
        filter that fails. A ticket that somebody has is looked at as if it were back in its queue. Nothing is changed.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/tickets/{ticket}/candidates",
                path=(ticket,),
                query={"limit": limit, "cursor": cursor, "agent_id": agent_id},
            )
        )

    def iterate_ticket_candidates(
        self, ticket: str, *, limit: int | None = None, agent_id: str | None = None
    ) -> Pages[models.StandingOut]:
        """Who could take this ticket?.

        Everybody, by the state and the configuration of this moment: the ranked in order, then the others with the first
        filter that fails. A ticket that somebody has is looked at as if it were back in its queue. Nothing is changed.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return Pages(
            self._send,
            Call("GET", "/v1/tickets/{ticket}/candidates", path=(ticket,), query={"limit": limit, "agent_id": agent_id}),
        )

    def get_ticket_outlook(self, ticket: str) -> Answer[models.OutlookOut]:
        """Why is it still there, and what comes next?.

        Its place in the queue, what keeps each agent out, who could take it once free, and what falls due if nobody does
        anything: warnings, deadlines and escalation levels with their times. Nothing is changed.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/tickets/{ticket}/outlook", path=(ticket,)))

    def find_candidates(
        self, body: models.TicketIn, *, limit: int | None = None, cursor: str | None = None, agent_id: str | None = None
    ) -> Answer[models.CandidatePage]:
        """Who could take such a ticket?.

        The same for a ticket that there is not: the body is that of POST /v1/tickets. Rules are applied, nothing is stored;
        an external_id that is known is no matter.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call("POST", "/v1/candidates", query={"limit": limit, "cursor": cursor, "agent_id": agent_id}, body=body)
        )

    def iterate_candidates(
        self, body: models.TicketIn, *, limit: int | None = None, agent_id: str | None = None
    ) -> Pages[models.StandingOut]:
        """Who could take such a ticket?.

        The same for a ticket that there is not: the body is that of POST /v1/tickets. Rules are applied, nothing is stored;
        an external_id that is known is no matter.

        Scope: `tickets:read`. Roles: admin, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("POST", "/v1/candidates", query={"limit": limit, "agent_id": agent_id}, body=body))

    def get(self, decision: str) -> Answer[models.DecisionOut]:
        """Read a decision.

        Who was considered, who was rejected and why, how the rest were ranked, and what set the first apart.

        Scope: `decisions:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/decisions/{decision}", path=(decision,)))

    def get_candidate(self, decision: str, agent: str) -> Answer[models.CandidateOut]:
        """Why not this agent?.

        One agent's part in a decision: chosen, eligible, or rejected and why.

        Scope: `decisions:read`. Roles: admin, agent, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/decisions/{decision}/candidates/{agent}",
                path=(
                    decision,
                    agent,
                ),
            )
        )


class Offers(Resource):
    """A ticket that an agent is asked to take."""

    def accept(self, offer: str, *, idempotency_key: str | None = None) -> Answer[models.TicketOut]:
        """Accept an offer.

        The ticket is the agent's. Accepting again what is accepted already answers the same.

        Scope: `offers:write`. Roles: admin, agent, supervisor.
        """
        return self._send(Call("POST", "/v1/offers/{offer}/accept", path=(offer,), key=idempotency_key, keyed=True))

    def decline(self, offer: str, *, idempotency_key: str | None = None) -> Answer[models.TicketOut]:
        """Decline an offer.

        The next agent is asked; this one is not asked again about this ticket.

        Scope: `offers:write`. Roles: admin, agent, supervisor.
        """
        return self._send(Call("POST", "/v1/offers/{offer}/decline", path=(offer,), key=idempotency_key, keyed=True))


class Me(Resource):
    """What an agent's own screen needs."""

    def get(self, *, after: int | None = None, wait: int | None = None) -> Answer[models.MeOut]:
        """Read my work.

        For an agent's key. With `after` and `wait` the answer comes with the next change that concerns the agent.

        Scope: `me:read`. Roles: agent.
        """
        return self._send(Call("GET", "/v1/me", query={"after": after, "wait": wait}))


class Customers(Resource):
    """Who asks: contacts, tier, language, and who turned out to be the same person."""

    def list(
        self,
        *,
        tier: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        preferred_channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        merged: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["-created_at", "created_at", "-updated_at", "updated_at"] | None = None,
    ) -> Answer[models.CustomerPage]:
        """List customers.

        By default the newest first.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/customers",
                query={
                    "tier": tier,
                    "language": language,
                    "preferred_channel": preferred_channel,
                    "id": id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "merged": merged,
                    "limit": limit,
                    "cursor": cursor,
                    "sort": sort,
                },
            )
        )

    def iterate(
        self,
        *,
        tier: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        preferred_channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        merged: bool | None = None,
        limit: int | None = None,
        sort: Literal["-created_at", "created_at", "-updated_at", "updated_at"] | None = None,
    ) -> Pages[models.CustomerOut]:
        """List customers.

        By default the newest first.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return Pages(
            self._send,
            Call(
                "GET",
                "/v1/customers",
                query={
                    "tier": tier,
                    "language": language,
                    "preferred_channel": preferred_channel,
                    "id": id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "merged": merged,
                    "limit": limit,
                    "sort": sort,
                },
            ),
        )

    @overload
    def create(
        self, body: models.NewCustomer, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut]: ...
    @overload
    def create(
        self, body: models.NewCustomer, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.CustomerDryRun]: ...
    @overload
    def create(
        self, body: models.NewCustomer, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]: ...
    def create(
        self, body: models.NewCustomer, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]:
        """Create a customer.

        A known external_id is answered with the customer who has it, unchanged. A ticket introduces its customer as well.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(Call("POST", "/v1/customers", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(
        self,
        *,
        tier: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        preferred_channel: Sequence[models.Channel] | None = None,
        id: Sequence[str] | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
        updated_after: str | datetime | None = None,
        merged: bool | None = None,
    ) -> Answer[models.Count]:
        """Count customers.

        The filters of the list; exact up to 10,000.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/customers/count",
                query={
                    "tier": tier,
                    "language": language,
                    "preferred_channel": preferred_channel,
                    "id": id,
                    "created_after": created_after,
                    "created_before": created_before,
                    "updated_after": updated_after,
                    "merged": merged,
                },
            )
        )

    def search(self, body: models.CustomerSearch) -> Answer[models.CustomerPage]:
        """Search customers.

        By external id, by a contact however it is written, or by the beginning of a name: none of them stands in an
        address. By external id whoever has it is found, merged or not; by contact and name those who stand for themselves.
        A read: it takes no key.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(Call("POST", "/v1/customers/search", body=body))

    def get(self, customer: str, *, unless_version: int | None = None) -> Answer[models.CustomerOut]:
        """Read a customer.

        One who was merged is shown as they were, with merged_into_id.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/customers/{customer}", path=(customer,), unless_version=unless_version))

    @overload
    def update(
        self,
        customer: str,
        body: models.CustomerPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut]: ...
    @overload
    def update(
        self,
        customer: str,
        body: models.CustomerPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerDryRun]: ...
    @overload
    def update(
        self,
        customer: str,
        body: models.CustomerPatch,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]: ...
    def update(
        self,
        customer: str,
        body: models.CustomerPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]:
        """Change fields of a customer.

        A JSON merge patch. Another tier or language counts for tickets that come from now on. One who was merged is not
        changed: merged_into_id names who stands for them.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/customers/{customer}",
                path=(customer,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, customer: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, customer: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.DeletionDryRun]: ...
    @overload
    def delete(self, customer: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.DeletionDryRun]: ...
    def delete(self, customer: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.DeletionDryRun]:
        """Delete a customer.

        Only one whom no ticket names and into whom nobody was merged; else the refusal says how many there are. To forget a
        person who has tickets is another matter: it is not offered yet.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call("DELETE", "/v1/customers/{customer}", path=(customer,), query={"dry_run": dry_run}, version=version)
        )

    def list_history(
        self, customer: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[models.CustomerHistory]:
        """List a customer's history.

        Who created, changed, merged and set apart, oldest first, with the merges of others into this one. Of fields only
        the names are told, but for tier and language.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/customers/{customer}/history", path=(customer,), query={"limit": limit, "cursor": cursor})
        )

    def iterate_history(self, customer: str, *, limit: int | None = None) -> Pages[models.EventOut]:
        """List a customer's history.

        Who created, changed, merged and set apart, oldest first, with the merges of others into this one. Of fields only
        the names are told, but for tier and language.

        Scope: `customers:read`. Roles: admin, integration, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/customers/{customer}/history", path=(customer,), query={"limit": limit}))

    @overload
    def upsert(
        self, body: models.CustomersIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.CustomersOut]: ...
    @overload
    def upsert(
        self, body: models.CustomersIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.CustomersDryRun]: ...
    @overload
    def upsert(
        self, body: models.CustomersIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.CustomersOut | models.CustomersDryRun]: ...
    def upsert(
        self, body: models.CustomersIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.CustomersOut | models.CustomersDryRun]:
        """Create and change many customers.

        Up to 1,000 items, at most 5 MiB, done in order in one transaction. Whoever has the item's external_id is changed as
        by a merge patch, else somebody new has it: 200 or 201. With atomic the first item that is refused refuses the whole
        call with its problem: errors points at the item, index names it, and nothing is changed. A repeat under the same
        Idempotency-Key gets the first answer.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call("POST", "/v1/customers/bulk", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True)
        )

    @overload
    def merge(
        self,
        customer: str,
        body: models.MergeIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut]: ...
    @overload
    def merge(
        self,
        customer: str,
        body: models.MergeIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerDryRun]: ...
    @overload
    def merge(
        self,
        customer: str,
        body: models.MergeIn,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]: ...
    def merge(
        self,
        customer: str,
        body: models.MergeIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]:
        """Merge a customer into another one.

        Both are the same person. All tickets of this one become the other's, and so do new ones that name this one's
        external_id; contacts are united; everything else of the other one stays as it is. This one stays readable, with
        merged_into_id. One merge moves at most 10,000 tickets, each of which is one version on.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/customers/{customer}/merge",
                path=(customer,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def unmerge(
        self, customer: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut]: ...
    @overload
    def unmerge(
        self, customer: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.CustomerDryRun]: ...
    @overload
    def unmerge(
        self, customer: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]: ...
    def unmerge(
        self, customer: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.CustomerOut | models.CustomerDryRun]:
        """Take a merge back.

        The tickets that the merge moved come back, and the other one loses the contacts that only this one had. Tickets
        that came since stay with the other one, and so does what was changed there. A chain of merges is taken back from
        its end.

        Scope: `customers:write`. Roles: admin, integration, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/customers/{customer}/unmerge",
                path=(customer,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Agents(Resource):
    """People who take work: where they stand, what they hold, what they may take."""

    def list(
        self,
        *,
        presence: Sequence[models.Presence] | None = None,
        team: Sequence[str] | None = None,
        skill: Sequence[str] | None = None,
        has_room: bool | None = None,
        id: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["created_at", "-created_at", "name", "-name", "load", "-load", "capacity", "-capacity"] | None = None,
    ) -> Answer[models.AgentPage]:
        """List agents.

        With what they hold now; by default in the order in which they joined.

        Scope: `agents:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/agents",
                query={
                    "presence": presence,
                    "team": team,
                    "skill": skill,
                    "has_room": has_room,
                    "id": id,
                    "limit": limit,
                    "cursor": cursor,
                    "sort": sort,
                },
            )
        )

    def iterate(
        self,
        *,
        presence: Sequence[models.Presence] | None = None,
        team: Sequence[str] | None = None,
        skill: Sequence[str] | None = None,
        has_room: bool | None = None,
        id: Sequence[str] | None = None,
        limit: int | None = None,
        sort: Literal["created_at", "-created_at", "name", "-name", "load", "-load", "capacity", "-capacity"] | None = None,
    ) -> Pages[models.AgentOut]:
        """List agents.

        With what they hold now; by default in the order in which they joined.

        Scope: `agents:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(
            self._send,
            Call(
                "GET",
                "/v1/agents",
                query={
                    "presence": presence,
                    "team": team,
                    "skill": skill,
                    "has_room": has_room,
                    "id": id,
                    "limit": limit,
                    "sort": sort,
                },
            ),
        )

    @overload
    def create(
        self, body: models.Agent, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.AgentOut]: ...
    @overload
    def create(
        self, body: models.Agent, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.AgentDryRun]: ...
    @overload
    def create(
        self, body: models.Agent, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.AgentOut | models.AgentDryRun]: ...
    def create(
        self, body: models.Agent, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.AgentOut | models.AgentDryRun]:
        """Create an agent.

        The body is the object as a configuration document has it.

        Scope: `agents:write`. Roles: admin, supervisor.
        """
        return self._send(Call("POST", "/v1/agents", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(
        self,
        *,
        presence: Sequence[models.Presence] | None = None,
        team: Sequence[str] | None = None,
        skill: Sequence[str] | None = None,
        has_room: bool | None = None,
        id: Sequence[str] | None = None,
    ) -> Answer[models.Count]:
        """Count agents.

        The filters of the list; exact up to 10,000.

        Scope: `agents:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/agents/count",
                query={"presence": presence, "team": team, "skill": skill, "has_room": has_room, "id": id},
            )
        )

    def search(self, body: models.AgentSearch) -> Answer[models.AgentPage]:
        """Search agents.

        By external ids and names, which may be personal and so stand in no address. A read: it takes no key.

        Scope: `agents:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("POST", "/v1/agents/search", body=body))

    @overload
    def get(
        self, agent: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.AgentOut]: ...
    @overload
    def get(self, agent: str, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.AgentForm]: ...
    def get(
        self, agent: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.AgentOut | models.AgentForm]:
        """Read an agent.

        By id, name or ext:<external_id>.

        Scope: `agents:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/agents/{agent}", path=(agent,), query={"format": format}, unless_version=unless_version)
        )

    @overload
    def replace(
        self, agent: str, body: models.Agent, *, dry_run: Literal[False] = False, version: int | None = None, create: bool = False
    ) -> Answer[models.AgentOut]: ...
    @overload
    def replace(
        self, agent: str, body: models.Agent, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.AgentDryRun]: ...
    @overload
    def replace(
        self, agent: str, body: models.Agent, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.AgentOut | models.AgentDryRun]: ...
    def replace(
        self, agent: str, body: models.Agent, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.AgentOut | models.AgentDryRun]:
        """Create or replace an agent.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `agents:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call(
                "PUT", "/v1/agents/{agent}", path=(agent,), query={"dry_run": dry_run}, body=body, version=version, create=create
            )
        )

    @overload
    def update(
        self,
        agent: str,
        body: models.AgentPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.AgentOut]: ...
    @overload
    def update(
        self,
        agent: str,
        body: models.AgentPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.AgentDryRun]: ...
    @overload
    def update(
        self,
        agent: str,
        body: models.AgentPatch,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.AgentOut | models.AgentDryRun]: ...
    def update(
        self,
        agent: str,
        body: models.AgentPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.AgentOut | models.AgentDryRun]:
        """Change an agent.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `agents:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/agents/{agent}",
                path=(agent,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(
        self, agent: str, *, dry_run: Literal[False] = False, version: int | None = None
    ) -> Answer[models.AgentDeleted]: ...
    @overload
    def delete(self, agent: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.AgentDeletedDryRun]: ...
    @overload
    def delete(
        self, agent: str, *, dry_run: bool, version: int | None = None
    ) -> Answer[models.AgentDeleted | models.AgentDeletedDryRun]: ...
    def delete(
        self, agent: str, *, dry_run: bool = False, version: int | None = None
    ) -> Answer[models.AgentDeleted | models.AgentDeletedDryRun]:
        """Delete an agent.

        Open work goes back to its queues and is decided about at once.

        Scope: `agents:write`. Roles: admin, supervisor.
        """
        return self._send(Call("DELETE", "/v1/agents/{agent}", path=(agent,), query={"dry_run": dry_run}, version=version))

    def set_presence(self, agent: str, body: models.PresenceIn, *, idempotency_key: str | None = None) -> Answer[models.AgentOut]:
        """Set an agent's presence.

        available takes what waits at once. Whoever goes keeps their tickets and is no longer asked about others.

        Scope: `agents:write`. Roles: admin, agent, supervisor.
        """
        return self._send(Call("POST", "/v1/agents/{agent}/presence", path=(agent,), body=body, key=idempotency_key, keyed=True))

    @overload
    def release(
        self,
        agent: str,
        body: models.ReleaseIn | None = None,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ReleasedOut]: ...
    @overload
    def release(
        self,
        agent: str,
        body: models.ReleaseIn | None = None,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ReleasedDryRun]: ...
    @overload
    def release(
        self,
        agent: str,
        body: models.ReleaseIn | None = None,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ReleasedOut | models.ReleasedDryRun]: ...
    def release(
        self,
        agent: str,
        body: models.ReleaseIn | None = None,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ReleasedOut | models.ReleasedDryRun]:
        """Move all work of an agent.

        For somebody who fell ill: all that the agent owns, pending work too, in one transaction. Each ticket goes back to
        its own queue and is routed, or to the queue or team named, or to the agent named as long as they have room, the
        rest to its queues. The agent is not given it again by routing. Says what went where. Send presence offline, or an
        agent who is available takes other work.

        Scope: `agents:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/agents/{agent}/release",
                path=(agent,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Configuration(Resource):
    """Teams, skills, queues, policies, rules and agents as one document, checked and applied as a whole."""

    @overload
    def get(
        self, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationInForce]: ...
    @overload
    def get(self, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.DocumentForm]: ...
    def get(
        self, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationInForce | models.DocumentForm]:
        """Read the configuration.

        The whole that is in force, agents among it. format=document gives what PUT takes back as it is.

        Scope: `configuration:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/configuration", query={"format": format}, unless_version=unless_version))

    @overload
    def apply(
        self,
        body: models.ConfigurationDocument,
        *,
        prune: bool | None = None,
        dry_run: Literal[False] = False,
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.AppliedOut]: ...
    @overload
    def apply(
        self,
        body: models.ConfigurationDocument,
        *,
        prune: bool | None = None,
        dry_run: Literal[True],
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.WouldApplyOut]: ...
    @overload
    def apply(
        self,
        body: models.ConfigurationDocument,
        *,
        prune: bool | None = None,
        dry_run: bool,
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.AppliedOut | models.WouldApplyOut]: ...
    def apply(
        self,
        body: models.ConfigurationDocument,
        *,
        prune: bool | None = None,
        dry_run: bool = False,
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.AppliedOut | models.WouldApplyOut]:
        """Apply a configuration.

        Checked and put in force as a whole. What it does not name stays, unless prune. dry_run shows the changes.

        Scope: `configuration:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PUT", "/v1/configuration", query={"prune": prune, "dry_run": dry_run}, body=body, version=version, create=create
            )
        )

    def list_versions(self, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.VersionPage]:
        """List versions of the configuration.

        The last first: who applied what, and what it changed.

        Scope: `configuration:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/configuration/versions", query={"limit": limit, "cursor": cursor}))

    def iterate_versions(self, *, limit: int | None = None) -> Pages[models.VersionEntry]:
        """List versions of the configuration.

        The last first: who applied what, and what it changed.

        Scope: `configuration:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/configuration/versions", query={"limit": limit}))

    @overload
    def get_version(
        self, version: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationInForce]: ...
    @overload
    def get_version(
        self, version: str, *, format: Literal["document"], unless_version: int | None = None
    ) -> Answer[models.DocumentForm]: ...
    def get_version(
        self, version: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationInForce | models.DocumentForm]:
        """Read a version of the configuration.

        What was in force then, with the agents as they are now. format=document gives what PUT /v1/configuration takes:
        with prune all but the agents is as it was then.

        Scope: `configuration:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/configuration/versions/{version}",
                path=(version,),
                query={"format": format},
                unless_version=unless_version,
            )
        )

    def try_(self, body: models.TrialIn) -> Answer[models.TrialOut]:
        """Try a configuration on tickets of the past.

        What each of the last tickets would get if it came in now as it came in then, under the configuration in force and
        under the changed one, and to whom it would go with the agents of this moment. Each ticket is looked at for itself.
        Checked as applying it would be; nothing is stored. One at a time in a workspace.

        Scope: `configuration:read`. Roles: admin, supervisor.
        """
        return self._send(Call("POST", "/v1/configuration/trial", body=body))


class Teams(Resource):
    """Groups of agents who may take the same tickets."""

    def list(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.TeamPage]:
        """List teams.

        A cursor holds until the configuration changes.

        Scope: `teams:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/teams", query={"q": q, "limit": limit, "cursor": cursor, "sort": sort}))

    def iterate(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.TeamOut]:
        """List teams.

        A cursor holds until the configuration changes.

        Scope: `teams:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/teams", query={"q": q, "limit": limit, "sort": sort}))

    @overload
    def create(
        self, body: models.Team, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut]: ...
    @overload
    def create(
        self, body: models.Team, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.TeamDryRun]: ...
    @overload
    def create(
        self, body: models.Team, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut | models.TeamDryRun]: ...
    def create(
        self, body: models.Team, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut | models.TeamDryRun]:
        """Create a team.

        The body is the object as a configuration document has it.

        Scope: `teams:write`. Roles: admin.
        """
        return self._send(Call("POST", "/v1/teams", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(self, *, q: str | None = None) -> Answer[models.Count]:
        """Count teams.

        The filters of the list.

        Scope: `teams:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/teams/count", query={"q": q}))

    @overload
    def get(self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None) -> Answer[models.TeamOut]: ...
    @overload
    def get(self, ref: str, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.TeamForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.TeamOut | models.TeamForm]:
        """Read a team.

        By id or name.

        Scope: `teams:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/teams/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version))

    @overload
    def replace(
        self, ref: str, body: models.Team, *, dry_run: Literal[False] = False, version: int | None = None, create: bool = False
    ) -> Answer[models.TeamOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.Team, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.TeamDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.Team, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.TeamOut | models.TeamDryRun]: ...
    def replace(
        self, ref: str, body: models.Team, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.TeamOut | models.TeamDryRun]:
        """Create or replace a team.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `teams:write`. Roles: admin.
        """
        return self._send(
            Call("PUT", "/v1/teams/{ref}", path=(ref,), query={"dry_run": dry_run}, body=body, version=version, create=create)
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.TeamPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TeamOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.TeamPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TeamDryRun]: ...
    @overload
    def update(
        self, ref: str, body: models.TeamPatch, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut | models.TeamDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.TeamPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.TeamOut | models.TeamDryRun]:
        """Change a team.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `teams:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/teams/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete a team.

        Refused while others use it; used_by lists them.

        Scope: `teams:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/teams/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of a team.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `teams:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/teams/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor}))

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of a team.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `teams:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/teams/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TeamDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut | models.TeamDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.TeamOut | models.TeamDryRun]:
        """Undo the last change of a team.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `teams:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/teams/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Skills(Resource):
    """What agents can do, at a level from 1 to 10."""

    def list(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.SkillPage]:
        """List skills.

        A cursor holds until the configuration changes.

        Scope: `skills:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/skills", query={"q": q, "limit": limit, "cursor": cursor, "sort": sort}))

    def iterate(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.ConfigurationSkillOut]:
        """List skills.

        A cursor holds until the configuration changes.

        Scope: `skills:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/skills", query={"q": q, "limit": limit, "sort": sort}))

    @overload
    def create(
        self, body: models.Skill, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut]: ...
    @overload
    def create(
        self, body: models.Skill, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.SkillDryRun]: ...
    @overload
    def create(
        self, body: models.Skill, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]: ...
    def create(
        self, body: models.Skill, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]:
        """Create a skill.

        The body is the object as a configuration document has it.

        Scope: `skills:write`. Roles: admin.
        """
        return self._send(Call("POST", "/v1/skills", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(self, *, q: str | None = None) -> Answer[models.Count]:
        """Count skills.

        The filters of the list.

        Scope: `skills:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/skills/count", query={"q": q}))

    @overload
    def get(
        self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationSkillOut]: ...
    @overload
    def get(self, ref: str, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.SkillForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillForm]:
        """Read a skill.

        By id or name.

        Scope: `skills:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/skills/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version))

    @overload
    def replace(
        self, ref: str, body: models.Skill, *, dry_run: Literal[False] = False, version: int | None = None, create: bool = False
    ) -> Answer[models.ConfigurationSkillOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.Skill, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.SkillDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.Skill, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]: ...
    def replace(
        self, ref: str, body: models.Skill, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]:
        """Create or replace a skill.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `skills:write`. Roles: admin.
        """
        return self._send(
            Call("PUT", "/v1/skills/{ref}", path=(ref,), query={"dry_run": dry_run}, body=body, version=version, create=create)
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.SkillPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ConfigurationSkillOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.SkillPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.SkillDryRun]: ...
    @overload
    def update(
        self, ref: str, body: models.SkillPatch, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.SkillPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]:
        """Change a skill.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `skills:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/skills/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete a skill.

        Refused while others use it; used_by lists them.

        Scope: `skills:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/skills/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of a skill.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `skills:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/skills/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor}))

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of a skill.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `skills:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/skills/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.SkillDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.ConfigurationSkillOut | models.SkillDryRun]:
        """Undo the last change of a skill.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `skills:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/skills/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Queues(Resource):
    """Where tickets wait, and by which policies they are given out."""

    def list(
        self,
        *,
        q: str | None = None,
        team: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.QueuePage]:
        """List queues.

        A cursor holds until the configuration changes.

        Scope: `queues:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/queues", query={"q": q, "team": team, "limit": limit, "cursor": cursor, "sort": sort}))

    def iterate(
        self,
        *,
        q: str | None = None,
        team: Sequence[str] | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.QueueOut]:
        """List queues.

        A cursor holds until the configuration changes.

        Scope: `queues:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/queues", query={"q": q, "team": team, "limit": limit, "sort": sort}))

    @overload
    def create(
        self, body: models.Queue, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut]: ...
    @overload
    def create(
        self, body: models.Queue, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.QueueDryRun]: ...
    @overload
    def create(
        self, body: models.Queue, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut | models.QueueDryRun]: ...
    def create(
        self, body: models.Queue, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut | models.QueueDryRun]:
        """Create a queue.

        The body is the object as a configuration document has it.

        Scope: `queues:write`. Roles: admin.
        """
        return self._send(Call("POST", "/v1/queues", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(self, *, q: str | None = None, team: Sequence[str] | None = None) -> Answer[models.Count]:
        """Count queues.

        The filters of the list.

        Scope: `queues:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/queues/count", query={"q": q, "team": team}))

    @overload
    def get(
        self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.QueueOut]: ...
    @overload
    def get(self, ref: str, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.QueueForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.QueueOut | models.QueueForm]:
        """Read a queue.

        By id or name.

        Scope: `queues:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/queues/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version))

    @overload
    def replace(
        self, ref: str, body: models.Queue, *, dry_run: Literal[False] = False, version: int | None = None, create: bool = False
    ) -> Answer[models.QueueOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.Queue, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.QueueDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.Queue, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.QueueOut | models.QueueDryRun]: ...
    def replace(
        self, ref: str, body: models.Queue, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.QueueOut | models.QueueDryRun]:
        """Create or replace a queue.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `queues:write`. Roles: admin.
        """
        return self._send(
            Call("PUT", "/v1/queues/{ref}", path=(ref,), query={"dry_run": dry_run}, body=body, version=version, create=create)
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.QueuePatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.QueueOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.QueuePatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.QueueDryRun]: ...
    @overload
    def update(
        self, ref: str, body: models.QueuePatch, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut | models.QueueDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.QueuePatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.QueueOut | models.QueueDryRun]:
        """Change a queue.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `queues:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/queues/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete a queue.

        Refused while others use it; used_by lists them.

        Scope: `queues:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/queues/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of a queue.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `queues:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/queues/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor}))

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of a queue.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `queues:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/queues/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.QueueDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut | models.QueueDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.QueueOut | models.QueueDryRun]:
        """Undo the last change of a queue.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `queues:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/queues/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def pause(
        self, queue: str, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut]: ...
    @overload
    def pause(
        self, queue: str, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.QueueStateDryRun]: ...
    @overload
    def pause(
        self, queue: str, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]: ...
    def pause(
        self, queue: str, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]:
        """Pause a queue.

        It takes tickets in, and routing gives none out; decisions say held: queue_paused. By hand, by transfer and by
        taking they go as before, offers that are open stand, promises run.

        Scope: `queues:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call("POST", "/v1/queues/{queue}/pause", path=(queue,), query={"dry_run": dry_run}, key=idempotency_key, keyed=True)
        )

    @overload
    def drain(
        self, queue: str, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut]: ...
    @overload
    def drain(
        self, queue: str, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.QueueStateDryRun]: ...
    @overload
    def drain(
        self, queue: str, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]: ...
    def drain(
        self, queue: str, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]:
        """Drain a queue.

        It gives out what it has. New tickets that a rule or a caller names it for go to the default queue; a transfer to it
        is 409 queue_draining. The default queue itself cannot be drained.

        Scope: `queues:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call("POST", "/v1/queues/{queue}/drain", path=(queue,), query={"dry_run": dry_run}, key=idempotency_key, keyed=True)
        )

    @overload
    def resume(
        self, queue: str, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut]: ...
    @overload
    def resume(
        self, queue: str, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.QueueStateDryRun]: ...
    @overload
    def resume(
        self, queue: str, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]: ...
    def resume(
        self, queue: str, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.QueueStateOut | models.QueueStateDryRun]:
        """Let a queue go on.

        After a pause what waits is given out at once; after draining it takes in.

        Scope: `queues:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call("POST", "/v1/queues/{queue}/resume", path=(queue,), query={"dry_run": dry_run}, key=idempotency_key, keyed=True)
        )

    @overload
    def take_next_ticket(
        self,
        queue: str,
        body: models.TakeIn | None = None,
        *,
        dry_run: Literal[False] = False,
        idempotency_key: str | None = None,
    ) -> Answer[models.TakenOut]: ...
    @overload
    def take_next_ticket(
        self, queue: str, body: models.TakeIn | None = None, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.TakenDryRun]: ...
    @overload
    def take_next_ticket(
        self, queue: str, body: models.TakeIn | None = None, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.TakenOut | models.TakenDryRun]: ...
    def take_next_ticket(
        self, queue: str, body: models.TakeIn | None = None, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.TakenOut | models.TakenDryRun]:
        """Take the next ticket of a queue.

        For an agent, or by a supervisor for agent_id: the first in the queue's order that the agent may take and has not
        declined, in a paused queue too. ticket is null where there is none. Send an Idempotency-Key: a repeat without one
        takes another ticket. A turn is not moved.

        Scope: `tickets:write`. Roles: admin, agent, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/queues/{queue}/take",
                path=(queue,),
                query={"dry_run": dry_run},
                body=body,
                key=idempotency_key,
                keyed=True,
            )
        )


class RoutingPolicies(Resource):
    """How a queue chooses a ticket and an agent."""

    def list(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.RoutingPolicyPage]:
        """List routing policies.

        A cursor holds until the configuration changes.

        Scope: `routing_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/routing-policies", query={"q": q, "limit": limit, "cursor": cursor, "sort": sort}))

    def iterate(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.RoutingPolicyOut]:
        """List routing policies.

        A cursor holds until the configuration changes.

        Scope: `routing_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/routing-policies", query={"q": q, "limit": limit, "sort": sort}))

    @overload
    def create(
        self, body: models.RoutingPolicy, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut]: ...
    @overload
    def create(
        self, body: models.RoutingPolicy, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyDryRun]: ...
    @overload
    def create(
        self, body: models.RoutingPolicy, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]: ...
    def create(
        self, body: models.RoutingPolicy, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]:
        """Create a routing policy.

        The body is the object as a configuration document has it.

        Scope: `routing_policies:write`. Roles: admin.
        """
        return self._send(
            Call("POST", "/v1/routing-policies", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True)
        )

    def count(self, *, q: str | None = None) -> Answer[models.Count]:
        """Count routing policies.

        The filters of the list.

        Scope: `routing_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/routing-policies/count", query={"q": q}))

    @overload
    def get(
        self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.RoutingPolicyOut]: ...
    @overload
    def get(
        self, ref: str, *, format: Literal["document"], unless_version: int | None = None
    ) -> Answer[models.RoutingPolicyForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyForm]:
        """Read a routing policy.

        By id or name.

        Scope: `routing_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/routing-policies/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version)
        )

    @overload
    def replace(
        self,
        ref: str,
        body: models.RoutingPolicy,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.RoutingPolicyOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.RoutingPolicy, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.RoutingPolicyDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.RoutingPolicy, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]: ...
    def replace(
        self, ref: str, body: models.RoutingPolicy, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]:
        """Create or replace a routing policy.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `routing_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PUT",
                "/v1/routing-policies/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                create=create,
            )
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.RoutingPolicyPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RoutingPolicyOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.RoutingPolicyPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RoutingPolicyDryRun]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.RoutingPolicyPatch,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.RoutingPolicyPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]:
        """Change a routing policy.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `routing_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/routing-policies/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete a routing policy.

        Refused while others use it; used_by lists them.

        Scope: `routing_policies:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/routing-policies/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of a routing policy.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `routing_policies:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/routing-policies/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor})
        )

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of a routing policy.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `routing_policies:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/routing-policies/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RoutingPolicyOut | models.RoutingPolicyDryRun]:
        """Undo the last change of a routing policy.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `routing_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/routing-policies/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Rules(Resource):
    """What sets queue, priority and skills when a ticket comes in."""

    def list(
        self,
        *,
        q: str | None = None,
        enabled: bool | None = None,
        queue: Sequence[str] | None = None,
        team: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.RulePage]:
        """List rules.

        A cursor holds until the configuration changes.

        Scope: `rules:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(
            Call(
                "GET",
                "/v1/rules",
                query={"q": q, "enabled": enabled, "queue": queue, "team": team, "limit": limit, "cursor": cursor, "sort": sort},
            )
        )

    def iterate(
        self,
        *,
        q: str | None = None,
        enabled: bool | None = None,
        queue: Sequence[str] | None = None,
        team: Sequence[str] | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.RuleOut]:
        """List rules.

        A cursor holds until the configuration changes.

        Scope: `rules:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(
            self._send,
            Call(
                "GET", "/v1/rules", query={"q": q, "enabled": enabled, "queue": queue, "team": team, "limit": limit, "sort": sort}
            ),
        )

    @overload
    def create(
        self, body: models.RuleIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut]: ...
    @overload
    def create(
        self, body: models.RuleIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.RuleDryRun]: ...
    @overload
    def create(
        self, body: models.RuleIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]: ...
    def create(
        self, body: models.RuleIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]:
        """Create a rule.

        The body is the object as a configuration document has it. position, before or after say where it stands; last if
        nothing is said.

        Scope: `rules:write`. Roles: admin.
        """
        return self._send(Call("POST", "/v1/rules", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def count(
        self,
        *,
        q: str | None = None,
        enabled: bool | None = None,
        queue: Sequence[str] | None = None,
        team: Sequence[str] | None = None,
    ) -> Answer[models.Count]:
        """Count rules.

        The filters of the list.

        Scope: `rules:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/rules/count", query={"q": q, "enabled": enabled, "queue": queue, "team": team}))

    @overload
    def get(self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None) -> Answer[models.RuleOut]: ...
    @overload
    def get(self, ref: str, *, format: Literal["document"], unless_version: int | None = None) -> Answer[models.RuleForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.RuleOut | models.RuleForm]:
        """Read a rule.

        By id or name.

        Scope: `rules:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/rules/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version))

    @overload
    def replace(
        self, ref: str, body: models.Rule, *, dry_run: Literal[False] = False, version: int | None = None, create: bool = False
    ) -> Answer[models.RuleOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.Rule, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.RuleDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.Rule, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.RuleOut | models.RuleDryRun]: ...
    def replace(
        self, ref: str, body: models.Rule, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.RuleOut | models.RuleDryRun]:
        """Create or replace a rule.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `rules:write`. Roles: admin.
        """
        return self._send(
            Call("PUT", "/v1/rules/{ref}", path=(ref,), query={"dry_run": dry_run}, body=body, version=version, create=create)
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.RulePatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.RulePatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleDryRun]: ...
    @overload
    def update(
        self, ref: str, body: models.RulePatch, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.RulePatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleOut | models.RuleDryRun]:
        """Change a rule.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands. A supervisor may change enabled only.

        Scope: `rules:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/rules/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete a rule.

        Refused while others use it; used_by lists them.

        Scope: `rules:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/rules/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    @overload
    def move(
        self,
        ref: str,
        body: models.Place,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleOut]: ...
    @overload
    def move(
        self,
        ref: str,
        body: models.Place,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleDryRun]: ...
    @overload
    def move(
        self, ref: str, body: models.Place, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]: ...
    def move(
        self,
        ref: str,
        body: models.Place,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.RuleOut | models.RuleDryRun]:
        """Move a rule.

        To a position, before or after another rule. Its own version stays: the order is the configuration's.

        Scope: `rules:write`. Roles: admin, supervisor.
        """
        return self._send(
            Call(
                "POST",
                "/v1/rules/{ref}/move",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    def get_hits(
        self, ref: str, *, from_: str | datetime | None = None, to: str | datetime | None = None
    ) -> Answer[models.RuleHits]:
        """Count a rule's hits.

        How many of the tickets that came in a time it matched, as the log has it; by default the last 30 days.

        Scope: `rules:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/rules/{ref}/hits", path=(ref,), query={"from": from_, "to": to}))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of a rule.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `rules:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/rules/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor}))

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of a rule.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `rules:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/rules/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.RuleOut | models.RuleDryRun]:
        """Undo the last change of a rule.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `rules:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/rules/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class SlaPolicies(Resource):
    """What is promised per priority, and what happens when it is not kept."""

    def list(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Answer[models.SlaPolicyPage]:
        """List SLA policies.

        A cursor holds until the configuration changes.

        Scope: `sla_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/sla-policies", query={"q": q, "limit": limit, "cursor": cursor, "sort": sort}))

    def iterate(
        self,
        *,
        q: str | None = None,
        limit: int | None = None,
        sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] | None = None,
    ) -> Pages[models.SlaPolicyOut]:
        """List SLA policies.

        A cursor holds until the configuration changes.

        Scope: `sla_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/sla-policies", query={"q": q, "limit": limit, "sort": sort}))

    @overload
    def create(
        self, body: models.SlaPolicy, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut]: ...
    @overload
    def create(
        self, body: models.SlaPolicy, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyDryRun]: ...
    @overload
    def create(
        self, body: models.SlaPolicy, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]: ...
    def create(
        self, body: models.SlaPolicy, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]:
        """Create an SLA policy.

        The body is the object as a configuration document has it.

        Scope: `sla_policies:write`. Roles: admin.
        """
        return self._send(
            Call("POST", "/v1/sla-policies", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True)
        )

    def count(self, *, q: str | None = None) -> Answer[models.Count]:
        """Count SLA policies.

        The filters of the list.

        Scope: `sla_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/sla-policies/count", query={"q": q}))

    @overload
    def get(
        self, ref: str, *, format: Literal["full"] = "full", unless_version: int | None = None
    ) -> Answer[models.SlaPolicyOut]: ...
    @overload
    def get(
        self, ref: str, *, format: Literal["document"], unless_version: int | None = None
    ) -> Answer[models.SlaPolicyForm]: ...
    def get(
        self, ref: str, *, format: Literal["full"] | Literal["document"] = "full", unless_version: int | None = None
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyForm]:
        """Read an SLA policy.

        By id or name.

        Scope: `sla_policies:read`. Roles: admin, agent, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/sla-policies/{ref}", path=(ref,), query={"format": format}, unless_version=unless_version)
        )

    @overload
    def replace(
        self,
        ref: str,
        body: models.SlaPolicy,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        create: bool = False,
    ) -> Answer[models.SlaPolicyOut]: ...
    @overload
    def replace(
        self, ref: str, body: models.SlaPolicy, *, dry_run: Literal[True], version: int | None = None, create: bool = False
    ) -> Answer[models.SlaPolicyDryRun]: ...
    @overload
    def replace(
        self, ref: str, body: models.SlaPolicy, *, dry_run: bool, version: int | None = None, create: bool = False
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]: ...
    def replace(
        self, ref: str, body: models.SlaPolicy, *, dry_run: bool = False, version: int | None = None, create: bool = False
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]:
        """Create or replace an SLA policy.

        With If-None-Match: * it is created under the name in the address, with If-Match replaced: what the body leaves out
        is a default again.

        Scope: `sla_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PUT",
                "/v1/sla-policies/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                create=create,
            )
        )

    @overload
    def update(
        self,
        ref: str,
        body: models.SlaPolicyPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.SlaPolicyOut]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.SlaPolicyPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.SlaPolicyDryRun]: ...
    @overload
    def update(
        self,
        ref: str,
        body: models.SlaPolicyPatch,
        *,
        dry_run: bool,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]: ...
    def update(
        self,
        ref: str,
        body: models.SlaPolicyPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]:
        """Change an SLA policy.

        A JSON merge patch: what is left out stays, null is the default again, lists are replaced. Another name is taken
        over wherever the old one stands.

        Scope: `sla_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/sla-policies/{ref}",
                path=(ref,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def delete(self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None) -> Answer[None]: ...
    @overload
    def delete(self, ref: str, *, dry_run: Literal[True], version: int | None = None) -> Answer[models.Would]: ...
    @overload
    def delete(self, ref: str, *, dry_run: bool, version: int | None = None) -> Answer[None | models.Would]: ...
    def delete(self, ref: str, *, dry_run: bool = False, version: int | None = None) -> Answer[None | models.Would]:
        """Delete an SLA policy.

        Refused while others use it; used_by lists them.

        Scope: `sla_policies:write`. Roles: admin.
        """
        return self._send(Call("DELETE", "/v1/sla-policies/{ref}", path=(ref,), query={"dry_run": dry_run}, version=version))

    def list_history(self, ref: str, *, limit: int | None = None, cursor: str | None = None) -> Answer[models.HistoryPage]:
        """List the changes of an SLA policy.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `sla_policies:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/sla-policies/{ref}/history", path=(ref,), query={"limit": limit, "cursor": cursor}))

    def iterate_history(self, ref: str, *, limit: int | None = None) -> Pages[models.HistoryEntry]:
        """List the changes of an SLA policy.

        The last first, with fields before and after; by id also of one that is no longer there.

        Scope: `sla_policies:read`. Roles: admin, read_only, supervisor.
        """
        return Pages(self._send, Call("GET", "/v1/sla-policies/{ref}/history", path=(ref,), query={"limit": limit}))

    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyDryRun]: ...
    @overload
    def undo(
        self, ref: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]: ...
    def undo(
        self, ref: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.SlaPolicyOut | models.SlaPolicyDryRun]:
        """Undo the last change of an SLA policy.

        Back to what it was before, as a new version; one that was deleted comes back under its id. A second undo takes back
        the first.

        Scope: `sla_policies:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/sla-policies/{ref}/undo",
                path=(ref,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )


class Workspace(Resource):
    """The stop switch, and what is paused."""

    @overload
    def pause(self, *, dry_run: Literal[False] = False, idempotency_key: str | None = None) -> Answer[models.StopSwitchOut]: ...
    @overload
    def pause(self, *, dry_run: Literal[True], idempotency_key: str | None = None) -> Answer[models.StopSwitchDryRun]: ...
    @overload
    def pause(
        self, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.StopSwitchOut | models.StopSwitchDryRun]: ...
    def pause(
        self, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.StopSwitchOut | models.StopSwitchDryRun]:
        """Stop all routing.

        The stop switch: tickets are taken in and wait, decisions say held: workspace_paused. By hand, by transfer and by
        taking they go as before, offers that are open stand, promises run.

        Scope: `workspace:write`. Roles: admin, supervisor.
        """
        return self._send(Call("POST", "/v1/workspace/pause", query={"dry_run": dry_run}, key=idempotency_key, keyed=True))

    @overload
    def resume(self, *, dry_run: Literal[False] = False, idempotency_key: str | None = None) -> Answer[models.StopSwitchOut]: ...
    @overload
    def resume(self, *, dry_run: Literal[True], idempotency_key: str | None = None) -> Answer[models.StopSwitchDryRun]: ...
    @overload
    def resume(
        self, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.StopSwitchOut | models.StopSwitchDryRun]: ...
    def resume(
        self, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.StopSwitchOut | models.StopSwitchDryRun]:
        """Let routing go on.

        What waits is given out at once, but for queues that are paused themselves.

        Scope: `workspace:write`. Roles: admin, supervisor.
        """
        return self._send(Call("POST", "/v1/workspace/resume", query={"dry_run": dry_run}, key=idempotency_key, keyed=True))

    def get(self) -> Answer[models.WorkspaceOut]:
        """Read what is paused.

        The stop switch, and every queue's state.

        Scope: `workspace:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/workspace"))


class Events(Resource):
    """Everything that happened, in order, without a gap."""

    def list(
        self,
        *,
        after: int | None = None,
        epoch: int | None = None,
        type: Sequence[str] | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> Answer[models.EventPage]:
        """Follow the log.

        Read a list, take its Giliran-Seq as `after`, and miss nothing. With `wait` the answer comes with the first event.

        Scope: `events:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(
            Call("GET", "/v1/events", query={"after": after, "epoch": epoch, "type": type, "limit": limit, "wait": wait})
        )

    def follow(
        self,
        *,
        after: int | None = None,
        epoch: int | None = None,
        type: Sequence[str] | None = None,
        limit: int | None = None,
        wait: int = 25,
    ) -> Feed[models.EventOut]:
        """Follow the log.

        Read a list, take its Giliran-Seq as `after`, and miss nothing. With `wait` the answer comes with the first event.

        Scope: `events:read`. Roles: admin, read_only, supervisor.
        """
        return Feed(
            self._send,
            Call("GET", "/v1/events", query={"after": after, "epoch": epoch, "type": type, "limit": limit, "wait": wait}),
        )


class Reports(Resource):
    """How the work was shared and whether promises were kept."""

    def queues(self, *, from_: str | datetime | None = None, to: str | datetime | None = None) -> Answer[models.QueuesReport]:
        """Report queues and promises.

        What became of the tickets that came in a time: waits, escalations, and promises kept and broken.

        Scope: `reports:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/reports/queues", query={"from": from_, "to": to}))

    def turns(self) -> Answer[models.TurnsReport]:
        """Report turns.

        How many tickets each agent of a queue got by turn, and how far apart they are.

        Scope: `reports:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/reports/turns"))


class Keys(Resource):
    """Who may call for this workspace, and what they may do."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        role: Sequence[models.Role] | None = None,
        kind: Sequence[models.KeyKind] | None = None,
    ) -> Answer[models.KeyPage]:
        """List keys.

        In the order in which they were made, revoked and ended ones too. None can be shown again.

        Scope: `keys:read`. Roles: admin.
        """
        return self._send(Call("GET", "/v1/keys", query={"limit": limit, "cursor": cursor, "role": role, "kind": kind}))

    def iterate(
        self, *, limit: int | None = None, role: Sequence[models.Role] | None = None, kind: Sequence[models.KeyKind] | None = None
    ) -> Pages[models.KeyOut]:
        """List keys.

        In the order in which they were made, revoked and ended ones too. None can be shown again.

        Scope: `keys:read`. Roles: admin.
        """
        return Pages(self._send, Call("GET", "/v1/keys", query={"limit": limit, "role": role, "kind": kind}))

    @overload
    def create(
        self, body: models.KeyIn, *, dry_run: Literal[False] = False, idempotency_key: str | None = None
    ) -> Answer[models.KeyWithSecret]: ...
    @overload
    def create(
        self, body: models.KeyIn, *, dry_run: Literal[True], idempotency_key: str | None = None
    ) -> Answer[models.KeyDryRun]: ...
    @overload
    def create(
        self, body: models.KeyIn, *, dry_run: bool, idempotency_key: str | None = None
    ) -> Answer[models.KeyWithSecret | models.KeyDryRun]: ...
    def create(
        self, body: models.KeyIn, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Answer[models.KeyWithSecret | models.KeyDryRun]:
        """Make a key.

        `secret` is the key itself and is shown this once: only a hash is stored. A repeat under the same Idempotency-Key
        makes no second key and gets this answer with `secret` null. Nobody makes a key that may do more, or lives longer,
        than their own.

        Scope: `keys:write`. Roles: admin.
        """
        return self._send(Call("POST", "/v1/keys", query={"dry_run": dry_run}, body=body, key=idempotency_key, keyed=True))

    def get(self, key: str, *, unless_version: int | None = None) -> Answer[models.KeyOut]:
        """Read a key.

        Everything but what opens.

        Scope: `keys:read`. Roles: admin.
        """
        return self._send(Call("GET", "/v1/keys/{key}", path=(key,), unless_version=unless_version))

    @overload
    def update(
        self,
        key: str,
        body: models.KeyPatch,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyOut]: ...
    @overload
    def update(
        self,
        key: str,
        body: models.KeyPatch,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyDryRun]: ...
    @overload
    def update(
        self, key: str, body: models.KeyPatch, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyOut | models.KeyDryRun]: ...
    def update(
        self,
        key: str,
        body: models.KeyPatch,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyOut | models.KeyDryRun]:
        """Change a key.

        A JSON merge patch of name, scopes, end and rate. In force on every process within a second.

        Scope: `keys:write`. Roles: admin.
        """
        return self._send(
            Call(
                "PATCH",
                "/v1/keys/{key}",
                path=(key,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def rotate(
        self,
        key: str,
        body: models.RotateIn,
        *,
        dry_run: Literal[False] = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyWithSecret]: ...
    @overload
    def rotate(
        self,
        key: str,
        body: models.RotateIn,
        *,
        dry_run: Literal[True],
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyDryRun]: ...
    @overload
    def rotate(
        self, key: str, body: models.RotateIn, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyWithSecret | models.KeyDryRun]: ...
    def rotate(
        self,
        key: str,
        body: models.RotateIn,
        *,
        dry_run: bool = False,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer[models.KeyWithSecret | models.KeyDryRun]:
        """Give a key another secret.

        The present secret stays right for overlap_seconds, so that whoever uses it has time to change; one from an earlier
        rotation ends now. `secret` is shown this once: a repeat under the same Idempotency-Key rotates nothing and gets it
        as null.

        Scope: `keys:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/keys/{key}/rotate",
                path=(key,),
                query={"dry_run": dry_run},
                body=body,
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    @overload
    def revoke(
        self, key: str, *, dry_run: Literal[False] = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyOut]: ...
    @overload
    def revoke(
        self, key: str, *, dry_run: Literal[True], version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyDryRun]: ...
    @overload
    def revoke(
        self, key: str, *, dry_run: bool, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyOut | models.KeyDryRun]: ...
    def revoke(
        self, key: str, *, dry_run: bool = False, version: int | None = None, idempotency_key: str | None = None
    ) -> Answer[models.KeyOut | models.KeyDryRun]:
        """Revoke a key.

        Refused on every process within a second, and for good. The last key of the role admin stays.

        Scope: `keys:write`. Roles: admin.
        """
        return self._send(
            Call(
                "POST",
                "/v1/keys/{key}/revoke",
                path=(key,),
                query={"dry_run": dry_run},
                version=version,
                key=idempotency_key,
                keyed=True,
            )
        )

    def create_session(self, body: models.SessionIn) -> Answer[models.KeyWithSecret]:
        """Begin a session.

        Needs no key but the code that `giliran login-link` printed: good for ten minutes and once, so there is no
        Idempotency-Key; whoever lost the answer asks for another code. `secret` is a key that ends after twelve hours.
        """
        return self._send(Call("POST", "/v1/sessions", body=body))


class Audit(Resource):
    """Who changed configuration, keys and what else is no ticket, from where, and what was refused to whom."""

    def list_entries(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        actor_id: str | None = None,
        subject_id: str | None = None,
        operation: str | None = None,
        outcome: models.AuditOutcome | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
    ) -> Answer[models.AuditPage]:
        """List the audit.

        Changes of configuration, agents, keys and a sandbox's clock, sign-ins, and attempts at what only administrators do;
        the newest first. Work on tickets is in the event log. Entries are kept for GILIRAN_AUDIT_DAYS.

        Scope: `audit:read`. Roles: admin.
        """
        return self._send(
            Call(
                "GET",
                "/v1/audit",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "actor_id": actor_id,
                    "subject_id": subject_id,
                    "operation": operation,
                    "outcome": outcome,
                    "created_after": created_after,
                    "created_before": created_before,
                },
            )
        )

    def iterate_entries(
        self,
        *,
        limit: int | None = None,
        actor_id: str | None = None,
        subject_id: str | None = None,
        operation: str | None = None,
        outcome: models.AuditOutcome | None = None,
        created_after: str | datetime | None = None,
        created_before: str | datetime | None = None,
    ) -> Pages[models.AuditEntryOut]:
        """List the audit.

        Changes of configuration, agents, keys and a sandbox's clock, sign-ins, and attempts at what only administrators do;
        the newest first. Work on tickets is in the event log. Entries are kept for GILIRAN_AUDIT_DAYS.

        Scope: `audit:read`. Roles: admin.
        """
        return Pages(
            self._send,
            Call(
                "GET",
                "/v1/audit",
                query={
                    "limit": limit,
                    "actor_id": actor_id,
                    "subject_id": subject_id,
                    "operation": operation,
                    "outcome": outcome,
                    "created_after": created_after,
                    "created_before": created_before,
                },
            ),
        )

    def get_entry(self, entry: str) -> Answer[models.AuditEntryOut]:
        """Read an entry of the audit.

        As it was written: nothing in the audit is ever changed.

        Scope: `audit:read`. Roles: admin.
        """
        return self._send(Call("GET", "/v1/audit/{entry}", path=(entry,)))


class Sandbox(Resource):
    """A workspace whose clock can be moved on, so that hours are tested in a second."""

    def get_clock(self) -> Answer[models.ClockOut]:
        """Read the sandbox's clock.

        Only a sandbox has a clock of its own.

        Scope: `sandbox:read`. Roles: admin, read_only, supervisor.
        """
        return self._send(Call("GET", "/v1/sandbox/clock"))

    def advance_clock(self, body: models.AdvanceIn, *, idempotency_key: str | None = None) -> Answer[models.AdvancedOut]:
        """Move the sandbox's clock on.

        Everything that falls due on the way happens at its own time: warnings, breaches, escalations, offers that lapse.

        Scope: `sandbox:write`. Roles: admin, supervisor.
        """
        return self._send(Call("POST", "/v1/sandbox/clock/advance", body=body, key=idempotency_key, keyed=True))


class Api(Resources):
    """Every resource by its name."""

    def _open(self) -> None:
        self.tickets = Tickets(self._send)
        self.decisions = Decisions(self._send)
        self.offers = Offers(self._send)
        self.me = Me(self._send)
        self.customers = Customers(self._send)
        self.agents = Agents(self._send)
        self.configuration = Configuration(self._send)
        self.teams = Teams(self._send)
        self.skills = Skills(self._send)
        self.queues = Queues(self._send)
        self.routing_policies = RoutingPolicies(self._send)
        self.rules = Rules(self._send)
        self.sla_policies = SlaPolicies(self._send)
        self.workspace = Workspace(self._send)
        self.events = Events(self._send)
        self.reports = Reports(self._send)
        self.keys = Keys(self._send)
        self.audit = Audit(self._send)
        self.sandbox = Sandbox(self._send)
