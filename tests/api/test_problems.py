"""Every no has a known code, says the same in one shape, and gives nothing away."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from app import errors
from app.api.context import Exchange
from app.api.languages import chosen_language
from app.api.mistakes import mistakes_of
from app.api.problem_codes import CODES
from app.api.problems import as_problem, document, is_outage
from app.engine import refusals
from app.engine.refusals import AgentAtCapacity, OfferEnded, Refusal, TicketAlreadyAssigned, UnknownReference
from app.errors import Conflict, Invalid, Problem, Unavailable

APP = Path(__file__).parents[2] / "app"
SEEN = Exchange("req_1", 0.0)
SECRET = "3174-identity-number"

PROBLEMS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Problem)}
OF_THE_COMMAND_LINE = {
    "invalid_issuer",
    "invalid_provider",
    "identity_provider_not_found",
    "invalid_slug",
    "slug_taken",
    "agent_needed",
    "invalid_rate",
}


def raised_codes() -> Iterator[tuple[str, str]]:
    """(where, code) of every problem that the source makes with a code written out."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PROBLEMS and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield f"{path.relative_to(APP)}:{node.lineno}", str(code.value)


def test_every_code_in_the_source_is_explained() -> None:
    found = list(raised_codes())
    assert len(found) > 20
    assert [where for where, code in found if code not in CODES and code not in OF_THE_COMMAND_LINE] == []


def test_every_refusal_of_the_engine_is_explained() -> None:
    kinds = [one for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, Refusal)]
    assert len(kinds) > 10
    assert [kind.code for kind in kinds if kind.code not in CODES or CODES[kind.code].status != kind.status] == []


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_words_in_both_languages(code: str) -> None:
    known = CODES[code]
    for texts in (known.title, known.advice):
        assert all(texts[language] for language in ("en", "id"))
    assert known.title["en"] != known.title["id"]


def test_a_document_has_the_members_of_the_conventions() -> None:
    problem = Conflict("agent_at_capacity", "The agent holds 5 of 5 units.", load=5, capacity=5, status=200)
    assert document(problem, request_id="req_1") == {
        "type": "urn:giliran:problem:agent_at_capacity",
        "title": "The agent has no room for it",
        "status": 409,
        "detail": "The agent holds 5 of 5 units.",
        "code": "agent_at_capacity",
        "request_id": "req_1",
        "help": "/problems/agent_at_capacity",
        "load": 5,
        "capacity": 5,
    }
    assert document(problem, request_id="req_1", language="id")["title"] == "Agen tidak punya kapasitas lagi"


@pytest.mark.parametrize(
    ("refusal", "status", "extra"),
    [
        (AgentAtCapacity("Full.", load=5, capacity=5), 409, {"load": 5, "capacity": 5}),
        (TicketAlreadyAssigned("Somebody else.", agent_id=bytes(16)), 409, {"agent_id": "agt_" + "0" * 26}),
        (OfferEnded("Over.", expired_at=1_767_600_000_123), 409, {"expired_at": "2026-01-05T08:00:00.123Z"}),
    ],
)
def test_a_refusal_says_what_is_so_now(refusal: Refusal, status: int, extra: dict[str, Any]) -> None:
    problem = as_problem(refusal, SEEN)
    assert (problem.status, problem.code, problem.detail) == (status, refusal.code, refusal.detail)
    assert problem.extra == extra


def test_a_refusal_of_a_field_points_at_it() -> None:
    problem = as_problem(UnknownReference("No such queue.", pointer="/queue", allowed=["billing"]), SEEN)
    assert isinstance(problem, Invalid)
    assert [(one.pointer, one.code, one.allowed) for one in problem.errors] == [("/queue", "unknown_reference", ("billing",))]


def test_the_unexpected_says_nothing_about_itself() -> None:
    problem = as_problem(ValueError(f"SELECT {SECRET}"), SEEN)
    assert problem.status == 500
    assert SECRET not in str(document(problem, request_id="req_1"))


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (InterfaceError("SELECT 1", {}, Exception("connection is closed")), True),
        (OperationalError("SELECT 1", {}, Exception(), connection_invalidated=True), True),
        (IntegrityError("INSERT", {}, Exception("duplicate key")), False),
        (ValueError(), False),
    ],
)
def test_an_outage_is_told_from_a_bug(error: Exception, outage: bool) -> None:
    assert is_outage(error) is outage
    problem = as_problem(error, SEEN)
    assert isinstance(problem, Unavailable) is outage
    assert ("Retry-After" in problem.headers) is outage


def test_a_wrong_parameter_is_named_and_its_value_is_not_repeated() -> None:
    error = RequestValidationError([{"type": "int_parsing", "loc": ("query", "limit"), "msg": "…", "input": SECRET}])
    problem = as_problem(error, SEEN)
    assert (problem.status, problem.code, problem.extra["parameter"]) == (400, "invalid_parameter", "limit")
    assert SECRET not in str(document(problem, request_id="req_1"))


class Customer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str


class Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    customer: Customer | None = None
    tags: list[str] = Field(default=[], max_length=2)
    facts: dict[str, str | int | bool] = {}


@pytest.mark.parametrize(
    ("sent", "mistakes"),
    [
        ({"customer": {}}, [("/customer/name", "required")]),
        ({"customer": {"name": "Ani", "a/b~c": 1}}, [("/customer/a~1b~0c", "unknown_field")]),
        ({"tags": ["a", 1]}, [("/tags/1", "wrong_type")]),
        ({"tags": ["a", "b", "c"]}, [("/tags", "too_many")]),
        ({"facts": {"k": None}}, [("/facts/k", "wrong_type")]),
        ({"facts": {"str": []}}, [("/facts/str", "wrong_type")]),
        ([], [("", "wrong_type")]),
    ],
)
def test_mistakes_point_into_what_was_sent(sent: Any, mistakes: list[tuple[str, str]]) -> None:
    with pytest.raises(ValidationError) as failed:
        Draft.model_validate(sent)
    found = mistakes_of(failed.value.errors(include_url=False, include_input=False), sent)
    assert [(one.pointer, one.code) for one in found] == mistakes


def test_a_union_says_all_that_it_takes() -> None:
    with pytest.raises(ValidationError) as failed:
        Draft.model_validate({"facts": {"k": None}})
    (mistake,) = mistakes_of(failed.value.errors(include_url=False), {"facts": {"k": None}})
    assert mistake.detail == "Expected text or a whole number or true or false."


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("id", "id"), ("id-ID,id;q=0.9,en;q=0.8", "id"), ("en, id", "en"), ("fr, id;q=0.1", "id"), ("*", "en"),
        ("id;q=0", "en"), ("en;q=0.2,id;q=0.3", "id"), (";;;q=\x00", "en"), ("id;q=9", "en"), ("x" * 10_000, "en"),
    ],
)  # fmt: skip
def test_the_language_that_is_preferred(header: str, language: str) -> None:
    assert chosen_language(header) == language
