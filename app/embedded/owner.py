"""Who runs the servers: PostgreSQL refuses to be root, so root hands both to a user without rights."""

import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError

PREFERRED = ("giliran", "nobody")


@dataclass(frozen=True, slots=True)
class Owner:
    """The user the servers run as; `dropped` when this process is root and must give the servers away."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def can_read(self, tree: Path) -> bool:
        """Every folder above `tree` can be passed and everything in it can be read (by mode bits; ACLs are not looked at)."""
        if not self.dropped:
            return os.access(tree, os.R_OK)
        return all(self._has(above, stat.S_IXOTH) for above in tree.absolute().parents) and all(
            self._has(path, stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH) for path in _walk(tree)
        )

    def can_pass(self, folder: Path) -> bool:
        return not self.dropped or all(self._has(path, stat.S_IXOTH) for path in (folder, *folder.parents))

    def own(self, path: Path) -> None:
        if self.dropped:
            os.chown(path, self.uid, self.gid)

    def _has(self, path: Path, others: int) -> bool:
        status = path.stat()
        if status.st_uid == self.uid:
            needed = others << 6
        elif status.st_gid == self.gid:
            needed = others << 3
        else:
            needed = others
        return status.st_mode & needed == needed


def _walk(tree: Path) -> Iterator[Path]:
    yield tree
    if tree.is_dir():
        yield from tree.rglob("*")


def choose(existing: Path | None = None) -> Owner:
    """This user; for root the owner of the `existing` data, else a user named giliran, else nobody, else any without rights."""
    if os.geteuid() != 0:
        return Owner(_own_name(), os.geteuid(), os.getegid(), dropped=False)
    if existing is not None and existing.exists() and (uid := existing.stat().st_uid) != 0:
        entry = _entry(uid)
        if entry is None:
            raise EmbeddedError(
                f"{existing} belongs to user id {uid}, which has no name on this machine",
                f"Give it to a user that exists: chown -R nobody {existing}",
            )
        return _dropped(entry)
    users = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid > 0}
    for name in (*PREFERRED, *users):
        if name in users:
            return _dropped(users[name])
    raise EmbeddedError(
        "PostgreSQL refuses to run as root and this machine has no other user",
        "Add one (useradd --system giliran), or set DATABASE_URL to a server of your own.",
    )


def _dropped(entry: pwd.struct_passwd) -> Owner:
    return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _own_name() -> str:
    entry = _entry(os.geteuid())
    return entry.pw_name if entry else str(os.geteuid())
