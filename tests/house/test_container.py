"""The image and the compose file, as far as they can be checked without a container engine."""

import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
Instruction = tuple[str, str]
COMPILERS = re.compile(r"\b(gcc|g\+\+|clang|build-essential|python3?-dev|cargo|rustc)\b")
TAGGED = re.compile(r"[a-z0-9./-]+:(?!latest\b)[\w.-]*\d[\w.-]*")
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")
SECRET = re.compile(r"PASSWORD|AUTH|SECRET|TOKEN|KEY")
CREDENTIALS = re.compile(r"://[^:/@\s]*:(?P<password>.*)@")


def instructions(dockerfile: str) -> list[Instruction]:
    """(INSTRUCTION, arguments) in order; continued lines joined, comments left out."""
    code = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    parts = (line.strip().partition(" ") for line in code.replace("\\\n", " ").splitlines() if line.strip())
    return [(word.upper(), rest.strip()) for word, _, rest in parts]


def arguments(image: list[Instruction], wanted: str) -> list[str]:
    return [rest for word, rest in image if word == wanted]


@pytest.fixture(scope="module")
def image() -> list[Instruction]:
    return instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def final_stage(image: list[Instruction]) -> list[Instruction]:
    return image[max(place for place, (word, _) in enumerate(image) if word == "FROM") :]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def test_image_runs_as_a_numbered_user_that_is_not_root(final_stage: list[Instruction]) -> None:
    users = arguments(final_stage, "USER")
    assert users
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


def test_image_says_whether_it_is_alive(final_stage: list[Instruction]) -> None:
    assert any("/health/live" in check for check in arguments(final_stage, "HEALTHCHECK"))


def test_every_base_image_is_pinned_by_a_tag(image: list[Instruction]) -> None:
    bases = [base.split()[0] for base in arguments(image, "FROM")]
    assert bases
    assert [base for base in bases if not TAGGED.fullmatch(base)] == []


def test_final_stage_installs_no_compiler(final_stage: list[Instruction]) -> None:
    assert [line for line in arguments(final_stage, "RUN") if COMPILERS.search(line)] == []


def test_packages_come_from_the_lock_with_their_hashes(image: list[Instruction]) -> None:
    installs = [line for line in arguments(image, "RUN") if " install " in line]
    assert installs
    assert all("--require-hashes" in line and "requirements.lock" in line for line in installs)


def test_every_copied_file_exists_and_reaches_the_builder(image: list[Instruction]) -> None:
    copies = [line.split()[:-1] for line in arguments(image, "COPY") if not line.startswith("--from")]
    sources = {source for line in copies for source in line}
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    assert {"app", "migrations", "alembic.ini", "requirements.lock"} <= sources
    assert sorted(source for source in sources if not (ROOT / source).exists()) == []
    assert sorted(source for source in sources if not any(fnmatch.fnmatch(source, name) for name in allowed)) == []


def test_no_secret_is_baked_into_the_image(image: list[Instruction]) -> None:
    assert [line for word in ("ENV", "ARG") for line in arguments(image, word) if SECRET.search(line)] == []


def test_compose_has_every_part(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"api", "worker", "migrate", "postgres", "valkey"}
    assert services["api"]["deploy"]["replicas"] > 1
    for process in ("api", "worker"):
        assert services[process]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_compose_images_are_pinned_by_a_tag(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    assert [image for image in images if not TAGGED.fullmatch(image)] == []


def test_only_the_api_is_published_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in published["api"])


def test_compose_holds_no_password(compose: dict[str, Any]) -> None:
    """Each is a variable without a default, so that compose refuses to start before it is set."""
    literals = []
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            credentials = CREDENTIALS.search(value)
            password = credentials["password"] if credentials else value if SECRET.search(variable) else None
            if password is not None and not REQUIRED.fullmatch(password):
                literals.append(f"{name}: {variable}")
    assert literals == []


def test_processes_of_ours_may_do_little(compose: dict[str, Any]) -> None:
    for name in ("api", "worker", "migrate"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
