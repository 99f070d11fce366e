"""`python -m app.openapi` writes openapi.md from the code; with --check it only says whether the file is in step."""

import sys
from difflib import unified_diff
from pathlib import Path

from app.api.docs.markdown import reference_markdown
from app.api.docs.reference import sections
from app.main import create_app
from app.settings import Settings

PAGE = Path(__file__).parent.parent / "openapi.md"
SHOWN_LINES = 40


def page() -> str:
    """The page as the code wants it; needs neither database nor environment."""
    document = create_app(Settings.model_construct()).openapi()
    return reference_markdown(document["info"]["title"], document["info"]["description"], sections(document))


def main(arguments: list[str], path: Path = PAGE) -> int:
    wanted = page()
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    if arguments == ["--check"]:
        if present == wanted:
            return 0
        differences = unified_diff(present.splitlines(), wanted.splitlines(), path.name, "the code", lineterm="", n=1)
        print(*list(differences)[:SHOWN_LINES], sep="\n")  # noqa: T201  (a program that people and CI run)
        print(f"\n{path.name} is out of step with the code: make openapi")  # noqa: T201
        return 1
    if arguments:
        print("usage: python -m app.openapi [--check]", file=sys.stderr)  # noqa: T201
        return 2
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
