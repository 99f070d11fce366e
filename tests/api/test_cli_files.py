"""Configuration files against a service that runs: export, diff, apply."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner, Result

from app import cli_apply
from app.api.schemas.configuration import ConfigurationDocument
from app.cli import app as command_line
from app.services.configuration.normalise import normalise
from app.services.configuration.read import read
from tests.api.service import DOCUMENT, Service
from tests.services.configuration.documents import documents

Call = Callable[..., Result]


@pytest.fixture
async def call(bare: Service, address: str) -> AsyncIterator[Call]:
    """A command with a key of the role admin; to be called in a thread, because the service runs in this one.

    The service's log would stand among the command's words, for both are this process.
    """
    before = structlog.get_config()["logger_factory"]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
    environment = {"GILIRAN_URL": address, "GILIRAN_KEY": await bare.key("admin"), "NO_COLOR": "", "LANG": "C"}

    def invoke(*arguments: object, given: str | None = None, **more: str) -> Result:
        return CliRunner().invoke(command_line, [str(each) for each in arguments], input=given, env=environment | more)

    yield invoke
    structlog.configure(logger_factory=before)


async def said(call: Call, *arguments: Any, status: int = 0, **more: str) -> str:
    done = await asyncio.to_thread(lambda: call(*arguments, **more))
    assert done.exit_code == status, done.output
    return done.output


async def in_force(service: Service) -> Any:
    return await service.get("/v1/configuration")


async def test_an_export_is_taken_back_without_loss(bare: Service, call: Call, tmp_path: Path) -> None:
    await bare.apply()
    for name, options in (("brief.yaml", ()), ("full.yaml", ("--full",)), ("brief.json", ()), ("full.json", ("--full",))):
        file = tmp_path / name
        assert f"{file}: version 1" in await said(call, "export", file, *options)
        assert "nothing to change; version 1" in await said(call, "apply", file, "--prune")
        assert normalise(read(file).document) == normalise(ConfigurationDocument.model_validate(DOCUMENT).wanted())
    assert await said(call, "export") == (tmp_path / "brief.yaml").read_text()
    assert await said(call, "export", "-", "--format", "json") == (tmp_path / "brief.json").read_text()
    assert "weight" not in (tmp_path / "brief.yaml").read_text()
    assert "weight: 0" in (tmp_path / "full.yaml").read_text()


async def test_whatever_is_in_force_goes_out_and_comes_back(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(documents())
    def round_trip(document: dict[str, Any]) -> None:
        written = tmp_path / "written.json"
        written.write_text(json.dumps(document, ensure_ascii=False))
        for arguments in (("apply", written, "--prune", "--yes"), ("export", file)):
            done = call(*arguments)
            assert done.exit_code == 0, done.output
        assert "nothing to change" in call("apply", file, "--prune").output
        found = normalise(read(file).document)
        for section, meant in normalise(document).items():
            ordered = section == "rules" or not isinstance(meant, list)
            assert found[section] == meant if ordered else sorted(map(str, found[section])) == sorted(map(str, meant))

    await asyncio.to_thread(round_trip)


async def test_an_export_over_a_file_keeps_what_is_written_there(bare: Service, call: Call, tmp_path: Path) -> None:
    await bare.apply()
    file = tmp_path / "desk.yaml"
    await said(call, "export", file)
    text = (
        file.read_text()
        .replace("- name: budi", "# half days\r\n  - name: budi   # left-handed")
        .replace("capacity: 2", "capacity: 7")
    )
    data = b"\xef\xbb\xbf" + re.sub("\r?\n", "\r\n", text).encode()
    file.write_bytes(data)
    file.chmod(0o640)
    await said(call, "export", file)
    assert file.read_bytes() == data.replace(b"capacity: 7", b"capacity: 2")
    assert file.stat().st_mode & 0o777 == 0o640
    assert "as it was" in await said(call, "export", file)
    assert [each.name for each in await asyncio.to_thread(lambda: list(tmp_path.iterdir()))] == ["desk.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("queues: &all []\n", "desk.yaml:1:9: Anchors"),
        ("queues:\n  - {name: a, routing_policy: b, teams: [c], teems: [d]}\n", "desk.yaml:2:46: /queues/0/teems"),
        ("", "desk.yaml:1:1: The file is empty"),
    ],
)
async def test_an_export_over_a_file_that_is_wrong_leaves_it(
    bare: Service, call: Call, tmp_path: Path, text: str, told: str
) -> None:
    await bare.apply()
    file = tmp_path / "desk.yaml"
    file.write_text(text)
    output = await said(call, "export", file, status=1)
    assert told in output
    assert "--force" in output
    assert file.read_text() == text
    await said(call, "export", file, "--force")
    assert "nothing to change" in await said(call, "apply", file, "--prune")


async def test_an_export_says_what_is_wrong(bare: Service, call: Call, tmp_path: Path) -> None:
    assert "giliran init" in await said(call, "export", status=1)
    await bare.apply()
    assert "ends in" in await said(call, "export", tmp_path / "a.toml", status=2)
    assert "not json" in await said(call, "export", tmp_path / "a.yaml", "--format", "json", status=2)
    assert "cannot be written" in await said(call, "export", tmp_path / "no" / "a.yaml", status=1)
    assert "GILIRAN_KEY" in await said(call, "export", status=2, GILIRAN_KEY="")
    assert "invalid_key" in await said(call, "export", status=1, GILIRAN_KEY="nonsense")


async def test_a_diff_is_the_services_own_answer(bare: Service, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    await bare.apply()
    await said(call, "export", file)
    assert await said(call, "diff", file) == "nothing to change; version 1\n"
    text = file.read_text().replace("strategy: least_load", "strategy: longest_idle")
    text = text.replace("rules:\n", "rules:\n  - {name: first, when: {field: kind, op: eq, value: call}}\n")
    file.write_text(text[: text.index("  - name: sri")].replace("hand_to: sri", "hand_to: ani"))
    output = await said(call, "diff", file, status=1)
    assert "~ routing_policies/standard\n    strategy: least_load → longest_idle\n" in output
    assert "+ rules/first  {when: {field: kind, op: eq, value: call}}\n" in output
    assert "= 1 object not in the file" in output
    assert "2 agents with changed queues: ani, budi" in output or "3 agents with changed queues: ani, budi, sri" in output
    assert "\x1b[" not in output
    assert "- agents/sri\n" in await said(call, "diff", file, "--prune", status=1)
    found = json.loads(await said(call, "diff", file, "--prune", "--json", status=1))
    assert (found["version"], found["agents"]["changed"]) == (1, ["sri"])
    assert {"path": "agents/sri", "kind": "removed"}.items() <= next(
        each for each in found["changes"] if each["path"] == "agents/sri"
    ).items()
    assert (await in_force(bare))["version"] == 1
    file.write_text(text.replace("least_load", "luck").replace("teams: [billing]", "teams: [nobody]"))
    await said(call, "diff", file, status=2)
    await said(call, "diff", tmp_path / "nothing.yaml", status=2)
    await said(call, "diff", file, status=2, GILIRAN_URL="http://127.0.0.1:1")
    await said(call, "diff", file, status=2, GILIRAN_URL="http://[")


async def test_every_mistake_is_told_with_its_place(bare: Service, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(
        "time_zone: Jakarta\nteams:\n  - name: a\nrouting_policies:\n  - name: p\nqueues:\n  - name: q\n    routing_policy: x\n    teams: [a, b]\n"
    )
    output = await said(call, "apply", file, status=1)
    places = re.findall(r"desk\.yaml:(\d+:\d+): (\S+):", output)
    assert places == [("1:1", "/time_zone"), ("8:5", "/queues/0/routing_policy"), ("9:16", "/queues/0/teams/1")]
    assert (await bare.call("GET", "/v1/configuration")).status_code == 404


async def test_before_something_goes_it_asks(bare: Service, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "desk.json"
    await bare.apply()
    file.write_text(json.dumps({**DOCUMENT, "rules": []}))
    output = await said(call, "apply", file, "--prune", status=1)
    assert "- rules/refund-words" in output
    assert "add --yes" in output
    monkeypatch.setattr(cli_apply, "asks", lambda: True)
    for answer, status, version in (("n\n", 1, 1), ("", 1, 1), ("y\n", 0, 2)):
        done = await asyncio.to_thread(partial(call, "apply", file, "--prune", given=answer))
        assert done.exit_code == status, done.output
        assert (await in_force(bare))["version"] == version
    file.write_text(json.dumps({**DOCUMENT, "rules": [], "agents": DOCUMENT["agents"][1:]}))
    assert "version 3" in await said(call, "apply", file, "--prune", "--yes")


async def test_only_the_version_that_was_meant(bare: Service, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "desk.json"
    file.write_text(json.dumps(DOCUMENT))
    assert "not 1" in await said(call, "apply", file, "--version", "1", status=1)
    assert "; version 1" in await said(call, "apply", file, "--version", "0")
    assert "Version 1 is in force, not 0" in await said(call, "apply", file, "--version", "0", status=1)


async def test_whoever_was_faster_is_shown(bare: Service, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else applies while one is being asked."""
    file = tmp_path / "desk.json"
    await bare.apply()
    theirs = json.loads(json.dumps(DOCUMENT))
    theirs["agents"][1]["capacity"] = 9
    loop = asyncio.get_running_loop()

    def overtaken(*_: object, **__: object) -> None:
        asyncio.run_coroutine_threadsafe(bare.apply(theirs, version=1), loop).result(30)

    monkeypatch.setattr(cli_apply, "_may_remove", overtaken)
    file.write_text(json.dumps({**DOCUMENT, "rules": []}))
    output = await said(call, "apply", file, "--prune", status=1)
    meanwhile, mine = output[output.index("Somebody else") :].split("Your file would now change version 2 so:\n")
    assert "from version 1 to 2" in meanwhile
    assert "~ agents/budi\n    capacity: 2 → 9\n" in meanwhile
    assert "~ agents/budi\n    capacity: 9 → 2\n" in mine
    assert "- rules/refund-words" in mine
    assert "Nothing was applied" in mine
    assert (await in_force(bare))["version"] == 2
