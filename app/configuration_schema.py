"""Write docs/configuration.schema.json from the models of the API: `python -m app.configuration_schema [--check]`."""

import sys
from pathlib import Path

from app.api.docs.configuration_schema import as_text

TARGET = Path(__file__).parent.parent / "docs" / "configuration.schema.json"


def main(arguments: list[str], path: Path = TARGET) -> int:
    if arguments == ["--check"]:
        if path.exists() and path.read_text(encoding="utf-8") == as_text():
            return 0
        print(f"{path.name} is out of step with the code: make openapi")  # noqa: T201  (a program that people and CI run)
        return 1
    if arguments:
        print("usage: python -m app.configuration_schema [--check]", file=sys.stderr)  # noqa: T201
        return 2
    path.write_text(as_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
