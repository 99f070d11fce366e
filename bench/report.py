"""RESULTS.md: what was measured, on what, with tables and charts that a reader of Markdown draws.

The figures themselves are kept in results.json, section by section, so that one section can be measured anew.
"""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.embedded.binaries import find_postgres
from bench.sections import SECTIONS, Options, Table

RESULTS = Path(__file__).parent / "RESULTS.md"
FIGURES = Path(__file__).parent / "results.json"
PACKAGES = ("asyncpg", "fastapi", "numpy", "pydantic", "sqlalchemy", "uvicorn", "uvloop")


def write(found: Mapping[str, Sequence[Table]], options: Options) -> None:
    """Put what was found in place of what was known of these sections, and write the page."""
    known: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    measured = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "rounds": options.rounds,
        "seconds": options.seconds,
        "on": _machine(),
    }
    known |= {name: {**measured, "tables": [asdict(table) for table in tables]} for name, tables in found.items()}
    known = {name: known[name] for name in SECTIONS if name in known}
    FIGURES.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    RESULTS.write_text(page(known))


def page(known: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    about = (
        "Written by `make bench ARGS=--write`. Every figure compares two things measured in turns in one run on one machine: only ratios"
        " mean something elsewhere. `fsync`, `synchronous_commit` and `full_page_writes` are on; logging is at `warning`; rates are not"
        " limited.\n"
    )
    parts = ["# Results\n", about]
    for section in known.values():
        when = f"{section['at']}, medians of {section['rounds']} rounds of {section['seconds']:g} s. {section['on']}"
        parts += [_section(Table(**table), when) for table in section["tables"]]
    return "\n".join(parts)


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
    return f"{cpu}, {cores} cores, {memory} GiB; Python {platform.python_version()}, {postgres}, {packages}."


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def _section(table: Table, when: str) -> str:
    lines = [f"## {table.title}\n", f"{table.about}\n", f"{when}\n", _row(table.headings), _row(["---"] * len(table.headings))]
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
