"""The description: valid, complete, and in step with openapi.md."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from app import openapi as generator
from app.api.openapi import operations
from app.api.roles import OPERATIONS
from app.main import create_app
from app.settings import Settings

APP = create_app(Settings())
DOCUMENT: dict[str, Any] = APP.openapi()
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9-]*(_[a-z0-9]+)*")


EACH = [pytest.param(operation, id=operation["operationId"]) for operation in operations(DOCUMENT)]


def references(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        for key, value in item.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(item, list):
        for one in item:
            yield from references(one)


def test_it_is_valid_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    validate(DOCUMENT)
    json.dumps(DOCUMENT, allow_nan=False)


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    used = set(references(DOCUMENT))
    for reference in used:
        here: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
    named = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert named - used == set()


def test_names_are_names_a_client_can_bear() -> None:
    for name in DOCUMENT["components"]["schemas"]:
        assert re.fullmatch("[A-Z][A-Za-z0-9]*", name), name


def test_operation_ids_are_verb_and_noun_and_unique() -> None:
    ids = [operation["operationId"] for operation in operations(DOCUMENT)]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not re.fullmatch("[a-z]+(_[a-z]+)+", one)] == []
    assert {route.operation_id for route in APP.routes if isinstance(route, APIRoute)} == set(ids)
    assert OPERATIONS.keys() <= set(ids)


def test_every_tag_is_described() -> None:
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    assert {tag for operation in operations(DOCUMENT) for tag in operation["tags"]} == described


@pytest.mark.parametrize("operation", EACH)
def test_an_operation_says_what_it_is(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert operation["description"]
    for parameter in operation.get("parameters", ()):
        assert parameter.get("description"), parameter["name"]
        assert IDENTIFIER.fullmatch(parameter["name"])
    names = [(one["in"], one["name"]) for one in operation.get("parameters", ())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", EACH)
def test_an_operation_says_its_problems_in_one_shape_only(operation: dict[str, Any]) -> None:
    refused = {int(status): response for status, response in operation["responses"].items() if int(status) >= 400}
    for response in refused.values():
        assert list(response["content"]) == ["application/problem+json"]
        assert response["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert "`" in response["description"]
        assert "Request-Id" in response["headers"]
    wanted = {500, 503} | ({401, 403} if operation["security"] else set())
    wanted |= {400, 408, 413, 415, 422} if "requestBody" in operation else set()
    assert wanted <= refused.keys()
    if operation["security"]:
        assert operation["x-giliran-scope"] in operation["description"]


@pytest.mark.parametrize("operation", EACH)
def test_a_body_has_an_example_that_its_model_takes(operation: dict[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None or content["schema"]["$ref"].endswith("/Nothing"):
        return
    assert content["example"]


@pytest.mark.parametrize("route", [one for one in APP.routes if isinstance(one, APIRoute) and one.response_model is not None])
def test_an_answer_has_an_example_that_its_model_takes(route: APIRoute) -> None:
    (operation,) = [one for one in operations(DOCUMENT) if one["operationId"] == route.operation_id]
    content = operation["responses"][str(route.status_code or 200)]["content"]["application/json"]
    model: Any = route.responses.get(route.status_code or 200, {}).get("model") or route.response_model
    TypeAdapter[Any](model).validate_json(json.dumps(content["example"]))


def test_each_field_is_described() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, member in schema.get("properties", {}).items()
        if not member.get("description") and "$ref" not in member
    ]
    assert silent == []


def test_the_page_is_in_step_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_that_is_out_of_step_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "openapi.md"
    assert generator.main(["--check"], page) == 1
    assert generator.main([], page) == 0
    assert generator.main(["--check"], page) == 0
    page.write_text(page.read_text().replace("create_ticket", "make_ticket"))
    assert generator.main(["--check"], page) == 1
    assert "+`POST /v1/tickets` · `create_ticket`" in capsys.readouterr().out
    assert generator.main(["--nonsense"], page) == 2
