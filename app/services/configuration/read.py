"""Read a configuration file strictly: what two readers could understand in two ways is refused with its line and column."""

from pathlib import Path

from app.services.configuration.json_text import read_json
from app.services.configuration.source import Place, Source, Unreadable
from app.services.configuration.yaml_text import read_yaml

MAX_BYTES = 5 * 1024 * 1024
READERS = {".json": read_json, ".yaml": read_yaml, ".yml": read_yaml}


def read(path: Path) -> Source:
    """Raises Unreadable, also when the file cannot be opened."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {error.strerror or 'unknown reason'}.") from error
    return parse(data, suffix=path.suffix)


def parse(data: bytes, *, suffix: str) -> Source:
    """The document in `data`; `suffix` (.json, .yaml, .yml) names its language. Raises Unreadable."""
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise Unreadable(f"A configuration file ends in {', '.join(READERS)}.")
    if len(data) > MAX_BYTES:
        raise Unreadable("A configuration file has at most 5 MiB.")
    return reader(_decoded(data))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        line_start = before.rfind("\n") + 1
        place = Place(before.count("\n") + 1, len(before) - line_start + 1)
        raise Unreadable("The file is not UTF-8.", place) from error
