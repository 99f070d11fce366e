"""The JSON Schema of configuration files: served, kept in step, and of one mind with what reads them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema_rs import Draft202012Validator
from typer.testing import CliRunner

from app import configuration_schema as generator
from app.api.docs.configuration_schema import as_text, configuration_schema
from app.cli import app as command_line
from app.services.configuration.read import read
from tests.api.service import Service
from tests.services.configuration.documents import changed, documents, full

VALIDATOR = Draft202012Validator(configuration_schema())
EXAMPLE = Path(__file__).parents[2] / "examples" / "service-desk.yaml"


async def test_it_is_served_to_editors_without_a_key(bare: Service) -> None:
    answer = await bare.client.get("/configuration.schema.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    assert answer.json() == configuration_schema()


def test_it_is_printed() -> None:
    printed = CliRunner().invoke(command_line, ["schema"])
    assert (printed.exit_code, printed.stdout) == (0, as_text())


def test_the_file_is_in_step_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().out


def test_a_file_that_is_out_of_step_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "configuration.schema.json"
    assert generator.main(["--check"], path) == 1
    assert generator.main([], path) == 0
    assert generator.main(["--check"], path) == 0
    path.write_text(path.read_text().replace("sla_policies", "promises"))
    assert generator.main(["--check"], path) == 1
    assert "make openapi" in capsys.readouterr().out
    assert generator.main(["--nonsense"], path) == 2


@given(documents())
def test_it_takes_what_is_right(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)


def test_it_takes_the_example() -> None:
    VALIDATOR.validate(read(EXAMPLE).document)
    VALIDATOR.validate(full())


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("colour",), 1),
        (("queues",), []),
        (("queues", 0, "teems"), []),
        (("teams", 0, "name"), "Billing"),
        (("routing_policies", 0, "strategy"), "luck"),
        (("costs", "kinds", "nap"), 1),
        (("rules", 0, "when"), {"field": "text"}),
        (("agents", 0, "capacity"), -1),
        (("sla_policies", 0, "warn_at_percent"), 100),
    ],
)
def test_it_refuses_what_is_wrong(path: tuple[str | int, ...], to: object) -> None:
    assert not VALIDATOR.is_valid(changed(*path, to=to))
