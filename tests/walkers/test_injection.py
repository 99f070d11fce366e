"""Text from outside stays text: in statements, filters, logs and headers."""

import json
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest

from app.api import middleware
from app.api.refusals import Refusals
from tests.walkers.desks import Desk
from tests.walkers.document import BEHIND_A_KEY, BY_ID
from tests.walkers.judging import code_of, complaints
from tests.walkers.logbook import logbook
from tests.walkers.raw import asked

EVIL = 'a\r\nX-Evil: 1\x1b[31m\u2028\u0085"\'{"event":"forged"}'
NO_WORD_OF_OURS = "'; DROP TABLE tickets; --"


FOUND = {
    "100%_a\\b": ["100%_a\\b"], "%": ["100%_a\\b"], "_": ["100%_a\\b", "it's_'quoted'"], "\\": ["100%_a\\b"], "100%a": [],
    "%_": ["100%_a\\b"], "a & b": [], "a | b": [], "!a": [], "a <-> b": [], "a:*": ["a:* & !b"], "& !": ["a:* & !b"],
    "'": ["it's_'quoted'"], "''": [], "' OR '1'='1": [], NO_WORD_OF_OURS: [], "$1": [], ":q": [], "%s": [],
}  # fmt: skip


async def test_a_search_takes_every_sign_as_it_is(desk: Desk) -> None:
    for subject in ("100%_a\\b", "it's_'quoted'", "a:* & !b", "plain"):
        await desk.service.ticket(subject=subject)
    for q, found in FOUND.items():
        answer = await desk.send(BY_ID["list_tickets"], params={"q": q})
        assert complaints(BY_ID["list_tickets"], answer) == []
        assert sorted(one["subject"] for one in answer.json()["data"]) == sorted(found), q
        assert (await desk.send(BY_ID["count_tickets"], params={"q": q})).json()["count"] == len(found)


async def test_text_is_stored_and_given_back_as_it_was_sent(desk: Desk) -> None:
    """SQL, markup, templates, overrides, marks without end: nothing is read into it, nothing is taken out."""
    texts = ["'; DROP TABLE tickets; --", "<script>alert(1)</script>", "{{7*7}} ${7*7} {% x %} {0.__class__}", "\u202eevil\u200b\u2066",
             "e" + "\u0301" * 400, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "b\u0456lling", "=cmd|' /C calc'!A0", "../../etc/passwd"]  # fmt: skip
    for text in texts:
        made = await desk.service.ticket(
            subject=text,
            text=text + "\r\n\x1b[31m",
            category=text[:100],
            tags=[text[:100]],
            metadata={"a": text},
            attributes={"b": text},
        )
        read = await desk.service.get(f"/v1/tickets/{made['id']}")
        assert (read["subject"], read["text"], read["category"]) == (text, text + "\r\n\x1b[31m", text[:100])
        assert (read["tags"], read["metadata"], read["attributes"]) == ([text[:100]], {"a": text}, {"b": text})


TRIPPING = (
    ["__proto__"], ["constructor"], ["prototype"], ["$where"], [""], ["a b"], ["a\n"], ["\u00e9"], ["x" * 65], [f"n{n}" for n in range(51)],
    [f"n{n}" for n in range(4_000)], [f"n{n}" for n in range(10_000)],
)  # fmt: skip


async def test_names_that_others_would_trip_over(desk: Desk) -> None:
    for where, names in product(("attributes", "metadata"), TRIPPING):
        answer = await desk.send(BY_ID["create_ticket"], json={where: dict.fromkeys(names, "x")})
        assert complaints(BY_ID["create_ticket"], answer) == []
        assert (answer.status_code, code_of(answer)) == (422, "invalid_body"), (where, names[0])


async def test_free_data_is_bounded_in_all(desk: Desk) -> None:
    for size, status in ((4_000, 201), (8_300, 422)):
        body = {"attributes": {"a": "x" * size}, "metadata": {"b": "\u00e9" * (size // 2)}}
        answer = await desk.send(BY_ID["create_ticket"], json=body)
        assert answer.status_code == status


async def test_one_event_of_the_log_is_one_line_of_json(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in path, query, headers, key, external id and body: it is not there, or it is escaped."""
    key = await desk.service.key("admin")
    hostile = EVIL.encode("utf-8")
    monkeypatch.setattr(middleware, "REFUSALS", Refusals(whole=100_000))  # each refusal has a line of its own
    with logbook() as kept:
        for operation in BEHIND_A_KEY:
            address = operation.path.format_map(dict.fromkeys(operation.path_names, "ext:%0d%0a%1b%5b31mforged%e2%80%a8"))
            for authorization in (b"Bearer " + key.encode(), b"Bearer " + hostile, hostile):
                for name in (b"user-agent", b"x-request-id", b"traceparent", b"referer", b"idempotency-key", b"x-forwarded-for"):
                    headers = [(b"authorization", authorization), (name, hostile)]
                    await asked(desk.service.app, operation.method, address + "?forged=%0d%0a%7b", headers)
        for method in ("BREW\r\n", "\x1b[31m", "forged"):
            await asked(desk.service.app, method, "/v1/forged%0a", [(b"x-request-id", b"forged\n")])
        await desk.send(BY_ID["create_ticket"], json={"external_id": "forged", "subject": "forged", "text": EVIL})
        said = kept.getvalue()
    lines = [line for line in said.splitlines() if line]
    assert len(lines) > len(BEHIND_A_KEY)
    assert all(line.isascii() and line.isprintable() for line in lines)
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert {one["event"] for one in found} <= {"request"}
    assert "forged" not in said
    assert "Evil" not in said
    assert key not in said


async def test_text_of_users_makes_no_header(desk: Desk) -> None:
    """In Location and Link it is escaped; a second header never comes of it."""
    odd = '\u00e9"<>\\ ,;=&%41'
    made = await desk.service.call("POST", "/v1/tickets", json={"external_id": odd, "subject": odd})
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/tickets/{made.json()['id']}"
    await desk.service.ticket(subject=odd)
    for searched in (odd, '"'):
        page = await desk.send(BY_ID["list_tickets"], params={"q": searched, "limit": 1})
        assert page.status_code == 200
        address = page.headers["link"].removeprefix("<").partition(">")[0]
        assert page.headers["link"] == f'<{address}>; rel="next"'
        assert address.isascii()
        assert not set('<>"\\ \r\n') & set(address)
        follow = await desk.service.client.get(address, headers={"Authorization": f"Bearer {await desk.service.key('admin')}"})
        assert follow.status_code == 200
        assert searched in unquote(address.replace("+", " "))
    for name, value in made.headers.items():
        assert "\n" not in name + value
