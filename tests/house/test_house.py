"""What must never be in a file of this project, and what the README promises."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".svg", ".ico", ".woff2", ".gz", ".zst"}

# Whoever installs chooses the registry; a written address would choose for them.
REGISTRY = re.compile(
    r"\bpypi\.[a-z]+|\bpythonhosted\.[a-z]+|\bregistry\.[a-z]+\.(org|com|io)\b|\bdeb\.[a-z]+\.org"
    r"|--(extra-)?index-url[ =]\S*:|--find-links[ =]\S*:|\bfile:/{2,3}(opt|srv|mnt)",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[opsu]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{20,}"
    r"|\bsk_live_[A-Za-z0-9]{16,}"
    r"|\bglr_live_[A-Za-z0-9]{16,}_[A-Za-z0-9]{16,}"
    r"|\w://\w+:(?!pass|secret)[A-Za-z0-9+/_-]{12,}@"
)


def place() -> re.Pattern[str]:
    """Folders of one machine: people's homes and where this checkout happens to be."""
    here = {str(path) for path in (ROOT, Path.home()) if len(path.parts) > 2}
    return re.compile("|".join([r"(?<![\w.~}])/(?:root/\.|home/[a-z][\w-]*/|Users/[A-Za-z][\w-]*/)", *map(re.escape, here)]))


def listed() -> list[str]:
    """The files git would commit; where there is no git, all that .gitignore does not name."""
    if git := shutil.which("git"):
        command = [git, "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        if listing.returncode == 0:
            return listing.stdout.rstrip("\0").split("\0")
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    names = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(name) for name in names if not any(Path(part).match(rule) for part in name.parts for rule in ignored)]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    found = [ROOT / name for name in listed()]
    return [path for path in found if path.is_file() and path.suffix not in BINARY]


def matches(files: list[Path], pattern: re.Pattern[str]) -> Iterator[str]:
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {found[0]}"


def test_no_file_names_a_package_registry(files: list[Path]) -> None:
    assert list(matches(files, REGISTRY)) == []


def test_no_file_names_a_folder_of_one_machine(files: list[Path]) -> None:
    assert list(matches(files, place())) == []


def test_no_file_holds_a_secret(files: list[Path]) -> None:
    assert list(matches(files, SECRET)) == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"])
def test_no_lock_that_writes_down_addresses(files: list[Path], name: str) -> None:
    assert [path for path in files if path.name == name] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_version_and_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = text.replace("\\\n", " ").splitlines()
    assert packages
    assert [line for line in packages if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_development_lock_pins_what_the_runtime_lock_pins() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`|&& )make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named - targets == set()


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("0*.md")) if f"({page.name})" not in index] == []
