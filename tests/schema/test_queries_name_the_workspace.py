"""Each SQL text of the request path says which workspace it means: row-level security is the second lock, not the first.

Looks at string constants (f-strings as a whole) that touch a table of ours, and at SQLAlchemy's select, update and delete.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models import metadata

APP = Path(__file__).parents[2] / "app"
PLACES = ("queries", "dispatch")
# Plain reads of the heads, by the name they are assigned to: the sweep's, and two of the command line.
ASKS_ALL_WORKSPACES = {"DUE_WORKSPACES", "ALL_HEADS", "LOWEST_FORMAT"}

TABLES = "|".join(sorted(metadata.tables.keys() - {"workspace_slugs"}, key=len, reverse=True))
TOUCHES = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(?:ONLY\s+)?(?:{TABLES})\b", re.IGNORECASE)
INSERTS = re.compile(
    rf"^\s*(?:WITH\b.*?\)\s*)?INSERT\s+INTO\s+(?:{TABLES})(?:\s+AS\s+\w+)?\s*\(\s*workspace_id\b", re.IGNORECASE | re.DOTALL
)
COMPARES = re.compile(
    r"\bworkspace_id\s*(?:=|IN\b)|=\s*(?:\w+\.)?workspace_id\b|\(\s*(?:\w+\.)?workspace_id\s*,[^)]*\)\s*(?:=|IN\b)", re.IGNORECASE
)


def words(node: ast.expr) -> str | None:
    """The text of a string; holes of an f-string are left as question marks."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
    return None


def silent_statements(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of statements that touch a table and name no workspace."""
    tree = ast.parse(source)
    allowed = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id in ASKS_ALL_WORKSPACES
        for part in ast.walk(node)
    }
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    inside_f_strings = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in allowed | remarks | inside_f_strings:
            continue
        if isinstance(node, ast.expr) and (text := words(node)) and TOUCHES.search(text):
            if not (INSERTS.search(text) or COMPARES.search(text)):
                yield node.lineno, text
        elif isinstance(node, ast.stmt) and not hasattr(node, "body") and _is_expression_of_core(node):
            code = ast.unparse(node)
            if "workspace_id" not in code:
                yield node.lineno, code


def _is_expression_of_core(statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"select", "update", "delete"}
        and any(isinstance(part, ast.Name) and part.id in metadata.tables for part in ast.walk(node))
        for node in ast.walk(statement)
    )


def test_each_query_names_the_workspace() -> None:
    found = [
        f"{path.relative_to(APP)}:{line}: {' '.join(text.split())[:100]}"
        for place in PLACES
        for path in sorted((APP / place).rglob("*.py"))
        for line, text in silent_statements(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'Q = "SELECT id FROM tickets WHERE id = $1"',
        'Q = "UPDATE agents SET load = load + 1 WHERE id = ANY($1)"',
        'Q = "INSERT INTO events (seq, data) SELECT * FROM unnest($1, $2)"',
        'def f(c): return f"DELETE FROM offers WHERE {c}"',
        'Q = "SELECT workspace_id FROM workspace_heads WHERE next_due_at <= $1"',
        "def f(): return select(tickets.c.id).where(tickets.c.id == 1)",
        "async def f(c):\n    async with c:\n        await c.execute(delete(offers))",
    ],
)
def test_silence_is_noticed(source: str) -> None:
    assert len(list(silent_statements(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""Reads from tickets what the console shows."""',
        'Q = "SELECT id FROM tickets WHERE workspace_id = $1"',
        'Q = "SELECT t.id FROM tickets t JOIN agents a ON (a.workspace_id, a.id) = (t.workspace_id, t.agent_id) WHERE t.workspace_id = $1"',
        'Q = "INSERT INTO events (workspace_id, seq) VALUES ($1, $2)"',
        'Q = "INSERT INTO events (workspace_id, seq) SELECT w.workspace_id, u.* FROM workspace_heads w, unnest($2) u WHERE w.workspace_id = $1"',
        'DUE_WORKSPACES = text("SELECT workspace_id FROM workspace_heads WHERE next_due_at <= $1")',
        "def f(w): return select(tickets.c.id).where(tickets.c.workspace_id == w)",
        "x = select(numbers)",
    ],
)
def test_speech_is_accepted(source: str) -> None:
    assert list(silent_statements(source)) == []
