"""The command line on a real database. What it says over HTTP is tested in test_edge_process."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner, Result

from app.cli import app as command_line
from app.cli_changes import changes_of, reached, summed, told
from app.cli_client import InForce, in_force, put
from app.cli_first import first_workspace
from app.queries.heads import NEWEST_FORMAT
from app.services.configuration.read import parse
from app.supervisor import Started
from tests.databases import Database, empty_database
from tests.servers import Addresses

ROOT = Path(__file__).parents[2]
NO_ADDRESSES = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "GILIRAN_SECRETS_FILE", "GILIRAN_KEY"), "")


def call(database: Database | None, *arguments: str, **more: str) -> Result:
    addresses = {} if database is None else {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
    return CliRunner().invoke(command_line, arguments, env=NO_ADDRESSES | addresses | more)


async def told_by(database: Database | None, *arguments: str, status: int = 0, **more: str) -> str:
    """A command's words; in a thread, because it has an event loop of its own."""
    result = await asyncio.to_thread(lambda: call(database, *arguments, **more))
    assert result.exit_code == status, result.output
    return result.output


async def test_a_workspace_and_its_keys(database: Database) -> None:
    assert "desk  sandbox  wsp_" in await told_by(database, "workspaces", "create", "desk", "--sandbox", "--name", "The desk")
    assert "is a workspace desk already" in await told_by(database, "workspaces", "create", "desk", status=1)
    key = (
        await told_by(database, "keys", "create", "-w", "desk", "--role", "supervisor", "--name", "console", "--days", "30")
    ).strip()
    assert re.fullmatch("glr_test_[0-9a-v]{52}_[A-Za-z0-9]{43}", key)
    listed = await told_by(database, "keys", "list", "-w", "desk")
    assert "console" in listed
    assert f"…{key[-4:]}" in listed
    assert "until 20" in listed
    assert key not in listed
    (identity,) = re.findall("key_[0-9a-v]{26}", listed)
    second = (await told_by(database, "keys", "rotate", "-w", "desk", identity, "--overlap", "60")).strip()
    assert second.rpartition("_")[0] == key.rpartition("_")[0]
    assert second != key
    narrowed = await told_by(database, "keys", "change", "-w", "desk", identity, "--scope", "tickets:read", "--never")
    assert "changed: scopes, expires_at" in narrowed
    listed = await told_by(database, "keys", "list", "-w", "desk")
    assert "tickets:read" in listed
    assert "valid" in listed
    assert "revoked" in await told_by(database, "keys", "revoke", "-w", "desk", identity)
    assert "revoked 20" in await told_by(database, "keys", "list", "-w", "desk")
    assert "The desk" in await told_by(database, "workspaces", "list")


async def test_identity_providers(database: Database) -> None:
    await told_by(database, "workspaces", "create", "desk")
    where = ("-w", "desk", "--issuer", "https://id.example", "--audience", "desk")
    roles = ("--role-claim", "groups", "--role", "leads=supervisor", "--role", "*=agent", "--agent-claim", "employee")
    assert "settled" in await told_by(database, "identity-providers", "put", *where, *roles, "--unchecked")
    listed = await told_by(database, "identity-providers", "list", "-w", "desk")
    assert "https://id.example" in listed
    assert "*=agent leads=supervisor" in listed
    local = ("-w", "desk", "--issuer", "http://127.0.0.1:9", "--audience", "desk", "--role", "*=agent")
    assert "does not answer" in await told_by(database, "identity-providers", "put", *local, status=1)
    for wrong in (("--role", "leads"), ("--role", "leads=king"), ("--role", "leads=admin")):
        await told_by(database, "identity-providers", "put", *where, *wrong, "--unchecked", status=2)
    plain = ("-w", "desk", "--issuer", "http://id.example", "--audience", "desk", "--role", "*=agent", "--unchecked")
    assert "https address" in await told_by(database, "identity-providers", "put", *plain, status=1)
    assert "removed" in await told_by(database, "identity-providers", "remove", "-w", "desk", "--issuer", "https://id.example")
    assert "no provider" in await told_by(
        database, "identity-providers", "remove", "-w", "desk", "--issuer", "https://id.example", status=1
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("workspaces", "create", "Not A Slug"), "1 to 63 of a-z"),
        (("keys", "create", "-w", "nowhere", "--role", "admin"), "There is no workspace nowhere"),
        (("keys", "create", "-w", "desk", "--role", "agent"), "--agent"),
        (("keys", "create", "-w", "desk", "--role", "admin", "--agent", "ani"), "--agent"),
        (("keys", "create", "-w", "desk", "--role", "agent", "--agent", "ani"), "no agent named ani"),
        (("keys", "revoke", "-w", "desk", "key_00000000000000000000000000"), "no such key"),
        (("keys", "revoke", "-w", "desk", "nonsense"), "not the id of a key"),
        (("keys", "rotate", "-w", "desk", "nonsense", "--overlap", "0"), "not the id of a key"),
        (("keys", "list", "-w", "nowhere"), "There is no workspace nowhere"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(database: Database, arguments: tuple[str, ...], said: str) -> None:
    await told_by(database, "workspaces", "create", "desk")
    output = await told_by(database, *arguments, status=1)
    assert said in output
    assert output.startswith("error ")
    assert output.count("\n") == 1


async def test_without_a_database_the_way_out_is_named(tmp_path: Path) -> None:
    output = await told_by(None, "workspaces", "list", status=2, GILIRAN_DATA_DIR=str(tmp_path))
    assert "DATABASE_OWNER_URL" in output
    assert "giliran run" in output


async def test_a_database_that_is_away_shows_no_password(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql://giliran:hidden-word@127.0.0.1:1/giliran", "GILIRAN_DATA_DIR": str(tmp_path)}
    for arguments in (("workspaces", "list"), ("migrate",)):
        output = await told_by(None, *arguments, status=1, **away)
        assert "hidden-word" not in output
        assert "error " in output


async def test_migrate_brings_an_empty_database_up_to_date(servers: Addresses) -> None:
    async with empty_database(servers) as database:
        first = await told_by(database, "migrate")
        assert re.fullmatch(r"database at [0-9]{4}\n", first)
        assert await told_by(database, "migrate") == first


async def test_a_restore_and_an_upgrade_are_said(database: Database) -> None:
    for slug in ("one", "two"):
        await told_by(database, "workspaces", "create", slug)
    assert "2 workspaces, each in a new epoch; the highest is 2" in await told_by(database, "restored")
    assert "the highest is 3" in await told_by(database, "restored")
    said = await told_by(database, "upgrade", "status")
    assert f"format {NEWEST_FORMAT}: 2 workspaces" in said
    assert "0 workspaces raised" in await told_by(database, "upgrade", "finish")


async def test_several_processes_are_asked_for_on_the_command_line(tmp_path: Path) -> None:
    for option, name in (("--api", "GILIRAN_API_PROCESSES"), ("--workers", "GILIRAN_WORKER_PROCESSES")):
        assert name in await told_by(None, "run", option, "65", status=2, GILIRAN_DATA_DIR=str(tmp_path / "data"))


async def test_the_first_key_is_shown_once(database: Database) -> None:
    said: list[str] = []
    started = Started("http://127.0.0.1:8000", database.owner_url, database.app_url, "", said.append)
    await asyncio.to_thread(first_workspace, started)
    (key,) = re.findall(r"glr_live_\w+", "\n".join(said))
    said.clear()
    await asyncio.to_thread(first_workspace, started)
    assert said == []
    engine = create_async_engine(database.owner_url, poolclass=NullPool)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT slug FROM workspace_slugs"))).scalars().all() == ["default"]
        assert (await connection.execute(text("SELECT role, name FROM api_keys"))).all() == [("admin", "first")]
    await engine.dispose()
    assert len(key) == 105


async def test_nothing_is_made_where_there_is_a_workspace(database: Database) -> None:
    await told_by(database, "workspaces", "create", "own")
    said: list[str] = []
    await asyncio.to_thread(first_workspace, Started("", database.owner_url, database.app_url, "", said.append))
    assert said == []


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "app.cli", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("run", "doctor", "migrate", "workspaces", "keys", "init", "apply", "diff", "export", "schema"):
        assert command in done.stdout


SOURCE = parse(b"teams:\n  - name: billing\nqueues:\n  - name: general\n", suffix=".yaml")


def client(*answers: httpx.Response) -> httpx.Client:
    waiting = list(answers)
    return httpx.Client(base_url="http://giliran.test", transport=httpx.MockTransport(lambda _: waiting.pop(0)))


def test_mistakes_have_line_and_column(capsys: pytest.CaptureFixture[str]) -> None:
    problem = {
        "code": "invalid_configuration", "detail": "The configuration has one mistake.", "request_id": "req_1",
        "errors": [{"pointer": "/queues/0/routing_policy", "code": "required", "detail": "This field is required.", "allowed": ["a"]}],
    }  # fmt: skip
    with client(httpx.Response(422, json=problem)) as api, pytest.raises(Exception, match="1"):
        put(api, SOURCE, InForce(0, None), name="desk.yaml", dry_run=False, prune=False)
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "desk.yaml:4:5: /queues/0/routing_policy: This field is required. Allowed: a.",
        "error 422 invalid_configuration: The configuration has one mistake. (req_1)",
    ]


@pytest.mark.parametrize(
    "answer", [httpx.Response(502, text="<html>"), httpx.Response(200, text="<html>"), httpx.Response(200, json={})]
)
def test_an_address_that_is_not_ours(answer: httpx.Response, capsys: pytest.CaptureFixture[str]) -> None:
    with client(answer) as api, pytest.raises(Exception, match="1"):
        in_force(api)
    assert "is this the address of Giliran?" in capsys.readouterr().err


def test_changes_in_words() -> None:
    def change(path: str, kind: str, before: object = None, after: object = None) -> dict[str, object]:
        return {"path": path, "kind": kind, "before": before, "after": after}

    changes = changes_of({"changes": [
        change("time_zone", "changed", "UTC", "Asia/Jakarta"),
        change("teams/old", "removed", {"name": "old"}),
        change("queues/general", "changed", "a", "b") | {"path": "queues/general/title"},
        change("queues/general/teams", "changed", ["a"], ["a", "b"]),
        change("queues/new", "created", None, {"name": "new", "title": "\x1b[31mNew", "routing_policy": "p", "teams": ["b"]}),
        change("rules/old", "kept_unlisted", {}, {}),
        change("rules", "changed", ["a", "b", "c"], ["c", "a", "b"]),
        change("agents/ani/capacity", "changed", 3, 4),
    ]})  # fmt: skip
    assert [str(line) for line in told(changes)] == [
        "~ time_zone", "    UTC → Asia/Jakarta", "- teams/old", "~ queues/general", "    title: a → b", "    teams: [a] → [a, b]",
        '+ queues/new  {title: "\\u001b[31mNew", routing_policy: p, teams: [b]}',
        "~ rules", "    c moves to before a", "~ agents/ani", "    capacity: 3 → 4",
        "= 1 object not in the file, kept (--prune removes)",
    ]  # fmt: skip
    agents = [{"name": "ani", "teams": ["a"]}, {"name": "budi", "teams": ["a"]}, {"name": "sri", "teams": ["c"]}]
    wanted = {"queues": [{"name": "general", "teams": ["a", "b"]}], "agents": agents}
    assert [str(line) for line in reached(changes, None, wanted)] == ["1 agent changed: ani", "1 agent with changed queues: budi"]
    assert str(summed(changes, 3, dry_run=True)) == "7 changes; would be version 3"
    assert str(summed([], 3, dry_run=True)) == "nothing to change; version 3"
