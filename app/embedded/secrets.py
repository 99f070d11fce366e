"""Passwords of the embedded servers: random, made once, in one file that only its owner can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from app.embedded.errors import EmbeddedError


def _password() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True, repr=False)
class Passwords:
    postgres: str = field(default_factory=_password)
    giliran_owner: str = field(default_factory=_password)
    giliran_app: str = field(default_factory=_password)
    valkey: str = field(default_factory=_password)


def load_or_create(path: Path, *, needed_by: Path) -> Passwords:
    """`needed_by` is the data that was made with them: when it is there, new ones would open nothing."""
    if not path.exists():
        if needed_by.exists():
            raise EmbeddedError(
                f"The password file {path} is gone, and the database in {needed_by.parent} was made with these passwords",
                f"Restore it from a backup; or move {needed_by.parent} away to begin with an empty database.",
            )
        made = Passwords()
        write_private(path, json.dumps(asdict(made), indent=1))
        return made
    path.chmod(0o600)
    try:
        stored = json.loads(path.read_text())
        return Passwords(**{item.name: stored[item.name] for item in fields(Passwords)})
    except (ValueError, KeyError, TypeError) as error:
        raise EmbeddedError(
            f"The password file {path} cannot be read", "Restore it from a backup: the database was made with these passwords."
        ) from error


def write_private(path: Path, text: str) -> None:
    """Replaces `path` in one step; at no moment can another user read it."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
