"""The description of the API, OpenAPI 3.1: what FastAPI writes, completed by what it cannot know."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from pydantic_core import to_json

from app.api.auth import caller
from app.api.body import BODIES
from app.api.deps import DESCRIBED, dependants_of
from app.api.described import DESCRIPTION, HEADERS, PROBLEM, TAGS
from app.api.examples import made_up
from app.api.naming import joined, readable_names
from app.api.problem_codes import CODES
from app.api.problems import MEDIA_TYPE
from app.api.roles import OPERATIONS

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/"
KEY = "key"
ERRORS = range(400, 600)
RATES = ("RateLimit-Policy", "RateLimit")
SURPLUS = ("HTTPValidationError", "ValidationError")

# What an operation behind a key can always answer, and one with a body besides.
OF_ALL = ("internal_error", "database_unavailable", "invalid_header")
OF_KEYS = (
    "missing_key",
    "invalid_key",
    "key_revoked",
    "key_expired",
    "invalid_token",
    "token_expired",
    "no_role",
    "identity_provider_unavailable",
    "missing_scope",
    "wrong_workspace",
    "unknown_parameter",
    "too_many_requests",
    "overloaded",
)
OF_BODIES = ("malformed_json", "request_timeout", "body_too_large", "unsupported_media_type", "invalid_body")


def install(app: FastAPI) -> None:
    """`app.openapi()` gives the completed document, made once."""
    made: list[dict[str, Any]] = []

    def document() -> dict[str, Any]:
        if not made:
            made.append(describe(app))
        return made[0]

    app.openapi = document  # type: ignore[method-assign]


def as_json(app: FastAPI) -> bytes:
    return to_json(app.openapi(), indent=2)


def describe(app: FastAPI) -> dict[str, Any]:
    document = readable_names(
        get_openapi(
            title="Giliran",
            version=VERSION,
            summary="Whose turn is it? Assigns tickets, leads, chats and calls to the right agent.",
            description=DESCRIPTION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            routes=app.routes,
            servers=[{"url": "/"}],
        )
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in SURPLUS:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["schemas"] = dict(sorted(joined(schemas, _bodies()).items()))
    components["securitySchemes"] = {
        KEY: {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of one workspace: glr_live_… or glr_test_…, shown once; or a token of the workspace's identity provider, with Giliran-Workspace.",
        }
    }
    components["headers"] = HEADERS
    routes = {route.operation_id: route for route in app.routes if isinstance(route, APIRoute)}
    used = dict.fromkeys(tag for operation in operations(document) for tag in operation.get("tags", ()))
    document["tags"] = [{"name": tag, "description": TAGS[tag]} for tag in sorted(used, key=list(TAGS).index)]
    for operation in operations(document):
        _complete(operation, routes[operation["operationId"]])
        _add_example(operation, components["schemas"])
    return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def is_open(route: APIRoute) -> bool:
    """Whether it is answered without a key."""
    return all(dependant.call is not caller for dependant in dependants_of(route))


def _bodies() -> dict[str, Any]:
    _, schema = models_json_schema([(model, "validation") for model in BODIES.values()], ref_template=REFERENCE + "{model}")
    return dict(schema.get("$defs", {}))


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    codes = list(OF_ALL)
    if not is_open(route):
        codes += OF_KEYS
        operation["security"] = [{KEY: []}]
        _say_scope(operation)
    else:
        operation["security"] = []
    if "requestBody" in operation:
        codes += OF_BODIES
    _add_parameters(operation, route)
    if any(one["in"] == "query" for one in operation.get("parameters", ())):
        codes.append("invalid_parameter")
    _add_problems(operation, codes)
    for status, response in operation["responses"].items():
        if int(status) not in ERRORS:
            names = ("Request-Id",) if is_open(route) else ("Request-Id", *RATES)
            response.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in names})
            _say_once(response)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _add_example(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """One for each good answer: the examples of its fields, put together."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content and int(status) not in ERRORS and "example" not in content:
            content["example"] = made_up(content["schema"], schemas)


def _say_once(response: dict[str, Any]) -> None:
    """Of a status with two kinds of answer FastAPI says the alternatives and the first kind besides: both together fit neither."""
    for content in response.get("content", {}).values():
        if "anyOf" in content.get("schema", {}):
            content["schema"].pop("$ref", None)


def _say_scope(operation: dict[str, Any]) -> None:
    needs = OPERATIONS[operation["operationId"]]
    roles = ", ".join(sorted(needs.roles))
    said = f"Scope: `{needs.scope}`. Roles: {roles}."
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), said)))
    operation["x-giliran-scope"] = needs.scope


def _add_parameters(operation: dict[str, Any], route: APIRoute) -> None:
    present = {(one["in"], one["name"]) for one in operation.get("parameters", ())}
    for dependant in dependants_of(route):
        for one in DESCRIBED.get(dependant.call, ()) if dependant.call else ():
            if (one["in"], one["name"]) not in present:
                present.add((one["in"], one["name"]))
                operation.setdefault("parameters", []).append(one)


def _add_problems(operation: dict[str, Any], codes: list[str]) -> None:
    """One response per status, as application/problem+json and nothing else, with the codes it may carry."""
    responses = operation["responses"]
    responses.pop("default", None)
    if route_made_422(responses):
        del responses["422"]
    for code in codes:
        response = responses.setdefault(str(CODES[code].status), {"description": ""})
        if f"`{code}`" not in response["description"]:
            said = f"`{code}`: {CODES[code].title['en']}"
            response["description"] = "; ".join(filter(None, (response["description"], said)))
    for status, response in responses.items():
        if int(status) in ERRORS:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": f"{REFERENCE}Problem"}}}
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _headers_of(int(status))}


def route_made_422(responses: dict[str, Any]) -> bool:
    """FastAPI's own answer to a wrong parameter, which here is 400."""
    content = responses.get("422", {}).get("content", {})
    return bool(content.get("application/json", {}).get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"))


def _headers_of(status: int) -> tuple[str, ...]:
    more = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After", *RATES), 503: ("Retry-After",)}
    return ("Request-Id", *more.get(status, ()))
