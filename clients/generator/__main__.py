"""`python -m clients.generator` writes the generated files of clients/python and the list of keyed calls of clients/typescript; with --check it says which are out of step."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from app.main import create_app
from app.settings import Settings
from clients.generator.keyed import keyed
from clients.generator.operations import operations
from clients.generator.resources import resources
from clients.generator.types import models

CLIENTS = Path(__file__).parents[1]
PYTHON, TYPESCRIPT = "python/src/giliran_client", "typescript/src"
PACKAGE = CLIENTS / PYTHON


def files(document: dict[str, Any]) -> dict[str, str]:
    """What each generated file has to be."""
    found = list(operations(document))
    tags = {tag["name"].replace("-", "_"): tag["description"] for tag in document["tags"]}
    return {
        f"{PYTHON}/models.py": formatted(models(document["components"]["schemas"])),
        f"{PYTHON}/resources.py": formatted(resources(found, tags, awaited=False)),
        f"{PYTHON}/async_resources.py": formatted(resources(found, tags, awaited=True)),
        f"{TYPESCRIPT}/keyed.ts": "\n".join(keyed(found)),
    }


def formatted(lines: Any) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(PACKAGE / "generated.py"), "-"]
    return subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True).stdout


def main(arguments: list[str], folder: Path = CLIENTS) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: python -m clients.generator [--check]", file=sys.stderr)
        return 2
    stale = 0
    for name, wanted in files(create_app(Settings.model_construct()).openapi()).items():
        path = folder / name
        if not arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            print(f"clients/{name} is out of step with the code: make openapi")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
