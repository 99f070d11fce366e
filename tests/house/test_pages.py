"""Every page is found from the index, no link is dead, and the drawing of the house is the house."""

import re
from pathlib import Path

import pytest

from tests.house.test_house import ROOT, listed

PAGES = sorted(name for name in listed() if name.endswith(".md") and (ROOT / name).is_file())
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
DRAWING = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """Prose: what stands in fences and backquotes is no link."""
    return re.sub(r"`[^`\n]*`", "``", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them from headings, and those that are written out."""
    text = page.read_text(encoding="utf-8")
    found = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"^#{1,6} (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_no_link_of_a_page_is_dead(name: str) -> None:
    page = ROOT / name
    dead = []
    for path, anchor in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        target = page.parent / path if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            dead.append(f"{path}#{anchor}")
    assert dead == []


def test_every_page_is_in_the_index() -> None:
    folder = ROOT / "docs"
    linked = {(folder / path).resolve() for path, _ in LINK.findall((folder / "README.md").read_text(encoding="utf-8")) if path}
    known = {path.resolve() for path in folder.iterdir() if path.is_file() and path.name != "README.md"}
    assert known - linked == set()
    assert (folder / "decisions" / "README.md") in linked
    assert "(docs/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_folder_of_the_house_is_drawn() -> None:
    folders = {f"{Path(name).parent}/" for name in listed() if name.startswith("app/") and name.endswith(".py")}
    assert {folder for folder in folders if f"| `{folder}` |" not in DRAWING} == set()


def test_every_place_that_the_drawing_names_is_there() -> None:
    named = re.findall(r"`((?:app|tests|migrations|examples|bench|docs)/[\w/.]*)`", DRAWING)
    assert len(named) > 50
    assert [name for name in named if not (ROOT / name).exists()] == []
