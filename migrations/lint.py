"""Looks with squawk for DDL that would lock or lose, one migration at a time: `python migrations/lint.py`."""

import io
import subprocess
import sys
import sysconfig
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.db import alembic_config

ROOT = Path(__file__).parent.parent
SQUAWK = Path(sysconfig.get_path("scripts")) / "squawk"


def steps() -> list[tuple[str, str]]:
    """(from, to) of every migration, oldest first."""
    revisions = reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
    return [(str(revision.down_revision or "base"), revision.revision) for revision in revisions]


def offline_sql(before: str, after: str) -> str:
    """What `alembic upgrade --sql` prints for one step."""
    config = alembic_config()
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{before}:{after}", sql=True)
    return config.output_buffer.getvalue()


def complaints(sql: str, name: str) -> str:
    """Empty when squawk has nothing to say."""
    done = subprocess.run(
        [SQUAWK, "--config", ROOT / ".squawk.toml", "--stdin-filepath", name, "--reporter", "gcc"],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main() -> int:
    found = [text for before, after in steps() if (text := complaints(offline_sql(before, after), f"{after}.sql"))]
    sys.stdout.write("".join(found) or f"squawk: {len(steps())} migrations, nothing to say\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
