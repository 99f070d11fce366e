"""Files that are there whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from app.cli_database import fail


def write(file: Path, text: str) -> bool:
    """Whether it was not so already. In the place of a link, what it leads to; rights stay as they were."""
    target = file.resolve()
    data = text.encode()
    try:
        if target.exists() and target.read_bytes() == data:
            return False
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as made:
                made.write(data)
                made.flush()
                os.fsync(made.fileno())
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise fail(f"{file}: The file cannot be written: {error.strerror}.") from None
    return True


def _umask() -> int:
    present = os.umask(0o022)
    os.umask(present)
    return present
