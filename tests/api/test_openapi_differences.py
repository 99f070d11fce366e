"""What breaks callers of the last release is found; what does not is let through."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from app.openapi_differences import breaking, main
from app.settings import Settings

Json = dict[str, Any]
DOCUMENT: Json = create_app(Settings()).openapi()


def schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def operation(document: Json, path: str, method: str) -> Json:
    found: Json = document["paths"][path][method]
    return found


def without(key: str, *places: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        here: Any = document
        for place in places:
            here = here[place]
        if isinstance(here, list):
            here.remove(key)
        else:
            del here[key]

    return change


def having(value: Any, *places: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        here: Any = document
        for place in places[:-1]:
            here = here[place]
        here[places[-1]] = value

    return change


def parameter(name: str, **changes: Any) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        (found,) = (one for one in operation(document, "/v1/tickets", "get")["parameters"] if one["name"] == name)
        found.update(changes)

    return change


def both(*changes: Callable[[Json], None]) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        for one in changes:
            one(document)

    return change


SCHEMAS = ("components", "schemas")
TICKET_IN, TICKET_OUT = (*SCHEMAS, "TicketIn"), (*SCHEMAS, "TicketOut")

BREAKING = {
    "path": (without("/v1/tickets/count", "paths"), "GET /v1/tickets/count: is gone"),
    "operation": (without("patch", "paths", "/v1/tickets/{ticket}"), "PATCH /v1/tickets/{ticket}: is gone"),
    "operation id": (having("make_ticket", "paths", "/v1/tickets", "post", "operationId"), "operationId was create_ticket"),
    "status": (without("201", "paths", "/v1/tickets", "post", "responses"), "no longer answers 201"),
    "field of an answer": (without("number", *TICKET_OUT, "properties"), "field number is gone"),
    "field that may be missing": (without("number", *TICKET_OUT, "required"), "field number may be missing now"),
    "type of an answer": (having({"type": "string"}, *TICKET_OUT, "properties", "number"), "number: is string now, was integer"),
    "null in an answer": (
        having({"anyOf": [{"type": "integer"}, {"type": "null"}]}, *TICKET_OUT, "properties", "number"),
        "number: may be null now",
    ),
    "field of a body": (without("category", *TICKET_IN, "properties"), "field category is gone"),
    "required field of a body": (
        both(having({"type": "string"}, *TICKET_IN, "properties", "shop"), having(["shop"], *TICKET_IN, "required")),
        "field shop is required now",
    ),
    "field that became required": (having(["subject"], *TICKET_IN, "required"), "field subject is required now"),
    "type of a body": (having({"type": "integer"}, *TICKET_IN, "properties", "subject"), "subject: takes string; is integer now"),
    "null in a body": (having({"type": "string"}, *TICKET_IN, "properties", "category"), "category: no longer takes"),
    "length of a body": (having(100, *TICKET_IN, "properties", "subject", "maxLength"), "maxLength was 500, is 100"),
    "pattern of a body": (having("^x$", *TICKET_IN, "properties", "subject", "pattern"), "is ^x$"),
    "enum value": (without("whatsapp", *SCHEMAS, "Channel", "enum"), "no longer takes 'whatsapp'"),
    "enum value of an answer": (without("waiting", *SCHEMAS, "Status", "enum"), "enum value 'waiting' is gone"),
    "body that became required": (
        having(True, "paths", "/v1/tickets/{ticket}/resolve", "post", "requestBody", "required"),
        "a body is required now",
    ),
    "parameter": (lambda document: operation(document, "/v1/tickets", "get")["parameters"].pop(0), "parameter status is gone"),
    "required parameter": (parameter("q", required=True), "parameter q is required now"),
    "range of a parameter": (
        parameter("limit", schema={"type": "integer", "minimum": 1, "maximum": 20}),
        "maximum was 200, is 20",
    ),
}

HARMLESS: dict[str, Callable[[Json], None]] = {
    "nothing": lambda _: None,
    "a new operation": having({"get": {"operationId": "list_new", "responses": {}}}, "paths", "/v1/new"),
    "a new field of an answer": having({"type": "string"}, *TICKET_OUT, "properties", "shop"),
    "a new field of a body": having({"type": "string"}, *TICKET_IN, "properties", "shop"),
    "a wider body": having({"anyOf": [{"type": "string"}, {"type": "null"}]}, *TICKET_IN, "properties", "subject"),
    "a longer body": having(1000, *TICKET_IN, "properties", "subject", "maxLength"),
    "a new enum value": lambda document: schema(document, "Channel")["enum"].append("fax"),
    "other words": having("Otherwise.", *TICKET_OUT, "description"),
    "a field is required no more": having([], *SCHEMAS, "AssignIn", "required"),
}


def doctored(change: Callable[[Json], Any]) -> Json:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


@pytest.mark.parametrize("name", BREAKING)
def test_it_breaks(name: str) -> None:
    change, said = BREAKING[name]
    found = breaking(DOCUMENT, doctored(change))
    assert [line for line in found if said in line], found


@pytest.mark.parametrize("name", HARMLESS)
def test_it_breaks_nothing(name: str) -> None:
    assert breaking(DOCUMENT, doctored(HARMLESS[name])) == []


def test_the_build_fails_on_a_breaking_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released = tmp_path / "released.json"
    assert main([], released) == 0, "before a first release nothing can break"
    assert main(["--release"], released) == 0
    assert main([], released) == 0
    more = doctored(having({"get": {"operationId": "get_old", "responses": {}}}, "paths", "/v1/old"))
    released.write_text(json.dumps(more), encoding="utf-8")
    assert main([], released) == 1
    assert "GET /v1/old: is gone" in capsys.readouterr().out
    assert main(["--nonsense"], released) == 2
