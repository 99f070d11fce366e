"""Stored configurations, kept in memory once read: a version never changes."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.queries import configurations
from app.services.views.names import Names, names_in

KEPT = 32


@dataclass(frozen=True, slots=True)
class Known:
    """A version's document (None before the first) and what its ids are called."""

    document: dict[str, Any] | None
    names: Names


_NOTHING = Known(None, Names())


class Documents:
    """The versions read last, of all workspaces."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[UUID, int], Known] = OrderedDict()

    async def one(self, connection: AsyncConnection, workspace: UUID, version: int) -> Known:
        return (await self.several(connection, workspace, [version]))[version]

    async def several(self, connection: AsyncConnection, workspace: UUID, versions: Iterable[int]) -> dict[int, Known]:
        """By version; one that is not there is like nothing configured."""
        wanted = set(versions)
        found = {version: self._known[workspace, version] for version in wanted if (workspace, version) in self._known}
        for version, document in (await configurations.documents(connection, workspace, wanted - found.keys() - {0})).items():
            found[version] = self._known[workspace, version] = Known(document, names_in(document))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return {version: found.get(version, _NOTHING) for version in wanted}
