"""Names for answers that are rendered while the writer still holds the lock: from memory, per configuration."""

from collections.abc import Callable

from app.api.context import Services
from app.engine.ids import WorkspaceId
from app.services.views.names import NameBook, Names

NAMES = NameBook()


async def names_when_rendered(process: Services, workspace: WorkspaceId) -> Callable[[], Names]:
    """Names as of the moment of rendering: the batch may have caught up with a configuration that another process applied."""
    before = await process.dispatcher.configuration(workspace)

    def names() -> Names:
        return NAMES.of(workspace, process.dispatcher.known(workspace) or before)

    return names
