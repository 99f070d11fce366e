"""Which calls take an Idempotency-Key, for the TypeScript client's retries: whatever is not in it is sent once."""

import re
from collections.abc import Iterable, Iterator

from clients.generator.operations import Operation

PARAMETER = re.compile(r"\\{[^}]*\\}")


def keyed(found: Iterable[Operation]) -> Iterator[str]:
    """Lines of TypeScript."""
    yield "/** Calls that take an Idempotency-Key and may be sent again under it. Written by `make openapi`. */"
    yield "export const KEYED: readonly RegExp[] = ["
    for one in found:
        if one.has("Idempotency-Key"):
            path = PARAMETER.sub("[^/]+", re.escape(one.path)).replace("/", "\\/").replace("[^\\/]", "[^/]")
            yield f"  /^{one.method.upper()} .*{path}$/,"
    yield "];"
    yield ""
