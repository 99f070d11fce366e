"""The table of roles in docs/access.md is the one in force."""

from pathlib import Path

from app.api.roles import OPERATIONS, SCOPES
from app.engine.vocabulary import Role

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
ROLES = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT, Role.INTEGRATION, Role.READ_ONLY)


def table() -> list[str]:
    """`some`: the role has the scope for a part of its operations."""
    lines = [f"| scope | {' | '.join(ROLES)} |", "|---|---|---|---|---|---|"]
    for scope in sorted({operation.scope for operation in OPERATIONS.values()}):
        of_scope = [operation for operation in OPERATIONS.values() if operation.scope == scope]
        cells = []
        for role in ROLES:
            has = sum(role in operation.roles for operation in of_scope)
            cells.append("yes" if has == len(of_scope) else "some" if has else "")
        lines.append(f"| {scope} | {' | '.join(cells)} |")
    return lines


def test_the_table_of_roles_is_in_step() -> None:
    page = PAGE.read_text(encoding="utf-8")
    said = page.partition("<!-- roles:")[2].partition("-->\n")[2].partition("<!-- end -->")[0].splitlines()
    assert said == table(), "\n".join(table())
    assert set(ROLES) == set(SCOPES) == set(Role)
