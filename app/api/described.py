"""The words of the description that belong to no single operation."""

from typing import Any

from app.api.problem_codes import CODES

DESCRIPTION = """\
Giliran decides who handles each ticket, lead, chat or call, says why, and watches the promised time until it is kept.

**Keys.** `Authorization: Bearer glr_live_…`; the key says which workspace is meant and what may be done there.

**Writing.** A 2xx means committed. `Idempotency-Key` makes a repeat safe; `If-Match` refuses a change of something that has
changed since you read it; `?dry_run=true` shows what would happen. `Giliran-Configuration-Version` names the version of the
configuration that a change of one of its objects made.

**Reading.** Lists come in pages: follow `next_cursor`. `Giliran-Seq` names the last event an answer includes; follow
`/v1/events` after it and miss nothing.

**No.** Every refusal is `application/problem+json` with a `code` that never changes, explained at `/problems/<code>`, and for
bodies a JSON pointer per mistake. Texts follow `Accept-Language` (en, id).

**Growth.** New fields, enum values, event types and operations may come at any time; ignore what you do not know.
"""

TAGS = {
    "tickets": "Work that comes in: submitted, decided at once, worked on, resolved.",
    "customers": "Who asks: contacts, tier, language, and who turned out to be the same person.",
    "decisions": "Why a ticket went to whom it went, or waits.",
    "offers": "A ticket that an agent is asked to take.",
    "me": "What an agent's own screen needs.",
    "agents": "People who take work: where they stand, what they hold, what they may take.",
    "configuration": "Teams, skills, queues, policies, rules and agents as one document, checked and applied as a whole.",
    "teams": "Groups of agents who may take the same tickets.",
    "skills": "What agents can do, at a level from 1 to 10.",
    "queues": "Where tickets wait, and by which policies they are given out.",
    "workspace": "The stop switch, and what is paused.",
    "routing-policies": "How a queue chooses a ticket and an agent.",
    "sla-policies": "What is promised per priority, and what happens when it is not kept.",
    "rules": "What sets queue, priority and skills when a ticket comes in.",
    "events": "Everything that happened, in order, without a gap.",
    "reports": "How the work was shared and whether promises were kept.",
    "keys": "Who may call for this workspace, and what they may do.",
    "audit": "Who changed configuration, keys and what else is no ticket, from where, and what was refused to whom.",
    "sandbox": "A workspace whose clock can be moved on, so that hours are tested in a second.",
    "health": "Is it alive, may it be sent work, what does it measure.",
    "description": "This description, and what each problem means.",
}

HEADERS: dict[str, Any] = {
    "Request-Id": {
        "description": "Names this request in the log, in events and in problems.",
        "schema": {"type": "string", "examples": ["req_06h0p9hgb9rg9c9jl48k1tvdq0"]},
    },
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
    "RateLimit-Policy": {
        "description": "What the key may send: q requests in w seconds.",
        "schema": {"type": "string", "examples": ['"key";q=30000;w=10']},
    },
    "RateLimit": {
        "description": "What is left of it: r requests now, all of them again in t seconds.",
        "schema": {"type": "string", "examples": ['"key";r=29988;t=1']},
    },
    "Allow": {"description": "The methods this address takes.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer", "minimum": 1}},
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457). Further members say what is so now.",
    "required": ["type", "title", "status", "detail", "code", "request_id", "help"],
    "properties": {
        "type": {
            "type": "string",
            "description": "urn:giliran:problem:<code>.",
            "examples": ["urn:giliran:problem:invalid_body"],
        },
        "title": {
            "type": "string",
            "description": "What it is, in a few words.",
            "examples": [CODES["invalid_body"].title["en"]],
        },
        "status": {"type": "integer", "description": "The HTTP status again.", "examples": [422]},
        "detail": {
            "type": "string",
            "description": "One sentence a person can act on.",
            "examples": ["The body has one mistake; errors says where."],
        },
        "code": {"type": "string", "description": "Never changes; programs decide by it.", "examples": ["invalid_body"]},
        "request_id": {"type": "string", "description": "Tell us this one.", "examples": ["req_06h0p9hgb9rg9c9jl48k1tvdq0"]},
        "help": {"type": "string", "description": "Where the code is explained.", "examples": ["/problems/invalid_body"]},
        "errors": {
            "type": "array",
            "description": "Each mistake of the body, all of them at once.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, into what was sent.", "examples": ["/priority"]},
                    "code": {"type": "string", "description": "Never changes.", "examples": ["not_allowed"]},
                    "detail": {
                        "type": "string",
                        "description": "One sentence.",
                        "examples": ["Expected one of 'low' or 'high'."],
                    },
                    "allowed": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "What could stand there, where the list is closed.",
                        "examples": [["low", "high"]],
                    },
                },
            },
        },
    },
}
