"""RESULTS.md: what was measured, on what, with tables and charts that a reader of Markdown draws."""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.embedded.binaries import find_postgres
from bench.sections import Options, Table

RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("asyncpg", "fastapi", "numpy", "pydantic", "sqlalchemy", "uvicorn", "uvloop")


def write(found: Mapping[str, Sequence[Table]], options: Options) -> None:
    """The whole page anew."""
    tables = [table for section in found.values() for table in section]
    about = (
        "Written by `make bench`. Every figure compares two things measured in turns in one run on one machine (medians of"
        f" {options.rounds} rounds of {options.seconds:g} s): only ratios mean something elsewhere. `fsync`, `synchronous_commit` and"
        " `full_page_writes` are on. Logging is at `warning`.\n"
    )
    parts = ["# Results\n", about, _machine(), *(_section(table) for table in tables)]
    RESULTS.write_text("\n".join(parts))


def _machine() -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine()
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    postgres = subprocess.run(  # noqa: S603  # our own program
        [str(find_postgres(None).bin / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n- machine: {cpu}, {cores} cores, {memory} GiB\n"
        f"- versions: Python {platform.python_version()}, {postgres}, {packages}\n"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def _section(table: Table) -> str:
    lines = [f"## {table.title}\n", f"{table.about}\n", _row(table.headings), _row(["---"] * len(table.headings))]
    lines += [_row(row) for row in table.rows]
    if table.chart is not None:
        lines += ["", _chart(table, *table.chart)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def _chart(table: Table, labels: int, values: int) -> str:
    named = ", ".join(f'"{row[labels]}"' for row in table.rows)
    drawn = ", ".join(str(row[values]) for row in table.rows)
    return (
        f'```mermaid\nxychart-beta\n  title "{table.title}"\n  x-axis "{table.headings[labels]}" [{named}]\n'
        f'  y-axis "{table.headings[values]}"\n  bar [{drawn}]\n```'
    )
