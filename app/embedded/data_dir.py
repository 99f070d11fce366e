"""The data folder: whose it is at the moment, and where the servers' files are when they cannot be inside it.

    <data_dir>/lock             held while somebody runs the servers; holds that process's id
    <data_dir>/passwords.json   0600
    <data_dir>/location         only when the home is elsewhere: its path
    <home>/postgres             PostgreSQL's data, 0700, owned by the user who runs it
    <home>/valkey               working folder of Valkey; nothing in it is needed
    <home>/runtime              copies of the servers' programs, when that user could not read the originals
    <home>/log                  what the servers print

The home is the data folder itself. When root runs a clone below a folder that only root may enter (say /root/giliran),
the user who runs PostgreSQL could not enter it either: then the home is /var/lib/giliran-<hash of the data folder's path>.
"""

import fcntl
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.embedded.errors import EmbeddedError
from app.embedded.owner import Owner, choose

ELSEWHERE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  (a folder of our own below it, refused when another user made it)


@dataclass(frozen=True, slots=True)
class DataDir:
    path: Path
    home: Path

    @property
    def passwords(self) -> Path:
        return self.path / "passwords.json"

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def runtime(self) -> Path:
        return self.home / "runtime"

    @property
    def log(self) -> Path:
        return self.home / "log"


def find(path: Path) -> DataDir:
    """The folder as it is now; creates nothing."""
    path = path.absolute()
    location = path / "location"
    return DataDir(path, Path(location.read_text().strip()) if location.exists() else path)


def prepare(path: Path) -> tuple[DataDir, Owner]:
    """Creates what is missing, and says who runs the servers in it. Raises EmbeddedError when the folder cannot be used."""
    path = path.absolute()
    try:
        owner = choose(find(path).postgres)
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o711 if owner.dropped else 0o700)
        folder = find(path)
        if folder.home == path and not owner.can_pass(path):
            folder = DataDir(path, _elsewhere(path))
        for inner in (folder.valkey, folder.log):
            inner.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner.own(folder.valkey)  # not the log: root writes there, and must not be led elsewhere by a link
        if owner.dropped:
            folder.home.chmod(0o711)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {path} cannot be used: {error.strerror} ({error.filename})",
            "Set GILIRAN_DATA_DIR to a folder this user may write, or change its owner.",
        ) from error
    return folder, owner


def _elsewhere(path: Path) -> Path:
    name = f"giliran-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}"
    parent = next(folder for folder in ELSEWHERE if folder.is_dir() and os.access(folder, os.W_OK))
    home = parent / name
    if home.exists():
        # Its data folder was deleted, and with it the passwords: start anew, but throw nobody's database away.
        kept = next(free for n in range(1, 1000) if not (free := parent / f"{name}.old-{n}").exists())
        home.rename(kept)
    home.mkdir(mode=0o711)
    (path / "location").write_text(f"{home}\n")
    return home


def remove(path: Path) -> None:
    """Deletes the data folder and its home. For tests and throw-away servers."""
    folder = find(path)
    shutil.rmtree(folder.home, ignore_errors=True)
    shutil.rmtree(folder.path, ignore_errors=True)


class Lock:
    """Held by the one process that runs the servers of a data folder; the kernel frees it when that process dies."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "lock"
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._fd)
            raise EmbeddedError(
                f"The data folder {data_dir} is in use by process {holder(data_dir) or 'unknown'}",
                "Stop that one, or give this one a folder of its own: GILIRAN_DATA_DIR=.data-2",
            ) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(data_dir: Path) -> int | None:
    """The process that runs this folder's servers now, if any."""
    path = data_dir / "lock"
    if not path.exists():
        return None
    with path.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read().strip() or 0) or None
    return None
