"""The shape on the wire, as far as what comes behind it relies on it."""

from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from app.api.schemas.configuration import ConfigurationDocument
from app.api.schemas.configuration_out import ConfigurationDiff, ConfigurationOut
from app.services.configuration.normalise import normalise
from tests.services.configuration.documents import changed, documents, full


def places(document: object) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        ConfigurationDocument.model_validate(document)
    return ["/".join(map(str, error["loc"])) for error in refusal.value.errors()]


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"field": "text", "op": "contains", "value": "x"}
    for _ in range(depth):
        condition = {"not": condition}
    return condition


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("colour",), 1),
        (("time_zone",), ""),
        (("queues",), []),
        (("queues",), None),
        (("teams", 0, "name"), "Billing"),
        (("teams", 0, "name"), "billing\n"),
        (("teams", 0, "name"), "b" * 64),
        (("teams", 0, "title"), ""),
        (("teams", 0, "title"), "a\nb"),
        (("teams", 0, "title"), "a\0b"),
        (("teams", 0, "title"), "\ud800"),
        (("teams", 0, "title"), "x" * 201),
        (("costs", "kinds", "call"), 0),
        (("costs", "kinds", "call"), "2"),
        (("costs", "kinds", "call"), 2.0),
        (("costs", "kinds", "call"), True),
        (("costs", "kinds", "nap"), 1),
        (("routing_policies", 0, "strategy"), "luck"),
        (("routing_policies", 0, "strategy"), 1),
        (("routing_policies", 2, "offer_seconds"), 4),
        (("routing_policies", 1, "head_start_seconds"), {"urgent": 30 * 86_400 + 1}),
        (("sla_policies", 0, "warn_at_percent"), 100),
        (("sla_policies", 0, "targets", "urgent", "resolution_seconds"), 0),
        (("sla_policies", 0, "targets", "urgent", "resolution_seconds"), 10**9 * 3600),
        (("queues", 0, "weight"), 10**308),
        (("agents", 1, "skills", 0, "level"), 11),
        (("agents", 1, "skills", 0, "level"), 3.5),
        (("agents", 0, "capacity"), -1),
        (("agents", 0, "capacity"), 10**12),
        (("agents", 0, "weight"), 0),
        (("agents", 1, "languages"), ["ID"]),
        (("rules", 0, "when"), []),
        (("rules", 0, "when"), None),
        (("rules", 0, "when"), nested(5000)),
        (("rules", 0, "when"), {"value": float("nan")}),
        (("rules", 0, "when"), {"value": 2**63}),
        (("rules", 0, "when"), {"value": ["\ud800"]}),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(path: tuple[str | int, ...], to: object) -> None:
    assert all(place.startswith("/".join(map(str, path[:2]))) for place in places(changed(*path, to=to)))


@given(documents())
def test_what_was_left_out_stays_left_out(document: dict[str, Any]) -> None:
    assert ConfigurationDocument.model_validate(document).wanted() == document


def test_the_defaults_described_are_those_filled_in() -> None:
    minimal = {
        "queues": [{"name": "a", "routing_policy": "b", "teams": ["c"]}],
        "agents": [{"name": "d"}],
        "rules": [{"name": "e", "when": nested(0)}],
    }
    minimal |= {"sla_policies": [{"name": "f"}], "routing_policies": [{"name": "b"}]}
    model = ConfigurationDocument.model_validate(minimal)
    assert normalise(model.model_dump(mode="json")) == normalise(minimal)
    assert ConfigurationDocument.model_validate(normalise(full())).wanted() == normalise(full())


def test_the_condition_is_described_recursively() -> None:
    schema = ConfigurationDocument.model_json_schema()
    described = [choice.get("$ref", choice.get("type")) for choice in schema["$defs"]["Rule"]["properties"]["when"]["anyOf"]]
    assert described == ["#/$defs/AllOf", "#/$defs/AnyOf", "#/$defs/NotOf", "#/$defs/Comparison"]
    assert schema["$defs"]["AllOf"]["properties"]["all"]["items"]["anyOf"][2] == {"$ref": "#/$defs/NotOf"}


@pytest.mark.parametrize("model", [ConfigurationDocument, ConfigurationOut, ConfigurationDiff])
def test_every_field_has_a_description_and_an_example(
    model: type[ConfigurationDocument | ConfigurationOut | ConfigurationDiff],
) -> None:
    schema = model.model_json_schema()
    for name, part in {"": schema, **schema.get("$defs", {})}.items():
        for field, described in part.get("properties", {}).items():
            assert "description" in described, (name, field)
            assert "examples" in described or name in ("AllOf", "AnyOf", "NotOf"), (name, field)
