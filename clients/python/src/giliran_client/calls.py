"""One call, as data: what is sent, and whether it may be sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

Queryable = str | int | float | bool | datetime | Sequence[Any] | None


@dataclass(frozen=True)
class Call:
    """`keyed`: it takes an idempotency key, and gets one of its own where none is given."""

    method: str
    template: str
    path: tuple[str | int, ...] = ()
    query: Mapping[str, Queryable] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: Any = None
    media: str | None = None
    version: int | None = None
    unless_version: int | None = None
    create: bool = False
    key: str | None = None
    keyed: bool = False

    def __post_init__(self) -> None:
        if self.keyed and self.key is None:
            object.__setattr__(self, "key", uuid4().hex)

    def __str__(self) -> str:
        """Without what was asked for: an id from elsewhere may be personal."""
        return f"{self.method} {self.template}"

    @property
    def repeatable(self) -> bool:
        return self.method == "GET" or self.keyed

    def asking(self, **query: Queryable) -> "Call":
        return replace(self, query={**self.query, **query})

    def options(self, seconds: float) -> dict[str, Any]:
        """What httpx is given. A long poll may take as long as it asks for, and `seconds` more."""
        wait = self.query.get("wait")
        options: dict[str, Any] = {
            "method": self.method,
            "url": self._address(),
            "params": {name: _text(value) for name, value in self.query.items() if value is not None and value is not False},
            "headers": self._headers(),
            "timeout": seconds + (wait if isinstance(wait, int) else 0),
        }
        if self.body is not None:
            options["json" if self.media is None else "content"] = self.body
        return options

    def _address(self) -> str:
        address = self.template
        for one in self.path:
            value = str(one)
            if value in {"", ".", ".."}:
                raise ValueError(f"{one!r} is no id for {self.template}")
            before, _, rest = address.partition("{")
            address = before + quote(value, safe=":").replace("{", "%7B") + rest.partition("}")[2]
        return address

    def _headers(self) -> dict[str, str]:
        headers = {name: value for name, value in self.headers.items() if value is not None}
        if self.version is not None:
            headers["If-Match"] = f'"{self.version}"'
        if self.unless_version is not None:
            headers["If-None-Match"] = f'"{self.unless_version}"'
        if self.create:
            headers["If-None-Match"] = "*"
        if self.key is not None:
            headers["Idempotency-Key"] = self.key
        if self.media is not None:
            headers["Content-Type"] = self.media
        return headers


def _text(value: Queryable) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A time needs its zone: datetime.now(UTC), not datetime.now()")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value if isinstance(value, str | int | float) or value is None else [_text(one) for one in value]
