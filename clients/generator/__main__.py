"""`python -m clients.generator` writes the generated files of clients/python; with --check it says which are out of step."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from app.main import create_app
from app.settings import Settings
from clients.generator.operations import operations
from clients.generator.resources import resources
from clients.generator.types import models

PACKAGE = Path(__file__).parents[1] / "python" / "src" / "giliran_client"


def files(document: dict[str, Any]) -> dict[str, str]:
    """What each generated file has to be."""
    found = list(operations(document))
    tags = {tag["name"].replace("-", "_"): tag["description"] for tag in document["tags"]}
    return {
        "models.py": formatted(models(document["components"]["schemas"])),
        "resources.py": formatted(resources(found, tags, awaited=False)),
        "async_resources.py": formatted(resources(found, tags, awaited=True)),
    }


def formatted(lines: Any) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(PACKAGE / "generated.py"), "-"]
    return subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True).stdout


def main(arguments: list[str], folder: Path = PACKAGE) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: python -m clients.generator [--check]", file=sys.stderr)
        return 2
    stale = 0
    for name, wanted in files(create_app(Settings.model_construct()).openapi()).items():
        path = folder / name
        if not arguments:
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            print(f"{name} of clients/python is out of step with the code: make openapi")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
