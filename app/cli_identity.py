"""`giliran identity-providers`: whose tokens people may sign in with."""

import asyncio
from typing import Annotated

import typer

from app.cli_database import as_owner, fail
from app.cli_keys import WorkspaceOption, with_workspace
from app.cli_settings import read_settings
from app.cli_workspaces import printed, table
from app.engine.vocabulary import Role
from app.errors import Problem
from app.services import workspace_identity as service
from app.services.sign_in import Provider

providers = typer.Typer(no_args_is_help=True, help="OpenID Connect providers whose tokens open a workspace.")

IssuerOption = Annotated[str, typer.Option(help="The issuer, letter by letter as its tokens have it in iss.")]


@providers.command("put")
def put_provider(
    workspace: WorkspaceOption,
    issuer: IssuerOption,
    audience: Annotated[str, typer.Option(help="What aud of a token must hold: the client id at the provider.")],
    role: Annotated[
        list[str], typer.Option(help="VALUE=ROLE of the role claim, such as desk-leads=supervisor; *=ROLE is everybody.")
    ],
    *,
    role_claim: Annotated[str | None, typer.Option(help="The claim whose values have roles, such as groups.")] = None,
    agent_claim: Annotated[
        str | None, typer.Option(help="The claim that holds an agent's external_id, such as employee_number; email if verified.")
    ] = None,
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Do not ask the issuer for its keys first.")] = False,
) -> None:
    """Let people sign in with tokens of this issuer, in place of what was settled for it before. In force within a second."""
    roles = dict(_pair(text) for text in role)
    if role_claim is None and set(roles) != {"*"}:
        raise fail("Name the --role-claim whose values have these roles, or give everybody one: --role '*=agent'.", code=2)
    provider = Provider(issuer, audience, role_claim, roles, agent_claim)
    if not unchecked:
        typer.echo(f"{issuer}  publishes {_asked(issuer)} keys")
    as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.put, provider))
    typer.echo(f"{issuer}  settled")


@providers.command("list")
def list_providers(workspace: WorkspaceOption) -> None:
    """List the providers of a workspace."""
    rows = table("issuer", "audience", "role claim", "roles", "agent claim")
    for one in as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.list_all)):
        roles = " ".join(f"{value}={role}" for value, role in sorted(one.roles.items()))
        rows.add_row(one.issuer, one.audience, one.role_claim or "", roles, one.agent_claim or "")
    printed(rows)


@providers.command("remove")
def remove_provider(workspace: WorkspaceOption, issuer: IssuerOption) -> None:
    """Tokens of this issuer open nothing any more, within a second."""
    as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.remove, issuer))
    typer.echo(f"{issuer}  removed")


def _pair(text: str) -> tuple[str, Role]:
    value, separator, role = text.rpartition("=")
    if not separator or not value or role not in set(Role):
        raise fail(f"--role is VALUE=ROLE with one of {', '.join(Role)}.", code=2)
    return value, Role(role)


def _asked(issuer: str) -> int:
    try:
        return asyncio.run(service.ask(issuer))
    except Problem as problem:
        raise fail(f"{problem.detail} With --unchecked it is settled all the same.") from None
