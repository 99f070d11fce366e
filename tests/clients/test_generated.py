"""The generated files are in step with the description; the package stands by itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

from app.main import create_app
from app.settings import Settings
from clients.generator.__main__ import CLIENTS, PACKAGE, PYTHON, files, main
from clients.generator.operations import Operation, operations

DOCUMENT = create_app(Settings()).openapi()


def test_the_files_are_in_step() -> None:
    assert {name: (CLIENTS / name).read_text(encoding="utf-8") for name in files(DOCUMENT)} == files(DOCUMENT), "make openapi"


def test_check_names_a_file_that_is_out_of_step(tmp_path: Path) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / PYTHON / "models.py").write_text("")
    assert main(["--check"], tmp_path) == 1
    assert main(["--nonsense"], tmp_path) == 2


def test_every_operation_of_the_api_has_a_method_of_its_own() -> None:
    found = [(one.tag, one.name) for one in operations(DOCUMENT)]
    assert len(set(found)) == len(found) == sum(len(item) for path, item in DOCUMENT["paths"].items() if path.startswith("/v1/"))


def test_names_leave_out_what_the_resource_says_already() -> None:
    for tag, identity, name in (
        ("tickets", "create_ticket", "create"),
        ("tickets", "list_tickets", "list"),
        ("tickets", "return_ticket", "return_"),
        ("tickets", "list_ticket_decisions", "list_decisions"),
        ("tickets", "add_message", "add_message"),
        ("sla-policies", "get_sla_policy", "get"),
        ("reports", "report_queues", "queues"),
        ("me", "get_me", "get"),
        ("queues", "take_next_ticket", "take_next_ticket"),
    ):
        assert Operation("GET", "/", {"tags": [tag], "operationId": identity}, {}).name == name


def test_the_package_needs_nothing_of_the_service(tmp_path: Path) -> None:
    code = "import giliran_client, sys; sys.exit(any(name.split('.')[0] in {'app', 'pydantic', 'sqlalchemy'} for name in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)


def test_only_calls_that_take_a_key_are_sent_again_by_the_typescript_client() -> None:
    lines = files(DOCUMENT)["typescript/src/keyed.ts"].splitlines()
    written = [re.compile(line.strip().removeprefix("/").removesuffix("/,")) for line in lines if line.startswith("  /^")]
    for one in operations(DOCUMENT):
        call = f"{one.method.upper()} /behind/a/proxy{re.sub('{[^}]*}', 'x_1', one.path)}"
        assert any(line.search(call) for line in written) is one.has("Idempotency-Key"), call
